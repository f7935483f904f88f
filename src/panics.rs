//! Converts panics of libraries into errors. Some readers index out of bounds in damaged files, and a writer panics if
//! the disk is full.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Whether this thread runs code whose panics are reported as errors.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a closure that may panic. Returns `None` if it panicked; discard the data that it worked on.
pub fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CATCHING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(before);
    result.ok()
}

/// Prevents caught panics from being printed in addition to their error. Call once, at program start.
#[cfg(feature = "cli")]
pub fn silence_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CATCHING.get() {
            usual(panic);
        }
    }));
}
