//! Processes items on several threads and passes on the results in the order of the items.
//!
//! One thread handles the results, so that everything that is shared or depends on order, such as slugs and files, is
//! the same for any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, LockResult, Mutex, PoisonError};

use super::Workers;

/// How many items the workers may be ahead of the results that were passed on. This limits memory if one item is slow.
const WINDOW: usize = 64;

/// The number of results passed on when no more are.
const ENDED: usize = usize::MAX;

/// Processes all items. Each worker has its own state. Passes each result to `hand_over` on the caller's thread.
///
/// Returns how many items were processed. This is fewer than all if the run was stopped. The processed items are then
/// the first ones.
pub fn parallel_map_ordered<I: Sync, S, T: Send>(
    items: &[I],
    workers: Workers,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, &I) -> T + Sync,
    mut hand_over: impl FnMut(usize, T),
) -> usize {
    let Workers { jobs, stop } = workers;
    let jobs = jobs.clamp(1, items.len().max(1));
    let next = AtomicUsize::new(0);
    let progress = Progress::new(jobs);
    let early: Mutex<Vec<(usize, T)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let _end = AtEnd(|| progress.update(|counts| counts.working -= 1));
                let mut state = state();
                while !stop.load(Ordering::Relaxed) {
                    // Workers take items in ascending order, so that a stopped run leaves no gaps.
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else {
                        break;
                    };
                    let is_ahead =
                        |counts: &Counts| index >= counts.handed_over.saturating_add(WINDOW);
                    if progress.wait_while(is_ahead).handed_over == ENDED {
                        break;
                    }
                    let result = work(&mut state, index, item);
                    unpoisoned(early.lock()).push((index, result));
                    progress.update(|counts| counts.done += 1);
                }
            });
        }
        // However this function ends, no worker waits any longer.
        let _end = AtEnd(|| progress.update(|counts| counts.handed_over = ENDED));
        let (mut handed_over, mut seen) = (0, 0);
        loop {
            let counts = progress.wait_while(|counts| counts.done == seen && counts.working > 0);
            if counts.done == seen {
                break;
            }
            seen = counts.done;
            while let Some(result) = take(&early, handed_over) {
                hand_over(handed_over, result);
                handed_over += 1;
                progress.update(|counts| counts.handed_over = handed_over);
            }
        }
        handed_over
    })
}

/// Removes the result of an item, if there is one already.
fn take<T>(early: &Mutex<Vec<(usize, T)>>, index: usize) -> Option<T> {
    let mut early = unpoisoned(early.lock());
    let place = early.iter().position(|(own, _)| *own == index)?;
    Some(early.swap_remove(place).1)
}

/// How far the threads are. Each change wakes those that wait.
struct Progress {
    counts: Mutex<Counts>,
    changed: Condvar,
}

#[derive(Clone, Copy)]
struct Counts {
    /// Workers that have not ended.
    working: usize,
    /// Results that are there.
    done: usize,
    /// Results that were passed on.
    handed_over: usize,
}

impl Progress {
    fn new(working: usize) -> Self {
        Self {
            counts: Mutex::new(Counts {
                working,
                done: 0,
                handed_over: 0,
            }),
            changed: Condvar::new(),
        }
    }

    fn update(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = unpoisoned(self.counts.lock());
        change(&mut counts);
        drop(counts);
        self.changed.notify_all();
    }

    fn wait_while(&self, condition: impl Fn(&Counts) -> bool) -> Counts {
        let counts = unpoisoned(self.counts.lock());
        *unpoisoned(self.changed.wait_while(counts, |counts| condition(counts)))
    }
}

/// Returns what a lock protects, even if a thread panicked. A panic is passed on when all threads have ended.
fn unpoisoned<T>(locked: LockResult<T>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}

/// Does something when it is dropped, also if a thread panics.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        self.0();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn workers(jobs: usize, stop: &AtomicBool) -> Workers<'_> {
        Workers { jobs, stop }
    }

    #[test]
    fn results_come_in_order_whatever_the_threads_do() {
        let items: Vec<u64> = (0..300).collect();
        for jobs in [0, 1, 2, 7] {
            let mut seen = Vec::new();
            let done = parallel_map_ordered(
                &items,
                workers(jobs, &AtomicBool::new(false)),
                || (),
                |(), _, item| {
                    if item % 50 == 0 {
                        std::thread::sleep(std::time::Duration::from_millis(3));
                    }
                    item * 2
                },
                |index, result| seen.push((index as u64, result)),
            );
            assert_eq!(done, 300);
            assert!(seen.iter().copied().eq(items.iter().map(|i| (*i, i * 2))));
        }
    }

    #[test]
    fn work_does_not_run_far_ahead() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let mut handed = 0;
        parallel_map_ordered(
            &items,
            workers(4, &AtomicBool::new(false)),
            || (),
            |(), _, _| begun.fetch_add(1, Ordering::SeqCst),
            |_, _| {
                assert!(begun.load(Ordering::SeqCst) <= handed + WINDOW + 4);
                handed += 1;
            },
        );
        assert_eq!(handed, 1000);
    }

    #[test]
    fn what_is_done_when_it_stops_has_no_gaps() {
        let items = [(); 500];
        let stop = AtomicBool::new(false);
        let mut seen = 0;
        let done = parallel_map_ordered(
            &items,
            workers(3, &stop),
            || (),
            |(), index, ()| index,
            |index, _| {
                assert_eq!(index, seen);
                seen += 1;
                if index == 20 {
                    stop.store(true, Ordering::Relaxed);
                }
            },
        );
        assert_eq!(done, seen);
        assert!(done < 500);
    }
}
