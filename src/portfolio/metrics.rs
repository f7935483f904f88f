//! Figures today against the targets of day 90.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::client;
use super::digest::Digest;
use super::grid::{Book, Cell, LongTable, LongTableWriter, column};
use crate::plan::Record;

const TOP: u32 = 3;

pub struct Metrics(LongTableWriter);

impl Metrics {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let table = LongTable {
            title: "Success metrics".into(),
            note: "Today and day 90, client by client.",
            name: "SuccessMetrics".into(),
            top: TOP,
            columns: vec![
                column("Client", 34.0),
                column("Measure", 28.0),
                column("Today", 14.0),
                column("Day 90", 14.0),
                column("Change", 14.0),
                column("Today, in words", 24.0),
                column("Day 90, in words", 24.0),
            ],
            dress: |sheet, _| sheet.set_freeze_panes(TOP + 1, 1).map(drop),
        };
        Ok(Self(LongTableWriter::begin(book, table, digest.targets)?))
    }

    pub fn client(&mut self, book: &mut Book, record: &Record) -> Result<(), XlsxError> {
        for target in &record.targets {
            let (today, goal) = (target.today.as_ref(), target.target.as_ref());
            let change = today.zip(goal).map_or(Cell::Empty, |(today, goal)| {
                Cell::Formula("=D{row}-C{row}".into(), Some(goal.0 - today.0), 1)
            });
            let row = [
                Cell::text(client(record)),
                Cell::text(&target.label),
                Cell::Number(today.map(|figure| figure.0), 1),
                Cell::Number(goal.map(|figure| figure.0), 1),
                change,
                Cell::optional(today.map(|figure| figure.1.as_str())),
                Cell::optional(goal.map(|figure| figure.1.as_str())),
            ];
            self.0.row(book, &row)?;
        }
        Ok(())
    }

    pub fn end(self) -> Vec<Worksheet> {
        self.0.end()
    }
}
