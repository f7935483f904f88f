//! The first sheet: instructions, and a list of links to the sheets with their live completeness.

use rust_xlsxwriter::{ConditionalFormatDataBar, Image, ObjectMovement, XlsxError};

use super::formulas::word_cells;
use super::page::{Page, Target};
use super::prefill::Prefill;
use super::self_check::{self, CellRule};
use super::styles::{START_WIDTHS, Styles, protect};
use crate::display;
use crate::excel::quoted;
use crate::questionnaire::{Questionnaire, StartSheet};
use crate::sheet_map::Layout;
use crate::text::{cell_lines, fill, for_cell};

/// Column of the live completeness.
const SHARE: u16 = 3;
/// Maximum size of the logo, in pixels.
const LOGO: (f64, f64) = (150.0, 40.0);

/// Returns the return note: when the workbook is due, and who receives it.
pub fn note(questionnaire: &Questionnaire, prefill: &Prefill) -> Option<String> {
    let handout = prefill.handout()?;
    let prompts = &questionnaire.prompts;
    let due = handout.due.map(|due| display::date(questionnaire, due));
    let (text, due) = match (due, handout.contact.is_empty()) {
        (Some(due), false) => (&prompts.return_by, due),
        (Some(due), true) => (&prompts.return_on, due),
        (None, false) => (&prompts.return_to, String::new()),
        (None, true) => return None,
    };
    let values = [("due", due.as_str()), ("contact", &handout.contact)];
    Some(for_cell(&fill(text, &values)))
}

/// Places the logo at the right end of the title.
fn place_logo(sheet: &mut Page, logo: &[u8]) -> Result<(), XlsxError> {
    let image = Image::new_from_buffer(logo)?;
    let (width, height) = (image.width(), image.height());
    let scale = (LOGO.0 / width).min(LOGO.1 / height).min(1.0);
    let image = image
        .set_scale_width(scale)
        .set_scale_height(scale)
        .set_decorative(true)
        .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells);
    sheet.setup().insert_image_with_offset(0, 3, &image, 4, 2)?;
    Ok(())
}

/// Writes the start sheet: what to do, how much of each worksheet is answered, and what still needs attention.
pub fn write(
    target: &mut Target,
    questionnaire: &Questionnaire,
    (layout, rules): (&Layout, &[CellRule]),
    prefill: &Prefill,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let sheet = &mut target.page(&questionnaire.start.tab)?;
    write_title(sheet, questionnaire, prefill, styles)?;
    let mut row = 3;
    if let Some(back) = prefill.returned() {
        row = super::annotations::write_problems(sheet, questionnaire, layout, row, back, styles)?;
    }
    row = write_steps(sheet, &questionnaire.start, row, styles)?;
    let (first, open);
    (first, row, open) = write_worksheets(sheet, questionnaire, layout, row + 1, prefill, styles)?;
    let bar = ConditionalFormatDataBar::new()
        .set_fill_color(styles.bar)
        .set_solid_fill(true)
        .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
        .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1);
    sheet
        .setup()
        .add_conditional_format(first, SHARE, row - 1, SHARE, &bar)?;
    let count = self_check::open_count(questionnaire, layout, prefill);
    let open = (open.as_str(), count);
    row = self_check::write_list(sheet, questionnaire, rules, row + 1, open, styles)?;
    let setup = sheet.setup();
    setup
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, u16::from(prefill.returned().is_none()))
        .set_print_area(0, 0, row, 3)?
        .set_screen_gridlines(false);
    protect(setup);
    Ok(())
}

