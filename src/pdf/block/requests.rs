//! A box with what the reader is asked for.

use crate::pdf::flow::Flow;
use crate::plan::Request;

pub fn draw(flow: &mut Flow, title: &str, requests: &[Request]) {
    let _ = (flow, title, requests);
}
