//! Every finding of every client, with a link to its cell in the source workbook.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::Worksheet;

use super::digest::Digest;
use super::grid::{
    Book, Cell, LongTable, LongTableWriter, colour_words, column, link_path, quoted, wrapping,
};
use super::{About, Clients, PortfolioError};
use crate::answers::CellRef;
use crate::finding::{Finding, Severity};
use crate::programme::Tone;
use crate::text::for_cell;

const TOP: u32 = 3;
const SEVERITIES: [(Severity, &str, Tone); 3] = [
    (Severity::Error, "error", Tone::Bad),
    (Severity::Warning, "warning", Tone::Watch),
    (Severity::Note, "note", Tone::Plain),
];

pub fn write(
    book: &mut Book,
    clients: &(impl Clients + ?Sized),
    digest: &Digest,
    about: &About,
) -> Result<Vec<Worksheet>, PortfolioError> {
    let table = LongTable {
        title: "Findings".into(),
        note: "What was found in the workbooks, the gravest first; the cell leads to its place in the client's file.",
        name: "Findings".into(),
        top: TOP,
        columns: vec![
            column("Severity", 10.0),
            column("Client", 28.0),
            column("Sheet", 20.0),
            column("Cell", 9.0),
            wrapping("Question", 30.0),
            wrapping("Found", 40.0),
            wrapping("Expected", 44.0),
            wrapping("What to do", 44.0),
            column("Code", 22.0),
        ],
        dress: |sheet, rows| {
            sheet.set_freeze_panes(TOP + 1, 0)?;
            let words = SEVERITIES.map(|(_, word, tone)| (word, tone));
            colour_words(sheet, rows, 0, words)
        },
    };
    let counts = digest.findings;
    let count = counts.errors + counts.warnings + counts.notes;
    let mut table = LongTableWriter::begin(book, table, count)?;
    for (severity, word, _) in SEVERITIES {
        clients.findings(severity, &mut |index, client, findings| {
            // Worked out once a file, not once a finding.
            let source = about
                .sources
                .get(index)
                .map_or(Path::new(""), PathBuf::as_path);
            let source = std::path::absolute(source).unwrap_or_else(|_| source.to_owned());
            let client = for_cell(client);
            let findings = findings.iter();
            for finding in findings.filter(|finding| finding.severity == severity) {
                table.row(book, &row(&client, finding, word, &source))?;
            }
            Ok(())
        })?;
    }
    Ok(table.end())
}

fn row(client: &str, finding: &Finding, severity: &str, source: &Path) -> Vec<Cell> {
    let place = finding.place.as_ref();
    vec![
        Cell::text(severity),
        Cell::text(client),
        Cell::optional(place.map(|place| place.sheet.as_ref())),
        place.map_or(Cell::Empty, |place| {
            Cell::Link(link_to(source, place), place.address())
        }),
        Cell::text(&finding.label),
        Cell::text(&finding.found),
        Cell::text(&finding.expected),
        Cell::text(&finding.mend),
        Cell::text(&finding.code),
    ]
}

/// A link to a cell of the client's file, by the file's whole path.
fn link_to(source: &Path, place: &CellRef) -> String {
    let path = source.to_string_lossy().replace('\\', "/");
    format!(
        "file:///{}#{}!{}",
        link_path(&path),
        quoted(&place.sheet),
        place.address()
    )
}
