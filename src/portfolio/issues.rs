//! Sheets with all issues of all clients, with links to the cells in their workbooks, and with counts per type.

use std::path::Path;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{Cell, ResultFormat};
use super::charts::{Blocks, ChartId};
use super::long_table::{LongTable, LongTableWriter};
use super::marks::color_words;
use super::reference::{countable, link_to_file, range_of};
use super::summary::PortfolioSummary;
use super::table::{Column, TableWriter, client_column, column, figures};
use super::tally::{Tally, total};
use super::{About, Clients, PortfolioError, client};
use crate::answers::CellRef;
use crate::excel::quoted;
use crate::issue::{Counts, Issue, Severity};
use crate::questionnaire::{ColumnsTexts, PortfolioTexts, Tone};
use crate::text::{fill, for_cell};

/// Row of the headings.
const TOP: u32 = 3;
/// Column of the severity.
const SEVERITY: u16 = 0;
/// Column of the worksheet.
const WORKSHEET: u16 = 2;
/// Column of the type.
const TYPE: u16 = 9;
/// Maximum number of issues that formulas count. With more issues, the sheet contains the counts as values.
const MAX_LIVE: usize = 50_000;

const SEVERITIES: [(Severity, Tone); 3] = [
    (Severity::Error, Tone::Bad),
    (Severity::Warning, Tone::Watch),
    (Severity::Note, Tone::Plain),
];

/// Returns the word for a severity.
fn word(texts: &PortfolioTexts, severity: Severity) -> &str {
    match severity {
        Severity::Error => &texts.values.error,
        Severity::Warning => &texts.values.warning,
        Severity::Note => &texts.values.note,
    }
}

/// Writes the list of issues, most severe first.
pub fn write(
    book: &mut WorkbookBuilder,
    clients: &(impl Clients + ?Sized),
    (summary, tally): (&PortfolioSummary, &Tally),
    about: &About,
) -> Result<Vec<Worksheet>, PortfolioError> {
    let texts = book.texts.clone();
    let heads = &texts.columns;
    let table = LongTable {
        sheet: texts.sheets.issues.clone(),
        title: texts.sheets.issues.clone(),
        note: texts.notes.issues.clone(),
        name: "Issues".into(),
        none: texts.notes.no_issues.clone(),
        top: TOP,
        columns: vec![
            column(&heads.severity, 11.0),
            client_column(&texts),
            column(&heads.worksheet, 26.0),
            column(&heads.sheet_in_file, 20.0),
            column(&heads.cell, 9.0),
            column(&heads.question, 30.0),
            column(&heads.found, 36.0),
            column(&heads.expected, 40.0),
            column(&heads.fix, 44.0),
            column(&heads.r#type, 24.0),
        ],
        lines: 2,
        freeze: Some(2),
        decorate: {
            let texts = texts.clone();
            Box::new(move |sheet, theme, rows| {
                let words = SEVERITIES.map(|(severity, tone)| (word(&texts, severity), tone));
                color_words(sheet, theme, rows, SEVERITY, words)
            })
        },
    };
    let mut table = LongTableWriter::begin(book, table, total(&summary.issues))?;
    for (severity, _) in SEVERITIES {
        let word = word(&texts, severity);
        for &index in &summary.order {
            if of_severity(&summary.clients[index].counts, severity) == 0 {
                continue;
            }
            // Determine these once per client, not once per issue.
            let source = about.source(index);
            let record = clients.figures(index)?;
            let client = client(&record);
            for issue in clients.issues(index)?.iter() {
                if issue.severity == severity {
                    let worksheet = tally.worksheet(issue);
                    table.row(book, &row(&client, worksheet, issue, word, (about, source)))?;
                }
            }
        }
    }
    Ok(table.end())
}

fn of_severity(counts: &Counts, severity: Severity) -> usize {
    match severity {
        Severity::Error => counts.errors,
        Severity::Warning => counts.warnings,
        Severity::Note => counts.notes,
    }
}

fn row(
    client: &str,
    worksheet: &str,
    issue: &Issue,
    severity: &str,
    (about, source): (&About, &Path),
) -> Vec<Cell> {
    let place = issue.place.as_ref();
    vec![
        Cell::text(severity),
        Cell::text(client),
        Cell::text(worksheet),
        Cell::optional(place.map(|place| place.sheet.as_ref())),
        match (place, place.and_then(|place| link_to(source, place))) {
            (Some(place), Some(link)) => Cell::Link(link, place.address()),
            (Some(place), None) => Cell::text(place.address()),
            (None, _) => Cell::Empty,
        },
        Cell::text(&issue.label),
        Cell::text(&issue.found),
        Cell::text(&issue.expected),
        Cell::text(&issue.fix),
        Cell::text(about.type_name(issue.code.as_str())),
    ]
}

/// Returns a link to a cell of the client's workbook.
fn link_to(source: &Path, place: &CellRef) -> Option<String> {
    let file = link_to_file(source)?;
    Some(format!(
        "{file}#{}!{}",
        quoted(&place.sheet),
        place.address()
    ))
}

/// Makes rows of the numbers of issues.
struct RowWriter<'a> {
    texts: &'a PortfolioTexts,
    /// First and last row of the issues that formulas count. `None` if the numbers are not live.
    rows: Option<(u32, u32)>,
}

