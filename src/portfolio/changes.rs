//! Changes since the previous run: scores, commitments, and issues of the clients in both runs.

use std::sync::Arc;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{Cell, ResultFormat, difference};
use super::client;
use super::long_table::{LongTable, LongTableWriter};
use super::marks::{bars, color_words};
use super::summary::PortfolioSummary;
use super::table::{Column, TableWriter, client_column, column, figures};
use crate::excel::column_letters;
use crate::issue::Severity;
use crate::questionnaire::{PortfolioTexts, Tone};
use crate::record::{Change, Outcome, Record, ScoreSummary};
use crate::text::fill;

const TOP: u32 = 3;
const OUTCOMES: [(Outcome, Tone); 3] = [
    (Outcome::Kept, Tone::Good),
    (Outcome::Missed, Tone::Bad),
    (Outcome::Open, Tone::Plain),
];

/// Returns the word for an outcome.
fn word(texts: &PortfolioTexts, outcome: Outcome) -> &str {
    match outcome {
        Outcome::Kept => &texts.values.kept,
        Outcome::Missed => &texts.values.missed,
        Outcome::Open => &texts.values.upcoming,
    }
}

/// Writer of the sheets. It is empty if no client is in the previous run.
pub struct Changes(Option<Sheets>);

struct Sheets {
    sheet: Worksheet,
    clients: TableWriter,
    commitments: LongTableWriter,
    resolved: LongTableWriter,
    scores: Vec<ScoreSummary>,
}

/// Returns the columns of the sheet of changes.
fn columns(texts: &PortfolioTexts, scores: &[ScoreSummary]) -> Vec<Column> {
    let heads = &texts.columns;
    let mut columns = vec![client_column(texts), column(&heads.since, 12.0)];
    let scores = scores.iter().map(|score| (&score.label, 14.0));
    for (value, width) in scores.chain([(&heads.return_multiple, 12.0)]) {
        for heading in [&heads.previous, &heads.current, &heads.difference] {
            columns.push(figures(fill(heading, &[("value", value)]), width));
        }
    }
    columns.extend([
        figures(&heads.commitments_kept, 14.0),
        figures(&heads.commitments_missed, 14.0),
        figures(&heads.commitments_upcoming, 14.0),
        figures(&heads.issues_resolved, 12.0),
        figures(&heads.issues_remaining, 12.0),
        figures(&heads.issues_new, 12.0),
    ]);
    columns
}

/// The activities of the previous roadmap, each with its outcome.
fn commitments(texts: &Arc<PortfolioTexts>) -> LongTable {
    let (heads, names, notes) = (&texts.columns, &texts.sheets, &texts.notes);
    LongTable {
        sheet: names.commitments.clone(),
        title: names.commitments.clone(),
        note: notes.commitments.clone(),
        name: "Commitments".into(),
        none: notes.no_commitments.clone(),
        top: TOP,
        columns: vec![
            client_column(texts),
            column(&heads.activity, 40.0),
            column(&heads.owner, 28.0),
            column(&heads.due, 12.0),
            column(&heads.outcome, 13.0),
        ],
        lines: 1,
        freeze: Some(1),
        decorate: {
            let texts = texts.clone();
            Box::new(move |sheet, theme, rows| {
                let words = OUTCOMES.map(|(outcome, tone)| (word(&texts, outcome), tone));
                color_words(sheet, theme, rows, 4, words)
            })
        },
    }
}

/// The issues that are resolved since the previous run.
fn resolved(texts: &PortfolioTexts) -> LongTable {
    let (heads, names, notes) = (&texts.columns, &texts.sheets, &texts.notes);
    LongTable {
        sheet: names.resolved.clone(),
        title: names.resolved.clone(),
        note: notes.resolved.clone(),
        name: "Resolved".into(),
        none: notes.none_resolved.clone(),
        top: TOP,
        columns: vec![
            client_column(texts),
            column(&heads.severity, 11.0),
            column(&heads.question, 40.0),
            column(&heads.previously_found, 50.0),
            column(&heads.place, 30.0),
        ],
        lines: 1,
        freeze: Some(1),
        decorate: Box::new(|_, _, _| Ok(())),
    }
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
        let (theme, texts) = (book.theme.clone(), book.texts.clone());
        let (names, notes) = (&texts.sheets, &texts.notes);
        let mut sheet = book.sheet(&names.change)?;
        let (count, all) = (rows.clients.to_string(), summary.clients.len().to_string());
        let note = fill(&notes.change, &[("count", &count), ("all", &all)]);
        title(&mut sheet, &theme, &notes.change_title, &note)?;
        let columns = columns(&texts, &summary.plain);
        let clients =
            TableWriter::begin(&mut sheet, &theme, "Change", TOP, &columns, rows.clients)?;
        sheet.set_freeze_panes(TOP + 1, 1)?;
        if let Some(rows) = clients.range {
            for index in 0..=summary.plain.len() as u16 {
                bars(&mut sheet, &theme, rows, 4 + 3 * index, None)?;
            }
        }
        Ok(Self(Some(Sheets {
            sheet,
            clients,
            commitments: LongTableWriter::begin(book, commitments(&texts), rows.commitments)?,
            resolved: LongTableWriter::begin(book, resolved(&texts), rows.resolved)?,
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
            let row = [
                Cell::text(&name),
                Cell::text(&commitment.label),
                Cell::optional(commitment.owner.as_deref()),
                Cell::Day(commitment.due),
                Cell::text(word(&book.texts, commitment.outcome)),
            ];
            sheets.commitments.row(book, &row)?;
        }
        for resolved in &change.resolved {
            let severity = match resolved.severity {
                Severity::Error => &book.texts.values.error,
                _ => &book.texts.values.warning,
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
    let mut values = |before: Option<f64>, now: Option<f64>, decimals: usize| {
        let letters = |column: usize| column_letters(column as u32);
        let (previous, current) = (letters(cells.len()), letters(cells.len() + 1));
        cells.push(Cell::Number(before, decimals));
        cells.push(Cell::Number(now, decimals));
        cells.push(Cell::Formula(
            difference(&format!("{current}{{row}}"), &format!("{previous}{{row}}")),
            now.zip(before).map(|(now, before)| now - before),
            ResultFormat::Signed(decimals),
        ));
    };
    for score in scores {
        let mut changes = change.scores.iter();
        let own = changes.find(|own| own.id == score.id && own.subject.is_empty());
        values(
            own.and_then(|own| own.before),
            own.and_then(|own| own.now),
            1,
        );
    }
    values(change.multiple.0, change.multiple.1, 2);
    cells.extend(OUTCOMES.map(|(outcome, _)| Cell::count(change.count(outcome))));
    cells.extend([change.resolved.len(), change.remaining, change.added].map(Cell::count));
    cells
}
