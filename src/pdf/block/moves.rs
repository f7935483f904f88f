//! What to do first: numbered, with owner and date.

use crate::pdf::flow::Flow;
use crate::plan::Move;

pub fn draw(flow: &mut Flow, title: &str, moves: &[Move]) {
    let _ = (flow, title, moves);
}
