//! The sheet Status: the status of each client of the roster.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::About;
use super::builder::WorkbookBuilder;
use super::cell::Cell;
use super::long_table::{LongTable, LongTableWriter};
use super::marks::{bars, color_words};
use super::table::{client_column, column, figures};
use crate::questionnaire::{PortfolioTexts, Tone};
use crate::record::{ClientStatus, Status, Step, Stranger};
use crate::text::fill;

const TOP: u32 = 3;
/// Columns of the share of answers and of the next step.
const COMPLETE: u16 = 5;
const NEXT: u16 = 10;

/// Writes the sheet. Returns no sheet outside an engagement.
pub fn write(book: &mut WorkbookBuilder, about: &About) -> Result<Vec<Worksheet>, XlsxError> {
    let Some(Status { clients, strangers }) = &about.statuses else {
        return Ok(Vec::new());
    };
    let texts = book.texts.clone();
    let heads = &texts.columns;
    let table = LongTable {
        sheet: texts.sheets.status.clone(),
        title: texts.sheets.status.clone(),
        note: note(&texts, clients, about),
        name: "Status".into(),
        none: texts.notes.empty_roster.clone(),
        top: TOP,
        columns: vec![
            client_column(&texts),
            column(&heads.due, 12.0),
            column(&heads.handed_out, 12.0),
            column(&heads.returned, 12.0),
            column(&heads.workbook, 34.0),
            figures(&heads.complete, 12.0),
            figures(&heads.errors, 10.0),
            column(&heads.copy_sent, 14.0),
            column(&heads.plan, 12.0),
            column(&heads.sent, 12.0),
            column(&heads.next_step, 26.0),
        ],
        lines: 1,
        freeze: Some(1),
        decorate: {
            let texts = texts.clone();
            Box::new(move |sheet, theme, rows| {
                let tones = [
                    (Step::Remind, Tone::Bad),
                    (Step::Correct, Tone::Watch),
                    (Step::Enroll, Tone::Watch),
                    (Step::Done, Tone::Good),
                ];
                let tones = tones.map(|(step, tone)| (step.words(&texts), tone));
                color_words(sheet, theme, rows, NEXT, tones)?;
                bars(sheet, theme, rows, COMPLETE, Some(1.0))
            })
        },
    };
    let count = clients.len() + strangers.len();
    let mut rows = LongTableWriter::begin(book, table, count)?;
    for client in clients {
        rows.row(book, &row(&texts, client))?;
    }
    for stranger in strangers {
        rows.row(book, &stranger_row(&texts, stranger))?;
    }
    Ok(rows.end())
}

fn row(texts: &PortfolioTexts, client: &ClientStatus) -> [Cell; 11] {
    let day = |day| match day {
        Some(day) => Cell::Day(day),
        None => Cell::Empty,
    };
    let returned = client.returned.as_ref();
    let plan = client.plan.as_ref();
    let file = returned.and_then(|own| own.file.file_name());
    let saved = returned.and_then(|own| own.saved);
    [
        Cell::text(&client.name),
        day(client.due),
        day(client.handed_out),
        day(saved.map(|saved| saved.date())),
        Cell::optional(file.map(|file| file.to_string_lossy()).as_deref()),
        Cell::Percent(returned.map(|own| f64::from(own.complete) / 100.0)),
        returned.map_or(Cell::Empty, |own| Cell::count(own.errors)),
        day(returned.and_then(|own| own.copy_sent)),
        day(plan.map(|plan| plan.made)),
        day(plan.and_then(|plan| plan.sent)),
        Cell::text(client.next.words(texts)),
    ]
}

/// Returns the row of a workbook whose client is not in the roster.
fn stranger_row(texts: &PortfolioTexts, stranger: &Stranger) -> [Cell; 11] {
    let mut row = std::array::from_fn(|_| Cell::Empty);
    let file = stranger.file.file_name();
    row[0] = Cell::optional(stranger.name.as_deref());
    row[4] = Cell::optional(file.map(|file| file.to_string_lossy()).as_deref());
    row[usize::from(NEXT)] = Cell::text(Step::Enroll.words(texts));
    row
}

/// Returns the totals.
fn note(texts: &PortfolioTexts, clients: &[ClientStatus], about: &About) -> String {
    let count = |wanted: fn(&ClientStatus) -> bool| {
        let count = clients.iter().filter(|client| wanted(client)).count();
        count.to_string()
    };
    fill(
        &texts.notes.status,
        &[
            ("count", &texts.counted(clients.len())),
            ("date", &about.made.to_string()),
            ("handed_out", &count(|own| own.handed_out.is_some())),
            ("returned", &count(|own| own.returned.is_some())),
            ("late", &count(|own| own.late)),
            (
                "errors",
                &count(|own| own.returned.as_ref().is_some_and(|own| own.errors > 0)),
            ),
            (
                "sent",
                &count(|own| own.plan.as_ref().is_some_and(|plan| plan.sent.is_some())),
            ),
        ],
    )
}
