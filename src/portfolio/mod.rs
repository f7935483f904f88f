//! Many plans → one consolidated workbook with native charts over all clients.
//!
//! Words of the worksheets come from the plans; this room knows none. Each sheet is made by one file.

mod about;
mod answers;
mod charts;
mod findings;
mod grid;
mod metrics;
mod overview;
mod rankings;
mod revenue;
mod roadmap;
mod scores;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::plan::Plan;
use crate::text::for_cell;

/// The consolidated workbook cannot be made: a limit of the format.
#[derive(Debug, thiserror::Error)]
#[error("the consolidated workbook cannot be made: {0}")]
pub struct PortfolioError(#[from] XlsxError);

/// What a reader should know of the workbook.
#[derive(Debug, Clone)]
pub struct About {
    /// Its title.
    pub title: String,
    /// Version of this program.
    pub tool_version: String,
    /// Programme and its version.
    pub programme: String,
    /// The run date.
    pub made: NaiveDate,
    /// How the scores are made.
    pub method: Vec<String>,
    /// Path of each plan's PDF from the workbook's folder, in the plans' order.
    pub links_to_plans: Vec<Option<String>>,
    /// Files that were not processed, and why.
    pub failures: Vec<(String, String)>,
}

/// The workbook as the bytes of an xlsx file. The same inputs give the same bytes.
///
/// # Errors
/// When the data run into a limit of Excel that is not foreseen here.
pub fn workbook(plans: &[Plan], about: &About) -> Result<Vec<u8>, PortfolioError> {
    let mut book = Workbook::new();
    let made = about.made;
    let created = ExcelDateTime::parse_from_str(&made.format("%Y-%m-%d").to_string())?;
    book.set_properties(
        &DocProperties::new()
            .set_title(for_cell(&about.title))
            .set_comment(format!("partnerbook {}", about.tool_version))
            .set_creation_datetime(&created),
    );
    let mut names = grid::SheetNames::default();
    overview::write(&mut book, &mut names, plans, about)?;
    scores::write(&mut book, &mut names, plans)?;
    rankings::write(&mut book, &mut names, plans)?;
    revenue::write(&mut book, &mut names, plans)?;
    roadmap::write(&mut book, &mut names, plans)?;
    metrics::write(&mut book, &mut names, plans)?;
    findings::write(&mut book, &mut names, plans)?;
    answers::write(&mut book, &mut names, plans)?;
    about::write(&mut book, &mut names, plans, about)?;
    charts::write_data(&mut book, &mut names, plans)?;
    Ok(book.save_to_buffer()?)
}

/// A client's name as all sheets show it, so that it can be matched between them.
fn client(plan: &Plan) -> String {
    for_cell(&plan.client.name)
}

#[cfg(test)]
mod tests;
