//! A sentence with emphasized parts.

use crate::pdf::flow::Flow;

pub fn draw(flow: &mut Flow, title: &str, pieces: &[(String, bool)]) {
    let _ = (flow, title, pieces);
}
