//! Items by effort and impact, next to the client's own words.

use crate::pdf::flow::Flow;
use crate::plan::EffortGrid;

pub fn draw(flow: &mut Flow, grid: &EffortGrid) {
    let _ = (flow, grid);
}
