//! The roadmaps of all clients, activity by activity.

use rust_xlsxwriter::{ChartType, Worksheet, XlsxError};

use super::charts::{self, Block, Shown};
use super::client;
use super::digest::Digest;
use super::grid::{
    AMBER, Book, Cell, LongTable, LongTableWriter, RED, colour_words, column, wrapping,
};
use crate::plan::{Activity, Record};
use crate::programme::Tone;

/// Row of the headings, below the chart.
const TOP: u32 = 20;
const URGENCY: [(Tone, &str); 4] = [
    (Tone::Bad, "urgent"),
    (Tone::Watch, "pressing"),
    (Tone::Plain, "planned"),
    (Tone::Good, "done"),
];

pub struct Roadmap(LongTableWriter);

impl Roadmap {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let table = LongTable {
            title: "Roadmap".into(),
            note: "Every activity of every client; sort by due date to see what comes next.",
            name: "Roadmap".into(),
            top: TOP,
            columns: vec![
                column("Client", 30.0),
                column("Month", 24.0),
                column("Activity", 34.0),
                column("Owner", 26.0),
                column("From", 12.0),
                column("Due", 12.0),
                column("Status", 13.0),
                column("Urgency", 11.0),
                wrapping("Because", 48.0),
            ],
            dress: |sheet, rows| {
                colour_words(sheet, rows, 7, URGENCY.map(|(tone, word)| (word, tone)))
            },
        };
        Ok(Self(LongTableWriter::begin(
            book,
            table,
            digest.activities,
        )?))
    }

    pub fn client(&mut self, book: &mut Book, record: &Record) -> Result<(), XlsxError> {
        let mut activities = record.roadmap.activities.iter();
        activities.try_for_each(|activity| self.0.row(book, &row(record, activity)))
    }

    pub fn end(self, blocks: &[Block]) -> Result<Vec<Worksheet>, XlsxError> {
        let mut sheets = self.0.end();
        let chart = charts::find(blocks, &Shown::Urgency)
            .and_then(|block| charts::over(block, ChartType::BarStacked, &[RED, AMBER], "0"));
        if let Some(first) = sheets.first_mut() {
            charts::place(first, chart, 3, 0, 0)?;
        }
        Ok(sheets)
    }
}

fn row(record: &Record, activity: &Activity) -> Vec<Cell> {
    let month = record.roadmap.months.get(activity.month);
    let urgency = URGENCY.iter().find(|(tone, _)| *tone == activity.urgency);
    vec![
        Cell::text(client(record)),
        Cell::optional(month.map(|month| month.0.as_str())),
        Cell::text(&activity.label),
        Cell::text(&activity.owner),
        Cell::Date(activity.from),
        Cell::Date(activity.due),
        Cell::text(&activity.status),
        Cell::optional(urgency.map(|(_, word)| *word)),
        Cell::text(activity.reasons.join("; ")),
    ]
}
