//! Reasons for the decision, each with the page that explains it.

use crate::pdf::flow::Flow;
use crate::plan::Reason;

pub fn draw(flow: &mut Flow, title: &str, rows: &[Reason]) {
    let _ = (flow, title, rows);
}
