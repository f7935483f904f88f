//! Cumulative balances by month, in one panel per way of counting.

use crate::pdf::flow::Flow;
use crate::plan::Balances;

pub fn draw(flow: &mut Flow, balances: &Balances) {
    let _ = (flow, balances);
}
