//! Figures today against the targets of day 90, and how far it is to them.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::book::Book;
use super::digest::Digest;
use super::table::{Cell, LongTable, LongTableWriter, Shown, bars, column};
use super::{client, clients};
use crate::plan::Record;

/// Name of the sheet.
pub const SHEET: &str = "Success metrics";
/// Column of the share that is reached.
const REACHED: u16 = 5;

pub struct Metrics(LongTableWriter);

impl Metrics {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let table = LongTable {
            sheet: SHEET.into(),
            title: SHEET.into(),
            note: format!(
                "Today, day 90, and how far it is. {}.",
                clients::order(digest)
            ),
            name: "SuccessMetrics".into(),
            none: "No client has targets.",
            top: 3,
            columns: vec![
                column("Client", 34.0),
                column("Measure", 28.0),
                column("Today", 14.0),
                column("Day 90", 14.0),
                column("Distance", 14.0),
                column("Reached today", 14.0),
                column("Today, in words", 26.0),
                column("Day 90, in words", 26.0),
            ],
            lines: 1,
            freeze: Some(1),
            dress: Box::new(|sheet, theme, rows| bars(sheet, theme, rows, REACHED, Some(1.0))),
        };
        Ok(Self(LongTableWriter::begin(book, table, digest.targets)?))
    }

    pub fn client(&mut self, book: &mut Book, record: &Record) -> Result<(), XlsxError> {
        for target in &record.targets {
            let (today, goal) = (target.today.as_ref(), target.target.as_ref());
            let both = today.zip(goal).map(|(today, goal)| (today.0, goal.0));
            let distance = both.map(|(today, goal)| {
                let formula = "=D{row}-C{row}".into();
                Cell::Formula(formula, Some(goal - today), Shown::Signed)
            });
            let reached = both.filter(|(_, goal)| *goal > 0.0).map(|(today, goal)| {
                let formula = "=C{row}/D{row}".into();
                Cell::Formula(formula, Some(today / goal), Shown::Percent)
            });
            let row = [
                Cell::text(client(record)),
                Cell::text(&target.label),
                Cell::Number(today.map(|figure| figure.0), 1),
                Cell::Number(goal.map(|figure| figure.0), 1),
                distance.unwrap_or(Cell::Empty),
                reached.unwrap_or(Cell::Empty),
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
