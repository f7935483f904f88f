//! A calculation in large numbers.

use crate::pdf::flow::Flow;

pub fn draw(flow: &mut Flow, title: &str, factors: &[(String, String)], result: &(String, String)) {
    let _ = (flow, title, factors, result);
}
