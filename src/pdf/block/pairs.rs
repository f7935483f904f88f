//! Two subjects compared on several scales, next to a quotation.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{Pairs, Quote};

/// Width of the chart next to a quotation.
const CHART: f32 = 226.0;
/// Distance between the chart and the quotation.
const GAP: f32 = 27.0;
/// Width of the labels, relative to the chart.
const LABEL_PART: f32 = 0.36;
/// Room for a value next to a dot at the end of the scale.
const VALUE: f32 = 26.0;
/// Radius of the dots.
const RADIUS: f32 = 4.2;
/// The scale starts at 5 if all values are above this, so that small differences are visible.
const UPPER_HALF: f64 = 5.4;
/// Maximum number of lines of a quotation.
const QUOTE_LINES: usize = 14;
const OWN: Style = CELL.strong().color(Color::Primary).tabular();
const OTHER: Style = CELL.color(Color::Quiet).tabular();
const NAME: Style = TINY.color(Color::Quiet);

/// A shaped row: its label and the two values.
struct Row {
    label: Paragraph,
    values: [(f64, Paragraph); 2],
    height: f32,
}

/// Horizontal scale of the values.
#[derive(Clone, Copy)]
struct Scale {
    left: f32,
    width: f32,
    min: f64,
}

impl Scale {
    fn at(self, value: f64) -> f32 {
        let share = (value - self.min) / (10.0 - self.min);
        self.left + self.width * share.clamp(0.0, 1.0) as f32
    }
}

/// The shaped chart.
struct Chart {
    heading: Option<Paragraph>,
    caption: Option<Paragraph>,
    ends: [Paragraph; 2],
    names: [Paragraph; 2],
    rows: Vec<Row>,
}

impl Chart {
    fn axis_height(&self) -> f32 {
        rows::tallest(&self.ends) + rows::tallest(&self.names) + STEP / 2.0
    }

    fn height(&self) -> f32 {
        let caption = self
            .caption
            .as_ref()
            .map_or(0.0, |caption| caption.height() + STEP);
        let rows: f32 = self.rows.iter().map(|row| row.height).sum();
        heading_height(&self.heading) + caption + self.axis_height() + rows
    }
}

/// The shaped quotation.
struct Words {
    heading: Option<Paragraph>,
    text: Paragraph,
    note: Option<Paragraph>,
}

impl Words {
    fn height(&self) -> f32 {
        let note = self.note.as_ref().map_or(0.0, |note| note.height() + STEP);
        heading_height(&self.heading) + self.text.height() + note
    }
}

fn heading_height(heading: &Option<Paragraph>) -> f32 {
    heading
        .as_ref()
        .map_or(0.0, |heading| heading.height() + STEP)
}

/// Returns the height of the block.
pub fn room(flow: &mut Flow, pairs: &Pairs) -> f32 {
    let width = chart_width(pairs);
    let quote = pairs
        .quote
        .as_ref()
        .map(|quote| shape_quote(flow, quote, width));
    let chart = shape(flow, pairs, width).height();
    chart.max(quote.map_or(0.0, |quote| quote.height()))
}

/// Returns the width of the chart: half of the column next to a quotation, otherwise somewhat more.
fn chart_width(pairs: &Pairs) -> f32 {
    if pairs.quote.is_some() {
        CHART
    } else {
        WIDTH * 0.75
    }
}

pub fn draw(flow: &mut Flow, pairs: &Pairs) {
    let has_quote = pairs.quote.is_some();
    if pairs.rows.is_empty() && !has_quote {
        return;
    }
    let width = chart_width(pairs);
    let chart = (!pairs.rows.is_empty()).then(|| shape(flow, pairs, width));
    let quote_x = if chart.is_some() {
        MARGIN + width + GAP
    } else {
        MARGIN
    };
    let quote_width = MARGIN + WIDTH - quote_x;
    let quote = pairs
        .quote
        .as_ref()
        .map(|quote| (quote, shape_quote(flow, quote, quote_width)));
    let height = chart.as_ref().map_or(0.0, Chart::height);
    let height = height.max(quote.as_ref().map_or(0.0, |(_, words)| words.height()));
    flow.gap(flow.spacing.gap);
    flow.snap_to_grid();
    flow.need(height);
    let top = flow.y;
    if let Some(chart) = &chart {
        draw_chart(flow, pairs, chart, width);
    }
    if let Some((quote, words)) = &quote {
        draw_quote(flow, quote, words, (quote_x, top));
    }
    flow.y = top + height;
    flow.snap_to_grid();
}

