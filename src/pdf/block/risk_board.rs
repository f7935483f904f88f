//! Risks on a grid of likelihood and impact, with what to do about each.

use crate::pdf::flow::Flow;
use crate::plan::RiskBoard;

pub fn draw(flow: &mut Flow, board: &RiskBoard) {
    let _ = (flow, board);
}
