//! Arrows between the bars of a schedule. Each ends on the bar of the activity that may then start.

use crate::pdf::page::Page;
use crate::pdf::theme::Color;

/// Largest number of arrows that end on one bar separately. More share a rail with one head.
const MAX_SEPARATE: usize = 4;
/// Distance between arrows that end on the same bar, and from its ends.
const SLOT: f32 = 4.0;
/// Smallest distance between vertical lines.
const APART: f32 = 3.0;
/// Height of an arrow head.
const HEAD: f32 = 3.6;
/// Distance from a bar to a line that passes along it.
const GUTTER: f32 = 6.5;
const COLOR: Color = Color::Quiet;
const LINE: f32 = 0.8;

/// The bar of an activity.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Bar {
    fn middle(&self) -> f32 {
        (self.top + self.bottom) / 2.0
    }
}

/// An arrow: its line, and its junction with a rail instead of a head.
#[derive(Debug, Clone)]
pub struct Arrow {
    points: Vec<(f32, f32)>,
    joins: bool,
}

/// Plans the arrows. `pairs` are indexes of bars; `lines` are vertical lines that arrows avoid.
pub fn plan(bars: &[Bar], pairs: &[(usize, usize)], lines: &[f32]) -> Vec<Arrow> {
    let inside =
        |pair: &&(usize, usize)| pair.0 != pair.1 && pair.0 < bars.len() && pair.1 < bars.len();
    let mut pairs: Vec<(usize, usize)> = pairs.iter().filter(inside).copied().collect();
    // For one successor, the nearest predecessor is first: the lines of the others pass on its right without crossing.
    pairs.sort_by_key(|(from, to)| (*to, to.abs_diff(*from), *from));
    pairs.dedup();
    let mut taken: Vec<(f32, f32, f32)> = Vec::new();
    let mut arrows = Vec::new();
    for group in pairs.chunk_by(|a, b| a.1 == b.1) {
        let rail = group.len() > MAX_SEPARATE;
        let mut x = None;
        for (from, to) in group {
            let (start, end) = (&bars[*from], &bars[*to]);
            let span = (
                start.middle().min(end.middle()),
                start.middle().max(end.middle()),
            );
            let place = match x.filter(|_| rail) {
                Some(x) => x,
                None => choose(bars, (*from, *to), span, &taken, lines),
            };
            let joins = rail && x.is_some();
            x = Some(place);
            taken.push((place, span.0, span.1));
            let points = route(start, end, place);
            arrows.push(Arrow { points, joins });
        }
    }
    arrows
}

/// Returns the position on the successor's bar where a vertical line meets the fewest other lines and bars.
fn choose(
    bars: &[Bar],
    (from, to): (usize, usize),
    span: (f32, f32),
    taken: &[(f32, f32, f32)],
    lines: &[f32],
) -> f32 {
    let end = &bars[to];
    let width = end.right - end.left;
    if width < 2.0 * SLOT {
        return end.left + width / 2.0;
    }
    let cost = |x: f32| {
        let meets = |(other, top, bottom): &&(f32, f32, f32)| {
            (other - x).abs() < APART && *top < span.1 && *bottom > span.0
        };
        let between = (from.min(to) + 1)..from.max(to);
        let crosses = |bar: &&Bar| x > bar.left - 1.0 && x < bar.right + 1.0;
        let near = |line: &&f32| (**line - x).abs() < 2.0;
        10.0 * taken.iter().filter(meets).count() as f32
            + bars[between].iter().filter(crosses).count() as f32
            + 0.8 * lines.iter().filter(near).count() as f32
            + 0.05 * (x - end.left)
    };
    let slots = ((width - 2.0 * SLOT) / SLOT).floor() as usize;
    (0..=slots)
        .map(|i| end.left + SLOT + SLOT * i as f32)
        .min_by(|a, b| cost(*a).total_cmp(&cost(*b)))
        .unwrap_or(end.left)
}

