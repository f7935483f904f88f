//! Bubble chart on two scales from 0 to 10. Names are next to their bubbles and never overlap.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Bubble;

const HEIGHT: f32 = 46.0 * STEP;
const AXIS: f32 = 8.0 * STEP;
/// Height of the chart below its heading.
pub const ROOM: f32 = HEIGHT + AXIS;
const LEFT: f32 = MARGIN + 26.0;
const MAX_SIZE: f32 = 15.0;
const NAME: f32 = 120.0;

/// Left, top, right, bottom.
pub type Area = (f32, f32, f32, f32);

pub fn draw(flow: &mut Flow, title: &str, axes: &[String; 3], bubbles: &[Bubble]) {
    flow.heading(title, ROOM);
    let width = WIDTH - (LEFT - MARGIN);
    let top = flow.y + 3.0 * STEP;
    let frame: Area = (LEFT, top, LEFT + width, top + HEIGHT);
    let x_of = |value: f64| LEFT + width * (value.clamp(0.0, 10.0) / 10.0) as f32;
    let y_of = |value: f64| top + HEIGHT - HEIGHT * (value.clamp(0.0, 10.0) / 10.0) as f32;
    // The area, not the radius, is proportional to the size, because readers compare areas.
    let radius = |bubble: &Bubble| {
        MAX_SIZE
            * ((bubble.size.unwrap_or(0.0) / 10.0).clamp(0.0, 1.0) as f32)
                .sqrt()
                .max(0.25)
    };
    let names: Vec<Paragraph> = bubbles
        .iter()
        .map(|bubble| flow.engine.shape_cut(&bubble.label, CELL.strong(), NAME))
        .collect();
    let circles: Vec<Area> = bubbles
        .iter()
        .map(|bubble| {
            let (x, y, r) = (x_of(bubble.x), y_of(bubble.y), radius(bubble));
            (x - r, y - r, x + r, y + r)
        })
        .collect();
    let places = places(&names, &circles, &[], frame);
    let [across, upwards, size] = axes;
    let across = flow.engine.shape_line(across, TINY);
    let upwards = flow.engine.shape_line(upwards, TINY);
    let size = flow.engine.shape_line(size, TINY);
    let numbers: Vec<Paragraph> = [0, 5, 10]
        .map(|number| flow.engine.shape_line(&number.to_string(), TINY.tabular()))
        .into();
    let words: Vec<String> = bubbles
        .iter()
        .map(|bubble| format!("{}: {}", bubble.label, bubble.text))
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, format!("{title}. {}", words.join("; ")));
    flow.draw(figure, |page| {
        page.rect(LEFT, top, width, HEIGHT, Color::Paler);
        for (value, number) in [0.0, 5.0, 10.0].into_iter().zip(&numbers) {
            let (x, y) = (x_of(value), y_of(value));
            page.line((LEFT, y), (LEFT + width, y), 0.5, Color::Line, 0.0);
            page.line((x, top), (x, top + HEIGHT), 0.5, Color::Line, 0.0);
            page.paragraph_right(number, LEFT - 6.0, y - number.height() / 2.0);
            let x = x.min(LEFT + width - number.width / 2.0);
            page.paragraph_centered(number, x, top + HEIGHT + STEP);
        }
        page.paragraph(&upwards, LEFT, top - upwards.height());
        page.paragraph_right(&size, LEFT + width, top - size.height());
        page.paragraph_right(&across, LEFT + width, top + HEIGHT + STEP + across.height());
        for (i, bubble) in bubbles.iter().enumerate() {
            let (x, y, r) = (x_of(bubble.x), y_of(bubble.y), radius(bubble));
            page.circle(x, y, r, Color::Accent);
            page.ring(x, y, r, 1.0, Color::White);
            if let Some((left, above, anchored)) = places[i] {
                if !anchored {
                    let size = (names[i].width, names[i].height());
                    let end = leader_end((x, y), (left, above), size);
                    page.line((x, y), end, 0.5, Color::Soft, 0.0);
                }
                page.paragraph(&names[i], left, above);
            }
        }
    });
    flow.y = top + HEIGHT + AXIS;
}

/// Returns left, top, and adjacency to the circle for each name, or `None`. The first position is used that overlaps
/// neither a circle, nor another name, nor an occupied area.
pub fn places(
    names: &[Paragraph],
    circles: &[Area],
    occupied: &[Area],
    frame: Area,
) -> Vec<Option<(f32, f32, bool)>> {
    let mut taken: Vec<Area> = circles.to_vec();
    taken.extend(occupied);
    // The lines from names that are farther away. Names avoid them if there is enough room.
    let mut lines: Vec<Area> = Vec::new();
    let pairs = names.iter().zip(circles);
    pairs
        .map(|(name, circle)| {
            let size = (name.width, name.height());
            let is_free = |place: (f32, f32)| {
                let area = (place.0, place.1, place.0 + size.0, place.1 + size.1);
                let inside = area.0 >= frame.0
                    && area.2 <= frame.2
                    && area.1 >= frame.1
                    && area.3 <= frame.3;
                inside && !taken.iter().any(|other| touches(area, *other))
            };
            let on_line = |place: (f32, f32)| {
                let area = (place.0, place.1, place.0 + size.0, place.1 + size.1);
                lines.iter().any(|other| touches(area, *other))
            };
            let crosses = |place: (f32, f32)| {
                let leader = leader(*circle, place, size);
                // The circle of a point at the same position is not crossed, but left.
                let others = taken.iter().filter(|other| !touches(**other, *circle));
                let mut others = others;
                others.any(|other| leader.iter().any(|part| touches(*part, *other)))
            };
            let beside: Vec<_> = beside(*circle, size)
                .into_iter()
                .filter(|place| is_free(*place))
                .collect();
            let near = beside
                .iter()
                .find(|place| !on_line(**place))
                .or(beside.first());
            if let Some((x, y)) = near.copied() {
                taken.push((x, y, x + size.0, y + size.1));
                return Some((x, y, true));
            }
            let away: Vec<_> = away(*circle, size, frame)
                .into_iter()
                .filter(|place| is_free(*place))
                .collect();
            let clear = away
                .iter()
                .find(|place| !on_line(**place) && !crosses(**place));
            let clear = clear.or_else(|| away.iter().find(|place| !crosses(**place)));
            let (x, y) = clear.or(away.first()).copied()?;
            taken.push((x, y, x + size.0, y + size.1));
            lines.extend(leader(*circle, (x, y), size));
            Some((x, y, false))
        })
        .collect()
}

