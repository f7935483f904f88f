//! Gantt chart of the roadmap: months, weeks, review dates, owners, and urgency.

use chrono::NaiveDate;

use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::questionnaire::Tone;
use crate::record::{Activity, Roadmap, Urgency};

const LABEL_WIDTH: f32 = 152.0;
/// Width on the right for the due date of a bar that ends on the last day.
const DATE_WIDTH: f32 = 40.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - DATE_WIDTH;
const LEFT: f32 = MARGIN + LABEL_WIDTH;
const BAR: f32 = 10.0;
const HEAD: f32 = 10.0 * STEP;
const FOOT: f32 = 6.0 * STEP;
const DAY: Style = Style::new(5.8, 2.0).color(Color::Quiet).tabular();

/// Maps dates to x positions.
#[derive(Clone, Copy)]
struct Calendar {
    start: NaiveDate,
    days: f32,
}

impl Calendar {
    fn of(roadmap: &Roadmap) -> Self {
        Self {
            start: roadmap.start,
            days: (roadmap.end - roadmap.start).num_days().max(1) as f32 + 1.0,
        }
    }

    /// Returns the x position of the start of a day.
    fn at(self, day: NaiveDate) -> f32 {
        self.place((day - self.start).num_days() as f32)
    }

    /// Returns the x position of the end of a day.
    fn after(self, day: NaiveDate) -> f32 {
        self.place((day - self.start).num_days() as f32 + 1.0)
    }

    fn place(self, days: f32) -> f32 {
        LEFT + SCALE * days.clamp(0.0, self.days) / self.days
    }
}

/// A shaped activity.
struct Row<'a> {
    activity: &'a Activity,
    label: Paragraph,
    owner: Paragraph,
    urgency: Paragraph,
    due: Paragraph,
}

impl Row<'_> {
    fn height(&self) -> f32 {
        self.label.height() + self.owner.line_height() + 2.0 * STEP
    }

    /// The row as text, for screen readers.
    fn in_words(&self) -> String {
        let Activity {
            label,
            owner,
            due_text,
            urgency_text,
            ..
        } = self.activity;
        let urgency = if urgency_text.is_empty() { "" } else { ", " };
        format!("{label}, {owner}, {due_text}{urgency}{urgency_text}")
    }

    fn draw(&self, page: &mut Page, y: f32, calendar: Calendar) {
        let activity = self.activity;
        let middle = y + self.height() / 2.0;
        page.paragraph(&self.label, MARGIN, y + 2.0);
        let below = y + 2.0 + self.label.height();
        page.paragraph(&self.owner, MARGIN, below);
        page.paragraph_right(&self.urgency, LEFT - 8.0, below);
        let (left, right) = (calendar.at(activity.from), calendar.after(activity.due));
        let color = if activity.done {
            Color::AccentSoft
        } else {
            bar_color(activity.urgency.tone())
        };
        let width = (right - left).max(2.0);
        page.rect(left, middle - BAR / 2.0, width, BAR, color);
        if activity.urgency == Urgency::Urgent {
            // A dark start of the bar marks urgent activities in grayscale print.
            page.rect(left, middle - BAR / 2.0, 3.0, BAR, Color::Ink);
        }
        // A white background keeps lines from crossing the date.
        let x = right + 4.0;
        let width = self.due.width + 3.0;
        page.rect(x - 1.5, middle - 5.0, width, 10.0, Color::White);
        page.paragraph(&self.due, x, middle - self.due.height() / 2.0);
    }
}

/// Draws the roadmap in as many charts as needed, one per page.
pub fn draw(flow: &mut Flow) {
    let roadmap = &flow.plan.record.roadmap;
    let rows: Vec<Row> = roadmap
        .activities
        .iter()
        .map(|activity| row(flow, activity))
        .collect();
    let mut rest = rows.as_slice();
    while !rest.is_empty() {
        let all: f32 = rest.iter().map(Row::height).sum();
        flow.need(HEAD + FOOT + all.min(flow.page_height() - HEAD - FOOT));
        let mut room = flow.room() - HEAD - FOOT;
        let fits = rest
            .iter()
            .take_while(|row| {
                room -= row.height();
                room >= -0.1
            })
            .count()
            .max(1);
        let (now, later) = rest.split_at(fits);
        chart(flow, roadmap, now);
        rest = later;
    }
}

