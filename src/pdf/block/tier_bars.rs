//! What each tier leaves after its cost.

use crate::pdf::flow::Flow;
use crate::plan::TierBars;

pub fn draw(flow: &mut Flow, bars: &TierBars) {
    let _ = (flow, bars);
}
