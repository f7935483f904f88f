//! Points in four quarters, next to short texts.

use crate::pdf::flow::Flow;
use crate::plan::Quadrants;

pub fn draw(flow: &mut Flow, quadrants: &Quadrants) {
    let _ = (flow, quadrants);
}
