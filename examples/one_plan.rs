//! From one workbook to one plan, with the library alone:
//! `cargo run --example one_plan -- samples/halvorsen-sensors.xlsx plan.pdf`

use std::error::Error;
use std::path::Path;

use partnerbook::brand::Brand;
use partnerbook::intake::{BlankText, Sandbox};
use partnerbook::pdf::Renderer;
use partnerbook::plan::Compared;
use partnerbook::{batch, questionnaire::Questionnaire};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(workbook), Some(pdf)) = (arguments.next(), arguments.next()) else {
        return Err("give a workbook and the PDF to write".into());
    };
    let (questionnaire, brand) = (Questionnaire::built_in()?, Brand::bundled()?);
    let today = chrono::Local::now().date_naive();
    let setting = batch::Setting {
        questionnaire: &questionnaire,
        // The sandbox needs the program itself: other programs give its path, or read xlsx only.
        sandbox: &Sandbox::none(),
        blank: &BlankText::of(
            &questionnaire,
            partnerbook::template::printed(&questionnaire)?,
        ),
        today,
        sender: &brand.sender,
        compared: Compared::default(),
    };
    let plan = batch::plan_of(setting, Path::new(&workbook))?;
    let bytes = Renderer::new(&brand.fonts, &brand.look).render(&plan)?;
    std::fs::write(pdf, bytes)?;
    Ok(())
}
