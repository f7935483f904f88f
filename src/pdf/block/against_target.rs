//! Values as bars against a target.

use crate::pdf::flow::Flow;
use crate::plan::AgainstTarget;

pub fn draw(flow: &mut Flow, bars: &AgainstTarget) {
    let _ = (flow, bars);
}
