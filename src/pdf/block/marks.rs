//! Shapes that several blocks share: hollow bars, outlines, checks, badges, and places of labels.

use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::questionnaire::Tone;

/// Radius of a badge.
pub const BADGE: f32 = 6.5;
/// Style of the number in a badge.
pub const BADGE_NUMBER: Style = Style::new(7.0, 3.0).strong().color(Color::White).tabular();
/// Draws a bar with a white inside.
pub fn hollow(
    page: &mut Page,
    (x, y): (f32, f32),
    width: f32,
    height: f32,
    line: f32,
    color: Color,
) {
    page.rect(x, y, width, height, color);
    if width > 2.0 * line {
        let inner = (width - 2.0 * line, height - 2.0 * line);
        page.rect(x + line, y + line, inner.0, inner.1, Color::White);
    }
}

/// Draws the outline of a bar, through which the background shows.
pub fn outline(page: &mut Page, (x, y): (f32, f32), width: f32, height: f32, color: Color) {
    const LINE: f32 = 0.6;
    let width = width.max(2.0 * LINE);
    page.rect(x, y, width, LINE, color);
    page.rect(x, y + height - LINE, width, LINE, color);
    page.rect(x, y, LINE, height, color);
    page.rect(x + width - LINE, y, LINE, height, color);
}

/// Draws a diamond, the mark of a review.
pub fn diamond(page: &mut Page, (x, y): (f32, f32), color: Color) {
    const HALF: f32 = 4.0;
    let corners = [(x, y - HALF), (x + HALF, y), (x, y + HALF), (x - HALF, y)];
    page.polygon(&corners, color);
}

/// Draws a check mark around a point.
pub fn check(page: &mut Page, (x, y): (f32, f32), color: Color) {
    let points = [(x - 3.4, y + 0.2), (x - 1.0, y + 2.6), (x + 3.6, y - 2.6)];
    page.polyline(&points, 1.5, color, 0.0);
}

/// Draws a number in a filled circle around a point.
pub fn badge(page: &mut Page, (x, y): (f32, f32), radius: f32, number: &Paragraph, color: Color) {
    page.circle(x, y, radius, color);
    page.paragraph_centered(number, x, y - number.line_height() / 2.0);
}

/// Returns the color of a badge, dark enough for white numbers.
pub fn badge_color(tone: Tone) -> Color {
    match tone {
        Tone::Watch => Color::WatchInk,
        tone => fill(tone),
    }
}

/// Returns the left end and the level of each label, so that none touches another or leaves the bounds.
///
/// `labels` are centers and widths, ordered by center. Labels that do not fit next to each other take several levels.
pub fn place_labels(labels: &[(f32, f32)], bounds: (f32, f32), gap: f32) -> Vec<(f32, usize)> {
    for levels in 1..=labels.len() {
        let rows: Option<Vec<Vec<f32>>> = (0..levels)
            .map(|level| {
                let row: Vec<_> = labels.iter().skip(level).step_by(levels).copied().collect();
                spread(&row, bounds, gap)
            })
            .collect();
        if let Some(rows) = rows {
            let place = |i: usize| (rows[i % levels][i / levels], i % levels);
            return (0..labels.len()).map(place).collect();
        }
    }
    Vec::new()
}

/// Returns the left ends of labels in one row, as close to their centers as possible, or `None` if they do not fit.
fn spread(labels: &[(f32, f32)], (left, right): (f32, f32), gap: f32) -> Option<Vec<f32>> {
    let mut free = left;
    let mut places: Vec<f32> = labels
        .iter()
        .map(|(center, width)| {
            let x = (center - width / 2.0).max(free);
            free = x + width + gap;
            x
        })
        .collect();
    let mut limit = right;
    for (x, (_, width)) in places.iter_mut().zip(labels).rev() {
        *x = x.min(limit - width);
        limit = *x - gap;
    }
    let fits = places.first().is_none_or(|first| *first >= left - 0.5);
    // A single label always gets a place. Callers cut labels to the bounds.
    (fits || labels.len() == 1).then_some(places)
}

/// Returns the left ends of the labels of an axis that are drawn: every label, or every second, and so on, so that none
/// touches the next one or leaves the bounds.
///
/// `labels` are left ends and widths. A label that a line at `lines` would cross moves behind the line.
pub fn thin_labels(labels: &[(f32, f32)], bounds: (f32, f32), lines: &[f32]) -> Vec<Option<f32>> {
    const GAP: f32 = 4.0;
    let fits = |step: &usize| {
        let kept: Vec<_> = labels.iter().step_by(*step).collect();
        kept.windows(2)
            .all(|pair| pair[0].0 + pair[0].1 + GAP <= pair[1].0)
    };
    let step = (1..=labels.len()).find(fits).unwrap_or(1);
    let mut free = bounds.0;
    let place = |(i, (x, width)): (usize, &(f32, f32))| {
        let crossing = |at: f32| {
            let crosses = |line: &&f32| **line > at - 2.0 && **line < at + width + 2.0;
            lines.iter().find(crosses)
        };
        let moved = crossing(*x).map_or(*x, |line| line + 3.0);
        let next = labels.get(i + step).map_or(bounds.1, |next| next.0 - GAP);
        let drawn = i % step == 0
            && moved >= free - 0.5
            && moved + width <= next.min(bounds.1) + 0.5
            && crossing(moved).is_none();
        if drawn {
            free = moved + width + GAP;
        }
        drawn.then_some(moved)
    };
    labels.iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_neither_touch_nor_leave_their_bounds() {
        for count in 0..9 {
            let labels: Vec<(f32, f32)> = (0..count).map(|i| (90.0 + i as f32, 45.0)).collect();
            let places = place_labels(&labels, (0.0, 100.0), 4.0);
            assert_eq!(places.len(), labels.len());
            for (i, (x, level)) in places.iter().enumerate() {
                assert!(*x >= -0.5 && x + 45.0 <= 100.5);
                for (other, _) in places[i + 1..].iter().filter(|(_, at)| at == level) {
                    assert!((x - other).abs() >= 49.0);
                }
            }
        }
    }

    #[test]
    fn labels_of_an_axis_are_evenly_thinned() {
        let labels: Vec<(f32, f32)> = (0..8).map(|i| (12.0 * i as f32, 15.0)).collect();
        let drawn = thin_labels(&labels, (0.0, 100.0), &[50.0]);
        let left: Vec<f32> = drawn.into_iter().flatten().collect();
        // The label at 48 would be crossed. Behind the line, it ends before the next one.
        assert_eq!(left, [0.0, 24.0, 53.0, 72.0]);
    }
}
