//! Panics of libraries that are told as errors: readers of damaged files that index without asking, and a writer that
//! panics where a disk is full.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Whether this thread does what may panic and is told otherwise.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Does work that may panic; none when it did. What it was working on is not to be used any more then.
pub fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CATCHING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(before);
    result.ok()
}

/// Keeps the panics that are told as errors from being printed beside them. For programs, once, at their start.
#[cfg(feature = "cli")]
pub fn silence_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CATCHING.get() {
            usual(panic);
        }
    }));
}