fn shape(flow: &mut Flow, pairs: &Pairs, width: f32) -> Chart {
    let lines = flow.spacing.lines;
    let label_width = width * LABEL_PART;
    let pad = 2.0 * flow.spacing.pad * 0.8;
    let engine = &mut flow.engine;
    let rows = pairs.rows.iter().map(|(label, [own, other])| {
        let label = engine.shape_limited(label, CELL, label_width - 6.0, lines.min(2));
        let height = label.height() + (pad / STEP).round() * STEP;
        Row {
            label,
            values: [
                (own.0, engine.shape_cut(&own.1, OWN, VALUE)),
                (other.0, engine.shape_cut(&other.1, OTHER, VALUE)),
            ],
            height,
        }
    });
    let rows = rows.collect();
    let [own, other] = &pairs.names;
    // Both names together must fit on the line above the chart.
    let name_width = width / 2.0 - 6.0;
    Chart {
        heading: rows::optional(&pairs.title)
            .map(|text| engine.shape_limited(text, HEADING, width, lines)),
        caption: rows::optional(&pairs.caption)
            .map(|text| engine.shape_limited(text, SMALL, width, 3)),
        ends: [least(pairs), 10.0].map(|end| engine.shape_line(&end.to_string(), TINY.tabular())),
        names: [
            engine.shape_cut(own, NAME.strong().color(Color::Primary), name_width),
            engine.shape_cut(other, NAME, name_width),
        ],
        rows,
    }
}

/// Returns the lower end of the scale.
fn least(pairs: &Pairs) -> f64 {
    let values = pairs.rows.iter().flat_map(|(_, values)| values);
    let least = values.map(|(value, _)| *value).fold(f64::MAX, f64::min);
    if least >= UPPER_HALF { 5.0 } else { 0.0 }
}

fn shape_quote(flow: &mut Flow, quote: &Quote, width: f32) -> Words {
    let lines = flow.spacing.lines.saturating_mul(4).min(QUOTE_LINES);
    let [opening, closing] = &quote.quotes;
    let text = format!("{opening}{}{closing}", quote.text);
    let mut words = flow.engine.shape(&text, BODY, width);
    if words.lines.len() > lines {
        // A cut quotation ends with an ellipsis and keeps its quotation marks.
        let mut kept: Vec<char> = quote.text.chars().take(2_000).collect();
        while words.lines.len() > lines && !kept.is_empty() {
            let shorter = kept.len() - (kept.len() / 20).max(1);
            kept.truncate(shorter);
            let text: String = kept.iter().collect();
            words = flow.engine.shape(
                &format!("{opening}{} …{closing}", text.trim_end()),
                BODY,
                width,
            );
        }
    }
    Words {
        heading: rows::optional(&quote.title).map(|text| {
            flow.engine
                .shape_limited(text, HEADING, width, flow.spacing.lines)
        }),
        text: words,
        note: rows::optional(&quote.note).map(|text| flow.engine.shape(text, SMALL, width)),
    }
}

fn draw_chart(flow: &mut Flow, pairs: &Pairs, chart: &Chart, width: f32) {
    let mut y = flow.y;
    y += headings::column_heading(
        flow,
        &pairs.title,
        chart.heading.as_ref(),
        (MARGIN, y),
        STEP,
    );
    if let Some(caption) = &chart.caption {
        let node = flow.node("P");
        flow.draw(node, |page| page.paragraph(caption, MARGIN, y - STEP / 2.0));
        y += caption.height() + STEP;
    }
    let left = MARGIN + width * LABEL_PART + VALUE;
    let scale = Scale {
        left,
        width: MARGIN + width - VALUE - left,
        min: least(pairs),
    };
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(pairs));
    flow.draw(figure, |page| {
        let [low, high] = &chart.ends;
        page.paragraph_centered(low, scale.left, y);
        page.paragraph_centered(high, scale.left + scale.width, y);
        let names = y + rows::tallest(&chart.ends);
        draw_names(page, chart, scale, (names, MARGIN + width));
        y += chart.axis_height();
        for row in &chart.rows {
            row.draw(page, scale, y);
            y += row.height;
        }
    });
}