impl RowWriter<'_> {
    fn counted(&self, name: &str, column: u16, severity: usize, count: usize) -> Cell {
        let result = Some(count as f64);
        let Some(rows) = self.rows.filter(|_| countable(name)) else {
            return Cell::Number(result, 0);
        };
        let issues = &self.texts.sheets.issues;
        let formula = format!(
            "=COUNTIFS({},A{{row}},{},\"{}\")",
            range_of(issues, column, rows),
            range_of(issues, SEVERITY, rows),
            word(self.texts, SEVERITIES[severity].0).replace('"', "\"\"")
        );
        Cell::Formula(formula, result, ResultFormat::Decimals(0))
    }

    /// Returns the row of the issues with `name` in `column` of the sheet of issues.
    fn cells(&self, name: &str, column: u16, counts: &Counts, clients: Option<usize>) -> Vec<Cell> {
        let mut cells = vec![
            Cell::text(name),
            self.counted(name, column, 0, counts.errors),
            self.counted(name, column, 1, counts.warnings),
            self.counted(name, column, 2, counts.notes),
            Cell::Formula(
                "=SUM(B{row}:D{row})".into(),
                Some(total(counts) as f64),
                ResultFormat::Decimals(0),
            ),
        ];
        cells.extend(clients.map(Cell::count));
        cells
    }
}

/// Returns the columns of a table of what issues are about.
fn columns(heads: &ColumnsTexts, what: &str) -> Vec<Column> {
    vec![
        column(what, 44.0),
        figures(&heads.errors, 11.0),
        figures(&heads.warnings, 12.0),
        figures(&heads.notes, 11.0),
        figures(&heads.total, 11.0),
    ]
}

/// Writes the number of issues of each type and on each worksheet.
pub fn write_summary(
    book: &mut WorkbookBuilder,
    summary: &PortfolioSummary,
    tally: &Tally,
    (blocks, about): (&Blocks, &About),
) -> Result<Worksheet, XlsxError> {
    let (theme, texts) = (book.theme.clone(), book.texts.clone());
    let (heads, names, notes) = (&texts.columns, &texts.sheets, &texts.notes);
    let mut sheet = book.sheet(&names.issue_types)?;
    let count = total(&summary.issues);
    let live = (1..=MAX_LIVE).contains(&count);
    let note = match live {
        true => fill(&notes.issue_types_live, &[("issues_sheet", &names.issues)]),
        false => notes.issue_types.clone(),
    };
    title(&mut sheet, &theme, &names.issue_types, &note)?;
    let rows = (TOP + 1, TOP + count.max(1) as u32);
    let row = RowWriter {
        texts: &texts,
        rows: live.then_some(rows),
    };
    let types = tally.types();
    let mut type_columns = columns(heads, &heads.r#type);
    type_columns.push(figures(&heads.clients, 11.0));
    let mut table = TableWriter::begin(
        &mut sheet,
        &theme,
        "IssueTypes",
        TOP,
        &type_columns,
        types.len(),
    )?;
    if types.is_empty() {
        sheet.write_string_with_format(TOP + 1, 0, &notes.no_issues, &theme.note)?;
    }
    for (code, counted) in &types {
        let name = about.type_name(code);
        let row = row.cells(&name, TYPE, &counted.counts, Some(counted.clients));
        table.row(&mut sheet, &row)?;
    }
    let sheets: Vec<&(String, Counts)> = tally.sheets().collect();
    let top = TOP + types.len().max(1) as u32 + 3;
    if !sheets.is_empty() {
        let columns = columns(heads, &heads.worksheet);
        let mut table = TableWriter::begin(
            &mut sheet,
            &theme,
            "IssueTypesByWorksheet",
            top,
            &columns,
            sheets.len(),
        )?;
        for (title, counts) in sheets {
            let title = for_cell(title);
            table.row(&mut sheet, &row.cells(&title, WORKSHEET, counts, None))?;
        }
    }
    if let Some(chart) = blocks.chart(&ChartId::Issues) {
        chart.place(&mut sheet, (TOP, 7), 0)?;
    }
    Ok(sheet)
}
