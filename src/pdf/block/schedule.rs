//! The roadmap as a chart with its dates.

use crate::pdf::flow::Flow;
use crate::plan::Schedule;

pub fn draw(flow: &mut Flow, schedule: &Schedule) {
    let _ = (flow, schedule);
}