/// Returns the positions next to a circle, the best first.
fn beside(circle: Area, (width, height): (f32, f32)) -> [(f32, f32); 8] {
    let middle = center(circle);
    [
        (circle.2 + 4.0, middle.1 - height / 2.0),
        (circle.0 - 4.0 - width, middle.1 - height / 2.0),
        (middle.0 - width / 2.0, circle.1 - height),
        (middle.0 - width / 2.0, circle.3),
        (circle.2 + 1.0, middle.1 - height),
        (circle.0 - 1.0 - width, middle.1),
        (circle.0 - 1.0 - width, middle.1 - height),
        (circle.2 + 1.0, middle.1),
    ]
}

/// Returns positions farther away from a circle: first at the right and the left edge, where several names form a list,
/// then everywhere else. The nearest are first. A line connects the name to its circle.
fn away(circle: Area, (width, height): (f32, f32), frame: Area) -> Vec<(f32, f32)> {
    let middle = center(circle);
    let rows = ((frame.3 - frame.1) / height).floor() as usize;
    let columns = ((frame.2 - frame.0) / (width / 2.0).max(1.0)).ceil() as usize;
    let distance = |(x, y): &(f32, f32)| {
        let aside = (x - middle.0).max(middle.0 - x - width).max(0.0);
        aside.hypot(y + height / 2.0 - middle.1)
    };
    let at = |columns: Vec<f32>| {
        let rows = (0..rows).map(|row| frame.1 + height * row as f32);
        let places = rows.flat_map(|y| columns.iter().map(move |x| (*x, y)));
        let mut places: Vec<(f32, f32)> = places.collect();
        places.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
        places
    };
    let left = frame.0 + 12.0;
    let mut places = at(vec![frame.2 - width - 6.0, left]);
    places.extend(at((1..columns)
        .map(|column| left + width / 2.0 * column as f32)
        .collect()));
    places
}

/// Returns the end of the line from a circle to its name: the nearer end of the name.
pub fn leader_end(
    circle: (f32, f32),
    (x, y): (f32, f32),
    (width, height): (f32, f32),
) -> (f32, f32) {
    let end = if x + width / 2.0 > circle.0 {
        x - 2.0
    } else {
        x + width + 2.0
    };
    (end, y + height / 2.0)
}

/// Returns small areas that cover the line from a circle to its name.
fn leader(circle: Area, place: (f32, f32), size: (f32, f32)) -> Vec<Area> {
    const STEPS: usize = 40;
    let from = center(circle);
    let to = leader_end(from, place, size);
    let parts = (0..=STEPS).map(|step| step as f32 / STEPS as f32);
    let along = parts.map(|part| {
        (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        )
    });
    along
        .map(|(x, y)| (x - 0.5, y - 0.5, x + 0.5, y + 0.5))
        .collect()
}

fn center(area: Area) -> (f32, f32) {
    ((area.0 + area.2) / 2.0, (area.1 + area.3) / 2.0)
}

/// Returns whether two areas overlap.
pub fn touches(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Fonts;
    use crate::pdf::text::Engine;

    #[test]
    fn names_touch_neither_bubbles_nor_each_other() {
        let mut engine = Engine::new(&Fonts::bundled());
        let frame = (LEFT, 100.0, LEFT + 400.0, 100.0 + HEIGHT);
        // 12 bubbles, 8 of them at the same point.
        let circles: Vec<Area> = (0..12)
            .map(|i| {
                let (x, y) = if i < 8 {
                    (250.0, 180.0)
                } else {
                    (frame.2 - 15.0, frame.1 + 15.0 + i as f32)
                };
                (x - 15.0, y - 15.0, x + 15.0, y + 15.0)
            })
            .collect();
        let names: Vec<Paragraph> = (0..12)
            .map(|i| engine.shape_cut(&format!("Integration number {i} of many"), CELL, NAME))
            .collect();
        let places = places(&names, &circles, &[], frame);
        let areas: Vec<Area> = places
            .iter()
            .zip(&names)
            .map(|(place, name)| {
                let (x, y, _) = place.expect("room for all");
                (x, y, x + name.width, y + name.height())
            })
            .collect();
        for (i, area) in areas.iter().enumerate() {
            assert!(!circles.iter().any(|circle| touches(*area, *circle)));
            assert!(!areas[i + 1..].iter().any(|other| touches(*area, *other)));
        }
    }
}
