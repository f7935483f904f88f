//! A sheet for each ranked score: every client's candidates, and the parts of the best.

use rust_xlsxwriter::{ChartType, Worksheet, XlsxError};

use super::charts::{self, Block, PARTS, Shown};
use super::client;
use super::digest::Digest;
use super::grid::{Book, Cell, LongTable, LongTableWriter, column};
use crate::plan::{Record, SubjectSummary};

/// Row of the headings, below the chart.
const TOP: u32 = 24;

/// The sheets, each with the id of its score.
pub struct Rankings(Vec<(String, LongTableWriter)>);

impl Rankings {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let mut rankings = Vec::new();
        for (score, count) in digest.ranked.iter().zip(&digest.candidates) {
            let mut columns = vec![
                column("Client and candidate", 44.0),
                column("Client", 30.0),
                column("Rank", 8.0),
                column("Tied", 8.0),
                column("Candidate", 30.0),
                column("Kind", 16.0),
                column(format!("Points of {}", score.out_of), 12.0),
            ];
            let parts = score.subjects.iter().flat_map(|model| &model.parts);
            columns.extend(parts.map(|part| column(format!("{}: points", part.label), 14.0)));
            columns.push(column("Ratings given", 10.0));
            let table = LongTable {
                title: score.label.clone(),
                note: "Every client's candidates, best first; equal points share a rank.",
                name: format!("Ranking_{}_", score.id),
                top: TOP,
                columns,
                dress: |_, _| Ok(()),
            };
            let table = LongTableWriter::begin(book, table, *count)?;
            rankings.push((score.id.clone(), table));
        }
        Ok(Self(rankings))
    }

    pub fn client(&mut self, book: &mut Book, record: &Record) -> Result<(), XlsxError> {
        for (id, table) in &mut self.0 {
            let own = record.scores.iter().find(|own| own.id == *id);
            for subject in own.into_iter().flat_map(|own| &own.subjects) {
                table.row(book, &row(record, subject))?;
            }
        }
        Ok(())
    }

    pub fn end(self, blocks: &[Block]) -> Result<Vec<Worksheet>, XlsxError> {
        let mut all = Vec::new();
        for (id, table) in self.0 {
            let mut sheets = table.end();
            let chart = charts::find(blocks, &Shown::Best(id))
                .and_then(|block| charts::over(block, ChartType::BarStacked, &PARTS, "0"))
                .map(|mut chart| {
                    chart.set_width(900).set_height(390);
                    chart
                });
            if let Some(first) = sheets.first_mut() {
                charts::place(first, chart, 3, 0, 0)?;
            }
            all.extend(sheets);
        }
        Ok(all)
    }
}

fn row(record: &Record, subject: &SubjectSummary) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(format!("{}: {}", client(record), subject.name)),
        Cell::text(client(record)),
        Cell::Number(subject.rank.map(f64::from), 0),
        Cell::text(if subject.tied { "tied" } else { "" }),
        Cell::text(&subject.name),
        Cell::optional(subject.kind.as_deref()),
        Cell::Number(subject.points, 2),
    ];
    let parts = subject.parts.iter();
    cells.extend(parts.map(|part| Cell::Number(part.points, 2)));
    let (given, asked) = subject.completeness;
    cells.push(Cell::text(format!("{given} of {asked}")));
    cells
}