fn row<'a>(flow: &mut Flow, activity: &'a Activity) -> Row<'a> {
    let width = LABEL_WIDTH - 10.0;
    let pressed = matches!(activity.urgency.tone(), Tone::Bad | Tone::Watch);
    let style = if pressed { CELL.strong() } else { CELL };
    let tone = TINY.strong().color(ink(activity.urgency.tone()));
    let urgency = flow.engine.shape_line(&activity.urgency_text, tone);
    Row {
        activity,
        label: flow.engine.shape(&activity.label, style, width),
        owner: flow
            .engine
            .shape_cut(&activity.owner, TINY, width - urgency.width - 6.0),
        urgency,
        due: flow
            .engine
            .shape_line(&activity.due_short, TINY.color(Color::Soft).tabular()),
    }
}

/// The shaped parts of the background: months, weeks and reviews with their positions.
struct Grid {
    months: Vec<(Paragraph, f32, f32)>,
    weeks: Vec<(f32, Paragraph)>,
    reviews: Vec<(f32, Paragraph)>,
}

impl Grid {
    fn of(flow: &mut Flow, roadmap: &Roadmap, calendar: Calendar) -> Self {
        let title = TINY.strong().color(Color::Primary);
        let months = roadmap.months.iter().map(|month| {
            let (left, right) = (calendar.at(month.start), calendar.after(month.end));
            let width = right - left - 6.0;
            (
                flow.engine.shape_cut(&month.title, title, width),
                left,
                right,
            )
        });
        let months = months.collect();
        let weeks = roadmap.weeks.iter().map(|week| {
            let label = flow.engine.shape_line(&week.label, DAY);
            (calendar.at(week.start), label)
        });
        let weeks = weeks.collect();
        let reviews = roadmap.reviews.iter().map(|review| {
            let style = TINY.color(Color::Primary);
            let name = flow.engine.shape_line(&review.label, style);
            (calendar.after(review.date), name)
        });
        Self {
            months,
            weeks,
            reviews: reviews.collect(),
        }
    }

    fn draw(&self, page: &mut Page, top: f32, bottom: f32) {
        for (i, (title, left, right)) in self.months.iter().enumerate() {
            let ground = [Color::Pale, Color::Paler][i % 2];
            page.rect(*left, top, right - left, bottom - top, ground);
            page.paragraph(title, left + 4.0, top + 4.0);
        }
        for (x, date) in &self.weeks {
            page.line((*x, top + 18.0), (*x, bottom), 0.4, Color::Line, 0.0);
            page.paragraph(date, x + 1.5, top + 20.0);
        }
        for (x, name) in &self.reviews {
            let start = (*x, top + HEAD - 4.0);
            page.line(start, (*x, bottom), 0.8, Color::Primary, 2.0);
            let mark = [
                (*x, bottom - 1.0),
                (x + 3.5, bottom + 5.0),
                (x - 3.5, bottom + 5.0),
            ];
            page.polygon(&mark, Color::Primary);
            let left = (x - name.width / 2.0).min(MARGIN + WIDTH - name.width);
            page.paragraph(name, left, bottom + 7.0);
        }
    }
}

fn chart(flow: &mut Flow, roadmap: &Roadmap, rows: &[Row]) {
    let calendar = Calendar::of(roadmap);
    let body: f32 = rows.iter().map(Row::height).sum();
    let top = flow.y;
    let bottom = top + HEAD + body;
    let grid = Grid::of(flow, roadmap, calendar);
    let words: Vec<String> = rows.iter().map(Row::in_words).collect();
    let figure = flow.node("Figure");
    flow.tags.describe(figure, words.join("; "));
    flow.draw(figure, |page| {
        grid.draw(page, top, bottom);
        let mut y = top + HEAD;
        for row in rows {
            row.draw(page, y, calendar);
            y += row.height();
        }
    });
    flow.y = bottom + FOOT + STEP;
}

fn bar_color(urgency: Tone) -> Color {
    match urgency {
        Tone::Bad => Color::Bad,
        Tone::Watch => Color::Watch,
        Tone::Good | Tone::Plain => Color::Accent,
    }
}
