//! Rows of a schedule: number, activity, owner, and dates, in columns on the left of the bars.

use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{ActivityState, Schedule, ScheduleRow};

/// Width of the number.
const NUMBER: f32 = 17.0;
/// Width of the owner.
const OWNER: f32 = 124.0;
/// Distance between columns.
const GAP: f32 = 8.0;
/// Largest width of a date.
const MAX_DATE: f32 = 72.0;
/// Smallest width of a date.
const MIN_DATE: f32 = 26.0;
/// Largest width of the urgency next to a name.
const MAX_URGENCY: f32 = 70.0;
const DATE: Style = CELL.tabular();
const OWNED: Style = Style::new(7.5, 3.0).color(Color::Quiet);

/// Column positions on the left of the bars.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Right end of the due dates.
    pub due: f32,
    /// Right end of the expected dates, with a forecast.
    pub expected: Option<f32>,
}

impl Columns {
    /// Fits the columns to the dates of all rows.
    pub fn of(flow: &mut Flow, schedule: &Schedule) -> Self {
        let [_, due, expected] = &schedule.headings;
        let mut width = |heading: &str, texts: Vec<&String>| {
            let heading = flow.engine.shape_line(heading, TINY).width;
            let mut widest = |most: f32, text: &String| {
                // Either style may be used, and cuts a long date elsewhere.
                let cut = [DATE, DATE.strong()].map(|style| {
                    let cut = flow.engine.shape_cut(text, style, MAX_DATE);
                    cut.width
                });
                most.max(cut[0]).max(cut[1])
            };
            texts
                .into_iter()
                .fold(heading.clamp(MIN_DATE, MAX_DATE), &mut widest)
        };
        let rows = &schedule.rows;
        let due = width(due, rows.iter().map(|row| &row.due_text).collect());
        let right = MARGIN + NUMBER + OWNER + GAP + due;
        let has_forecast = !expected.is_empty();
        let texts = rows.iter().map(|row| &row.expected_text).collect();
        let expected = has_forecast.then(|| right + GAP + width(expected, texts));
        Self {
            due: right,
            expected,
        }
    }

    /// Returns the right end of the last column.
    pub fn right(&self) -> f32 {
        self.expected.unwrap_or(self.due)
    }

    /// Returns the left end of the chart.
    pub fn chart(&self) -> f32 {
        self.right() + 14.0
    }

    /// Returns the widths of the headings of both date columns.
    pub fn heading_widths(&self) -> (f32, f32) {
        let due = self.due - (MARGIN + NUMBER + OWNER);
        (
            due,
            self.expected.map_or(0.0, |right| right - self.due - 4.0),
        )
    }

    /// Returns the width of the heading of activity and owner.
    pub fn name_heading_width(&self) -> f32 {
        NUMBER + OWNER - GAP
    }
}

/// A shaped activity.
pub struct Row<'s> {
    pub activity: &'s ScheduleRow,
    pub month: usize,
    number: Paragraph,
    label: Paragraph,
    owner: Option<Paragraph>,
    urgency: Option<Paragraph>,
    due: Paragraph,
    expected: Option<Paragraph>,
    columns: Columns,
    state: &'s str,
}

impl<'s> Row<'s> {
    pub fn of(flow: &mut Flow, row: &'s ScheduleRow, columns: &Columns, state: &'s str) -> Self {
        let engine = &mut *flow.engine;
        let urgent = TINY.strong().color(ink(row.tone));
        let urgency =
            (!row.urgency.is_empty()).then(|| engine.shape_cut(&row.urgency, urgent, MAX_URGENCY));
        // The urgency is on the right of the name, above the dates. Without an owner, the dates are there.
        let taken = if row.owner.is_empty() {
            columns.right() - (MARGIN + NUMBER + OWNER)
        } else {
            urgency.as_ref().map_or(0.0, |words| words.width + 6.0)
        };
        let width = columns.right() - MARGIN - NUMBER - taken;
        let owner_style = if row.owned {
            OWNED
        } else {
            OWNED.strong().color(Color::Bad)
        };
        let late = DATE.strong().color(Color::Bad);
        let (due, expected) = match columns.expected {
            Some(_) if row.late => (DATE.color(Color::Quiet), late),
            Some(_) if row.state == ActivityState::Done => {
                (DATE.color(Color::Quiet), DATE.color(Color::Quiet))
            }
            Some(_) => (DATE.color(Color::Quiet), DATE.strong()),
            None if row.late => (late, DATE),
            None => (DATE, DATE),
        };
        Self {
            number: engine.shape_line(&row.number.to_string(), DATE.color(Color::Quiet)),
            label: engine.shape_limited(&row.label, CELL.strong(), width, 2),
            owner: (!row.owner.is_empty())
                .then(|| engine.shape_limited(&row.owner, owner_style, OWNER, 2)),
            urgency,
            due: engine.shape_cut(&row.due_text, due, MAX_DATE),
            expected: columns
                .expected
                .map(|_| engine.shape_cut(&row.expected_text, expected, MAX_DATE)),
            activity: row,
            month: row.month,
            columns: *columns,
            state,
        }
    }

    /// Returns the height of the text.
    pub fn height(&self) -> f32 {
        match &self.owner {
            Some(owner) => self.label.height() + owner.height(),
            None if self.urgency.is_some() => self.label.height().max(CELL.line + TINY.line),
            None => self.label.height(),
        }
    }

    /// Returns the row as text, for screen readers.
    pub fn in_words(&self) -> String {
        let row = self.activity;
        let parts = [
            row.label.as_str(),
            &row.owner,
            &row.due_text,
            &row.expected_text,
            self.state,
            &row.urgency,
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}. {}", row.number, parts.join(", "))
    }

    /// Draws the text with its top at `y`.
    pub fn draw_text(&self, page: &mut Page, y: f32) {
        page.paragraph(&self.number, MARGIN, y);
        page.paragraph(&self.label, MARGIN + NUMBER, y);
        let below = y + self.label.height();
        let right = self.columns.right();
        let mut dates = y;
        if let Some(owner) = &self.owner {
            page.paragraph(owner, MARGIN + NUMBER, below);
            // Owner and dates share a baseline.
            dates = below + owner.baseline - self.due.baseline;
            if let Some(urgency) = &self.urgency {
                let y = y + self.label.baseline - urgency.baseline;
                page.paragraph_right(urgency, right, y);
            }
        } else if let Some(urgency) = &self.urgency {
            page.paragraph_right(urgency, right, y + CELL.line);
        }
        page.paragraph_right(&self.due, self.columns.due, dates);
        if let (Some(expected), Some(right)) = (&self.expected, self.columns.expected) {
            page.paragraph_right(expected, right, dates);
        }
    }
}
