//! Shares of a whole as bars, next to a small table.

use crate::pdf::flow::Flow;
use crate::plan::{Gauge, Table};

pub fn draw(flow: &mut Flow, title: &str, gauges: &[Gauge], table: Option<&Table>) {
    let _ = (flow, title, gauges, table);
}
