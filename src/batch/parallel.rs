//! Processes items on several threads and passes on the results in the order of the items.
//!
//! One thread handles the results, so that everything that is shared or depends on order, such as slugs and files, is
//! the same for any number of threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

use super::Workers;

/// How many items the workers may be ahead of the results that were passed on. This limits memory if one item is slow.
const WINDOW: usize = 64;

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
    let next = AtomicUsize::new(0);
    let handed_over = (Mutex::new(0), Condvar::new());
    let (sender, results) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            let sender = sender.clone();
            let (next, handed_over, state, work) = (&next, &handed_over, &state, &work);
            scope.spawn(move || {
                let mut state = state();
                while !stop.load(Ordering::Relaxed) {
                    // Workers take items in ascending order, so that a stopped run leaves no gaps.
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else {
                        break;
                    };
                    let (count, moved) = handed_over;
                    let count = count.lock().unwrap_or_else(PoisonError::into_inner);
                    drop(moved.wait_while(count, |count| index >= *count + WINDOW));
                    if sender.send((index, work(&mut state, index, item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        // However this function ends, no worker waits any longer.
        let _release = Release(&handed_over);
        let mut early = BTreeMap::new();
        let mut done = 0;
        for (index, result) in results {
            early.insert(index, result);
            while let Some(result) = early.remove(&done) {
                hand_over(done, result);
                done += 1;
                let (count, moved) = &handed_over;
                *count.lock().unwrap_or_else(PoisonError::into_inner) = done;
                moved.notify_all();
            }
        }
        done
    })
}

/// Unblocks all workers on drop.
struct Release<'h>(&'h (Mutex<usize>, Condvar));

impl Drop for Release<'_> {
    fn drop(&mut self) {
        let (count, moved) = self.0;
        *count.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX - WINDOW;
        moved.notify_all();
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
