//! The time axis of a chart.

use chrono::NaiveDate;

/// Maps dates to x positions. Dates outside the axis are at its ends.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis {
    first: NaiveDate,
    days: f32,
    left: f32,
    right: f32,
}

impl TimeAxis {
    /// Creates an axis from the start of the first day to the end of the last.
    pub fn new(first: NaiveDate, last: NaiveDate, (left, right): (f32, f32)) -> Self {
        Self {
            first,
            days: (last - first).num_days().max(0) as f32 + 1.0,
            left,
            right,
        }
    }

    /// Returns the left and right ends of the axis.
    pub fn bounds(self) -> (f32, f32) {
        (self.left, self.right)
    }

    /// Returns the position of the start of a day.
    pub fn at(self, day: NaiveDate) -> f32 {
        self.place((day - self.first).num_days() as f32)
    }

    /// Returns the position of the end of a day.
    pub fn after(self, day: NaiveDate) -> f32 {
        self.place((day - self.first).num_days() as f32 + 1.0)
    }

    /// Returns the ends of a bar from the start of one day to the end of another, at least this wide.
    pub fn bar(self, (from, to): (NaiveDate, NaiveDate), least: f32) -> (f32, f32) {
        let left = self.at(from).min(self.right - least);
        (left, self.after(to).max(left + least))
    }

    fn place(self, days: f32) -> f32 {
        self.left + (self.right - self.left) * days.clamp(0.0, self.days) / self.days
    }
}
