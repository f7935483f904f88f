//! Two subjects compared on several scales, next to a quotation.

use crate::pdf::flow::Flow;
use crate::plan::Pairs;

pub fn draw(flow: &mut Flow, pairs: &Pairs) {
    let _ = (flow, pairs);
}