impl Row {
    fn draw(&self, page: &mut Page, scale: Scale, y: f32) {
        let middle = y + self.height / 2.0;
        page.paragraph(&self.label, MARGIN, middle - self.label.height() / 2.0);
        let right = scale.left + scale.width;
        page.line((scale.left, middle), (right, middle), 0.5, Color::Line, 0.0);
        let [(own, own_text), (other, other_text)] = &self.values;
        let (own_x, other_x) = (scale.at(*own), scale.at(*other));
        page.line(
            (own_x, middle),
            (other_x, middle),
            1.8,
            Color::PrimaryMid,
            0.0,
        );
        page.circle(other_x, middle, RADIUS, Color::White);
        page.ring(other_x, middle, RADIUS, 1.4, Color::Quiet);
        // With equal values, the filled dot is inside the ring.
        let radius = if (own_x - other_x).abs() < RADIUS {
            RADIUS * 0.6
        } else {
            RADIUS + 0.6
        };
        page.circle(own_x, middle, radius, Color::Primary);
        // The values are outside the dots, so that they never collide, however close the dots are.
        let (lower, higher) = if own < other {
            (own_text, other_text)
        } else {
            (other_text, own_text)
        };
        let (left, right) = (
            own_x.min(other_x) - RADIUS - 3.0,
            own_x.max(other_x) + RADIUS + 3.0,
        );
        let top = middle - lower.height() / 2.0;
        page.rect(
            left - lower.width - 1.0,
            middle - 4.0,
            lower.width + 2.0,
            8.0,
            Color::White,
        );
        page.paragraph_right(lower, left, top);
        page.rect(
            right - 1.0,
            middle - 4.0,
            higher.width + 2.0,
            8.0,
            Color::White,
        );
        page.paragraph(higher, right, top);
    }
}

/// Draws the names above the dots of the first row, moved apart if they are close.
fn draw_names(page: &mut Page, chart: &Chart, scale: Scale, (y, end): (f32, f32)) {
    let Some(first) = chart.rows.first() else {
        return;
    };
    let [(own, _), (other, _)] = first.values;
    let [own_name, other_name] = &chart.names;
    let own_first = own < other;
    let (left, right) = if own_first {
        (own_name, other_name)
    } else {
        (other_name, own_name)
    };
    let (low, high) = (scale.at(own.min(other)), scale.at(own.max(other)));
    let middle = (low + high) / 2.0;
    let mut left_x = (low - left.width / 2.0).min(middle - 3.0 - left.width);
    let mut right_x = (high - right.width / 2.0).max(middle + 3.0);
    // Names that would leave the chart push each other back into it.
    right_x = right_x.min(end - right.width);
    left_x = left_x.min(right_x - 6.0 - left.width).max(MARGIN);
    right_x = right_x.max(left_x + left.width + 6.0);
    page.paragraph(left, left_x, y);
    page.paragraph(right, right_x, y);
}

fn draw_quote(flow: &mut Flow, quote: &Quote, words: &Words, (x, mut y): (f32, f32)) {
    y += headings::column_heading(flow, &quote.title, words.heading.as_ref(), (x, y), STEP);
    let node = flow.node("BlockQuote");
    let text = flow.tags.add(node, "P");
    flow.draw(text, |page| page.paragraph(&words.text, x, y));
    y += words.text.height() + STEP;
    if let Some(note) = &words.note {
        let node = flow.node("P");
        flow.draw(node, |page| page.paragraph(note, x, y));
    }
}

fn in_words(pairs: &Pairs) -> String {
    let [own, other] = &pairs.names;
    let rows = pairs.rows.iter().map(|(label, [own_value, other_value])| {
        format!("{label}: {own} {}, {other} {}", own_value.1, other_value.1)
    });
    let rows: Vec<String> = rows.collect();
    rows::joined(
        [pairs.title.as_str(), &pairs.caption, &rows.join("; ")],
        ". ",
    )
}
