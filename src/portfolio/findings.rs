//! Every finding of every client, with a link to its cell in the source workbook.

use rust_xlsxwriter::{ConditionalFormatText, ConditionalFormatTextRule, Workbook, XlsxError};

use super::client;
use super::grid::{
    Cell, MOST_ROWS, SheetNames, column, link_path, quoted, table, title, toned, wrapping,
};
use crate::answers::CellRef;
use crate::finding::Severity;
use crate::plan::Plan;
use crate::programme::Tone;

const TOP: u32 = 3;
const SEVERITIES: [(Severity, &str, Tone); 3] = [
    (Severity::Error, "error", Tone::Bad),
    (Severity::Warning, "warning", Tone::Watch),
    (Severity::Note, "note", Tone::Plain),
];

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let columns = || {
        [
            column("Severity", 10.0),
            column("Client", 28.0),
            column("Sheet", 20.0),
            column("Cell", 9.0),
            wrapping("Question", 30.0),
            wrapping("Found", 40.0),
            wrapping("Expected", 44.0),
            wrapping("What to do", 44.0),
            column("Code", 22.0),
        ]
    };
    let mut rows = Vec::new();
    for severity in SEVERITIES {
        for plan in plans {
            for finding in plan
                .findings
                .iter()
                .filter(|finding| finding.severity == severity.0)
            {
                rows.push(vec![
                    Cell::text(severity.1),
                    Cell::text(client(plan)),
                    Cell::optional(finding.place.as_ref().map(|place| place.sheet.as_ref())),
                    finding.place.as_ref().map_or(Cell::Empty, |place| {
                        Cell::Link(link_to(plan, place), place.address())
                    }),
                    Cell::text(&finding.label),
                    Cell::text(&finding.found),
                    Cell::text(&finding.expected),
                    Cell::text(&finding.mend),
                    Cell::text(&finding.code),
                ]);
            }
        }
    }
    for (number, rows) in chunks(&rows, MOST_ROWS).enumerate() {
        let (sheet, _) = super::grid::sheet(book, names, "Findings")?;
        title(
            sheet,
            "Findings",
            "What was found in the workbooks, the gravest first; the cell leads to its place in the client's file.",
        )?;
        if let Some((first, last)) = table(
            sheet,
            &format!("Findings{}", number + 1),
            TOP,
            &columns(),
            rows,
        )? {
            for (_, word, tone) in SEVERITIES
                .iter()
                .filter(|severity| severity.2 != Tone::Plain)
            {
                let rule = ConditionalFormatText::new()
                    .set_rule(ConditionalFormatTextRule::BeginsWith((*word).to_owned()))
                    .set_format(toned(*tone));
                sheet.add_conditional_format(first, 0, last, 0, &rule)?;
            }
        }
        sheet.set_freeze_panes(TOP + 1, 0)?;
    }
    Ok(())
}

/// A link to a cell of the client's file, by the file's whole path.
fn link_to(plan: &Plan, place: &CellRef) -> String {
    let path = std::path::absolute(&plan.source.path).unwrap_or_else(|_| plan.source.path.clone());
    let path = path.to_string_lossy().replace('\\', "/");
    format!(
        "file:///{}#{}!{}",
        link_path(&path),
        quoted(&place.sheet),
        place.address()
    )
}

/// Rows in pieces that fit on a sheet; one empty piece when there are none.
pub fn chunks<T>(rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let count = rows.len().div_ceil(most).max(1);
    (0..count).map(move |i| &rows[i * most..rows.len().min((i + 1) * most)])
}
