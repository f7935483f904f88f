//! Places names next to the points of a chart, so that they cover neither a point nor each other.

use crate::pdf::text::Paragraph;

/// Left, top, right, bottom.
pub type Area = (f32, f32, f32, f32);

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
    use crate::pdf::theme::CELL;

    #[test]
    fn names_touch_neither_bubbles_nor_each_other() {
        let mut engine = Engine::new(&Fonts::bundled());
        let frame = (82.0, 100.0, 482.0, 261.0);
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
            .map(|i| engine.shape_cut(&format!("Integration number {i} of many"), CELL, 120.0))
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