/// Returns the line from one bar to the edge of another at `x`.
fn route(start: &Bar, end: &Bar, x: f32) -> Vec<(f32, f32)> {
    let down = start.middle() <= end.middle();
    let (leave, arrive, gutter) = if down {
        (start.bottom, end.top, end.top - GUTTER)
    } else {
        (start.top, end.bottom, end.bottom + GUTTER)
    };
    if x > start.right {
        vec![
            (start.right, start.middle()),
            (x, start.middle()),
            (x, arrive),
        ]
    } else if x >= start.left {
        // The bars overlap in time: the arrow leaves the first one at its edge.
        vec![(x, leave), (x, arrive)]
    } else {
        let out = start.left + SLOT.min((start.right - start.left) / 2.0);
        vec![(out, leave), (out, gutter), (x, gutter), (x, arrive)]
    }
}

/// Draws the lines of the arrows. Bars are drawn over them.
pub fn draw_lines(page: &mut Page, arrows: &[Arrow]) {
    for arrow in arrows {
        page.polyline(&arrow.points, LINE, COLOR, 0.0);
        if let [.., _, corner, _] = arrow.points.as_slice()
            && arrow.joins
        {
            // A dot tells a junction from a crossing.
            page.circle(corner.0, corner.1, 1.3, COLOR);
        }
    }
}

/// Draws the heads of the arrows, over the lines that review dates and other arrows draw.
pub fn draw_heads(page: &mut Page, arrows: &[Arrow]) {
    for arrow in arrows.iter().filter(|arrow| !arrow.joins) {
        if let [.., before, tip] = arrow.points.as_slice() {
            let back = if before.1 <= tip.1 { -HEAD } else { HEAD };
            let head = [
                *tip,
                (tip.0 - 2.2, tip.1 + back),
                (tip.0 + 2.2, tip.1 + back),
            ];
            page.polygon(&head, COLOR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(row: usize, left: f32, right: f32) -> Bar {
        let top = 30.0 * row as f32;
        Bar {
            left,
            right,
            top,
            bottom: top + 10.0,
        }
    }

    #[test]
    fn arrows_end_on_their_successor() {
        let bars = [
            bar(0, 0.0, 30.0),
            bar(1, 10.0, 80.0),
            bar(2, 90.0, 120.0),
            bar(3, 40.0, 60.0),
            bar(4, 0.0, 5.0),
        ];
        let all: Vec<(usize, usize)> = (0..5).flat_map(|a| (0..5).map(move |b| (a, b))).collect();
        for pair in all.iter().filter(|(from, to)| from != to) {
            let arrows = plan(&bars, &[*pair], &[]);
            let tip = arrows[0].points.last().unwrap();
            let end = bars[pair.1];
            assert!(tip.0 >= end.left && tip.0 <= end.right, "{pair:?}");
            assert!(tip.1 == end.top || tip.1 == end.bottom, "{pair:?}");
        }
    }

    #[test]
    fn over_four_arrows_share_a_rail() {
        let mut bars: Vec<Bar> = (0..6).map(|row| bar(row, 0.0, 30.0)).collect();
        bars.push(bar(6, 50.0, 90.0));
        let heads = |count: usize| {
            let pairs: Vec<(usize, usize)> = (0..count).map(|row| (row, 6)).collect();
            let arrows = plan(&bars, &pairs, &[]);
            arrows.iter().filter(|arrow| !arrow.joins).count()
        };
        assert_eq!([heads(3), heads(4), heads(5), heads(6)], [3, 4, 1, 1]);
    }

    #[test]
    fn arrows_to_one_bar_keep_apart() {
        let mut bars: Vec<Bar> = (0..4).map(|row| bar(row, 0.0, 30.0)).collect();
        bars.push(bar(4, 50.0, 90.0));
        let pairs = [(0, 4), (1, 4), (2, 4), (3, 4)];
        let mut tips: Vec<f32> = plan(&bars, &pairs, &[])
            .iter()
            .map(|arrow| arrow.points.last().unwrap().0)
            .collect();
        tips.sort_by(f32::total_cmp);
        assert!(tips.windows(2).all(|pair| pair[1] - pair[0] >= APART));
    }
}