/// Writes the title, the subject, the note about the deadline, and the logo.
fn write_title(
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    prefill: &Prefill,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let start = &questionnaire.start;
    for (column, width) in START_WIDTHS.iter().enumerate() {
        sheet.setup().set_column_width(column as u16, *width)?;
    }
    sheet
        .set_row_height(0, 34.0)?
        .merge_row(0, (0, 3), &start.title, &styles.title)?;
    sheet
        .merge_row(1, (0, 3), &start.lead, &styles.guidance)?
        .set_row_height(1, cell_lines(&start.lead, 120.0) * 15.0 + 8.0)?;
    if let Some(note) = note(questionnaire, prefill) {
        sheet
            .merge_row(2, (0, 3), &note, &styles.due)?
            .set_row_height(2, cell_lines(&note, 120.0) * 15.0 + 8.0)?;
    }
    let handout = prefill.handout();
    match handout.and_then(|handout| handout.logo.as_deref()) {
        Some(logo) => place_logo(sheet, logo),
        None => Ok(()),
    }
}

/// Writes what to do, step by step. Returns the row below.
fn write_steps(
    sheet: &mut Page,
    start: &StartSheet,
    first: u32,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let mut row = first;
    for (number, step) in start.steps.iter().enumerate() {
        let number = (number + 1).to_string();
        sheet.write_string_with_format(row, 0, &number, &styles.step_number)?;
        sheet
            .merge_row(row, (1, 3), step, &styles.step)?
            .set_row_height(row, cell_lines(step, 132.0) * 15.0 + 5.0)?;
        row += 1;
    }
    Ok(row)
}

/// Writes the list of worksheets, each with the share of its questions that are answered. Returns the first row of the
/// list, the row below it, and the formula of the number of open questions.
fn write_worksheets(
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    layout: &Layout,
    heading: u32,
    prefill: &Prefill,
    styles: &Styles,
) -> Result<(u32, u32, String), XlsxError> {
    let start = &questionnaire.start;
    for column in 0..4 {
        sheet.write_blank(heading, column, &styles.section)?;
    }
    sheet.write_string_with_format(heading, 1, &start.list_heading, &styles.section)?;
    sheet.write_string_with_format(heading, 2, &start.guidance_heading, &styles.section)?;
    sheet.write_string_with_format(heading, 3, &start.completeness_heading, &styles.section)?;
    let mut row = heading + 1;
    let mut open: Vec<String> = Vec::new();
    // The words that do not count as answers.
    let words = word_cells(questionnaire);
    for (index, worksheet) in questionnaire.worksheets.iter().enumerate() {
        let link = (&*format!("{}!A1", quoted(&worksheet.tab)), &*worksheet.tab);
        sheet.write_link(row, 1, link, &styles.list_link)?;
        sheet.write_string_with_format(row, 2, &worksheet.guidance, &styles.hint)?;
        sheet.set_row_height(
            row,
            cell_lines(&worksheet.guidance, START_WIDTHS[2] * 1.2) * 13.0 + 5.0,
        )?;
        let (ranges, count) = layout.counted_ranges(questionnaire, index);
        if count > 0 {
            // Each term refers to the live share above it, so that the formula stays short.
            let share_cell = crate::excel::column_letters(SHARE.into());
            open.push(format!("ROUND({count}*(1-${share_cell}${}),0)", row + 1));
            let formula = format!("=({})/{count}", answered(&ranges, &words));
            let share = prefill.counted(questionnaire, index) as f64 / count as f64;
            let formula = (&*formula, &*share.to_string());
            sheet.write_formula_with_format(row, 3, formula, &styles.percent)?;
        }
        row += 1;
    }
    let open = match open.is_empty() {
        true => "0".to_owned(),
        false => format!("({})", open.join("+")),
    };
    Ok((heading + 1, row, open))
}

/// Returns the formula of the number of answers in ranges. `words` are the cells of words that are no answers.
fn answered(ranges: &[String], words: &[String]) -> String {
    let no_answers = ranges.iter().flat_map(|range| {
        let words = words.iter();
        words.map(move |word| format!("-SUMPRODUCT(COUNTIF({range},{word}))"))
    });
    let no_answers: String = no_answers.collect();
    format!("COUNTA({}){no_answers}", ranges.join(","))
}
