//! Bars on a time axis.

use crate::pdf::flow::Flow;
use crate::plan::Timeline;

pub fn draw(flow: &mut Flow, timeline: &Timeline) {
    let _ = (flow, timeline);
}
