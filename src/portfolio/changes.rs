//! Changes since the previous run: scores, commitments, and issues of the clients in both runs.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{Cell, ResultFormat};
use super::client;
use super::long_table::{LongTable, LongTableWriter};
use super::marks::{bars, color_words};
use super::summary::PortfolioSummary;
use super::table::{TableWriter, client_column, column, figures};
use crate::excel::column_letters;
use crate::issue::Severity;
use crate::questionnaire::Tone;
use crate::record::{Change, Outcome, Record, ScoreSummary};

/// Name of the sheet with changes per client.
pub const SHEET: &str = "Change";
/// Name of the sheet with commitments of the previous roadmap.
pub const COMMITMENTS: &str = "Commitments";
/// Name of the sheet with resolved issues.
pub const RESOLVED: &str = "Resolved";
const TOP: u32 = 3;
const OUTCOMES: [(Outcome, &str, Tone); 3] = [
    (Outcome::Kept, "kept", Tone::Good),
    (Outcome::Missed, "missed", Tone::Bad),
    (Outcome::Open, "upcoming", Tone::Plain),
];

/// Writer of the sheets. It is empty if no client is in the previous run.
pub struct Changes(Option<Sheets>);

struct Sheets {
    sheet: Worksheet,
    clients: TableWriter,
    commitments: LongTableWriter,
    resolved: LongTableWriter,
    scores: Vec<ScoreSummary>,
}

impl Changes {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
    ) -> Result<Self, XlsxError> {
        let rows = &summary.changes;
        if rows.clients == 0 {
            return Ok(Self(None));
        }
        let mut sheet = book.sheet(SHEET)?;
        let theme = book.theme.clone();
        let note = format!(
            "Clients that are also in the previous run: {} of {}.",
            rows.clients,
            summary.clients.len()
        );
        title(&mut sheet, &theme, "Change since the previous run", &note)?;
        let mut columns = vec![client_column(), column("Since", 12.0)];
        for score in &summary.plain {
            for what in ["then", "now", "difference"] {
                columns.push(figures(format!("{}, {what}", score.label), 14.0));
            }
        }
        columns.extend([
            figures("Return multiple, previous", 11.0),
            figures("Return multiple, current", 11.0),
            figures("Return multiple, difference", 12.0),
            figures("Commitments kept", 14.0),
            figures("Commitments missed", 14.0),
            figures("Commitments upcoming", 14.0),
            figures("Issues resolved", 12.0),
            figures("Issues remaining", 12.0),
            figures("Issues new", 12.0),
        ]);
        let clients =
            TableWriter::begin(&mut sheet, &theme, "Change", TOP, &columns, rows.clients)?;
        sheet.set_freeze_panes(TOP + 1, 1)?;
        if let Some(rows) = clients.range {
            for index in 0..=summary.plain.len() as u16 {
                bars(&mut sheet, &theme, rows, 4 + 3 * index, None)?;
            }
        }
        let commitments = LongTable {
            sheet: COMMITMENTS.into(),
            title: COMMITMENTS.into(),
            note:
                "Activities of the previous roadmap that were not done, and their current status."
                    .into(),
            name: "Commitments".into(),
            none: "No commitments.",
            top: TOP,
            columns: vec![
                client_column(),
                column("Activity", 40.0),
                column("Owner", 28.0),
                column("Due", 12.0),
                column("Outcome", 13.0),
            ],
            lines: 1,
            freeze: Some(1),
            decorate: Box::new(|sheet, theme, rows| {
                let words = OUTCOMES.map(|(_, word, tone)| (word, tone));
                color_words(sheet, theme, rows, 4, words)
            }),
        };
        let resolved = LongTable {
            sheet: RESOLVED.into(),
            title: RESOLVED.into(),
            note: "Issues resolved since the previous run.".into(),
            name: "Resolved".into(),
            none: "No issues were resolved.",
            top: TOP,
            columns: vec![
                client_column(),
                column("Severity", 11.0),
                column("Question", 40.0),
                column("Previously found", 50.0),
                column("Place", 30.0),
            ],
            lines: 1,
            freeze: Some(1),
            decorate: Box::new(|_, _, _| Ok(())),
        };
        Ok(Self(Some(Sheets {
            sheet,
            clients,
            commitments: LongTableWriter::begin(book, commitments, rows.commitments)?,
            resolved: LongTableWriter::begin(book, resolved, rows.resolved)?,
            scores: summary.plain.clone(),
        })))
    }

    pub fn client(&mut self, book: &mut WorkbookBuilder, record: &Record) -> Result<(), XlsxError> {
        let (Some(sheets), Some(change)) = (&mut self.0, &record.change) else {
            return Ok(());
        };
        let name = client(record);
        let row = row(&name, change, &sheets.scores);
        sheets.clients.row(&mut sheets.sheet, &row)?;
        for commitment in &change.commitments {
            let outcome = OUTCOMES.iter().find(|own| own.0 == commitment.outcome);
            let row = [
                Cell::text(&name),
                Cell::text(&commitment.label),
                Cell::optional(commitment.owner.as_deref()),
                Cell::Day(commitment.due),
                Cell::optional(outcome.map(|(_, word, _)| *word)),
            ];
            sheets.commitments.row(book, &row)?;
        }
        for resolved in &change.resolved {
            let severity = match resolved.severity {
                Severity::Error => "error",
                _ => "warning",
            };
            let row = [
                Cell::text(&name),
                Cell::text(severity),
                Cell::text(&resolved.label),
                Cell::text(&resolved.found),
                Cell::text(&resolved.place),
            ];
            sheets.resolved.row(book, &row)?;
        }
        Ok(())
    }

    pub fn end(self) -> Vec<Worksheet> {
        let Some(sheets) = self.0 else {
            return Vec::new();
        };
        let mut all = vec![sheets.sheet];
        all.extend(sheets.commitments.end());
        all.extend(sheets.resolved.end());
        all
    }
}

fn row(name: &str, change: &Change, scores: &[ScoreSummary]) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name), Cell::Day(change.since)];
    let mut then_and_now = |before: Option<f64>, now: Option<f64>, decimals: usize| {
        let letters = |column: usize| column_letters(column as u32);
        let (then, today) = (letters(cells.len()), letters(cells.len() + 1));
        cells.push(Cell::Number(before, decimals));
        cells.push(Cell::Number(now, decimals));
        cells.push(Cell::Formula(
            format!(
                "=IF(AND(ISNUMBER({then}{{row}}),ISNUMBER({today}{{row}})),{today}{{row}}-{then}{{row}},\"\")"
            ),
            now.zip(before).map(|(now, before)| now - before),
            ResultFormat::Signed(decimals),
        ));
    };
    for score in scores {
        let mut changes = change.scores.iter();
        let own = changes.find(|own| own.id == score.id && own.subject.is_empty());
        then_and_now(
            own.and_then(|own| own.before),
            own.and_then(|own| own.now),
            1,
        );
    }
    then_and_now(change.multiple.0, change.multiple.1, 2);
    cells.extend(OUTCOMES.map(|(outcome, ..)| Cell::count(change.count(outcome))));
    cells.extend([change.resolved.len(), change.remaining, change.added].map(Cell::count));
    cells
}
