//! Malicious files. Each is checked by the command, as a user would, and its memory and time are measured. Each run
//! ends with one clear error or with issues, stays within the limits, and does not affect other files.

mod archive;
mod mutated;
mod ods;
mod special;
mod xls;
mod xlsb;
mod xlsx;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::common;

/// Limits for a file: memory of all processes together, in bytes, and time.
const MAX_MEMORY: u64 = 256 << 20;
const MAX_TIME: Duration = Duration::from_secs(10);
/// Time for a file that does no harm.
const USUAL_TIME: Duration = Duration::from_millis(300);

/// A malicious file.
struct Case {
    /// File name with extension.
    name: &'static str,
    /// Text that the error message must contain, or "read" if the answers must be read nevertheless.
    says: &'static str,
    make: fn() -> Vec<u8>,
}

fn case(name: &'static str, says: &'static str, make: fn() -> Vec<u8>) -> Case {
    Case { name, says, make }
}

/// The result of a run of the command.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
    time: Duration,
    memory: u64,
}

impl Run {
    /// Returns what went wrong: an exceeded limit, an unexpected exit code, or a panic.
    fn faults(&self, most: Duration) -> Vec<String> {
        let mut faults = Vec::new();
        if self.memory > MAX_MEMORY {
            faults.push(format!("took {} MB", self.memory >> 20));
        }
        if self.time > most {
            faults.push(format!("took {:.1} s", self.time.as_secs_f64()));
        }
        if !matches!(self.code, Some(0 | 1 | 3)) {
            faults.push(format!("ended with {:?}", self.code));
        }
        for word in ["internal error", "panicked", "overflow", "RUST_BACKTRACE"] {
            if self.err.contains(word) {
                faults.push(format!("says {:?}", self.err));
            }
        }
        faults
    }
}

/// Runs `partnerbook check` on a path, and measures the process and its children.
fn check(path: &Path, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_partnerbook"))
        .args(["check", "--date", "2026-11-23"])
        .args(arguments)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let (id, done, peak) = (child.id(), AtomicBool::new(false), AtomicU64::new(0));
    let own = command_of(std::process::id());
    let status = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(peak_of(id, &own), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let status = child.wait().unwrap();
        done.store(true, Ordering::Relaxed);
        status
    });
    Run {
        code: status.code(),
        out: std::fs::read_to_string(out).unwrap(),
        err: std::fs::read_to_string(err).unwrap(),
        time: started.elapsed(),
        memory: peak.into_inner(),
    }
}

/// Returns the peak memory of a process and its children, in bytes. Returns 0 on systems other than Linux. The kernel's
/// value for an ended process is not usable, because it includes the memory of the process that started it.
fn peak_of(id: u32, starter: &[u8]) -> u64 {
    let command = command_of(id);
    // Until a child process calls exec, its memory is that of the process that started it.
    if command == starter {
        return 0;
    }
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let own = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or_default();
    let threads = std::fs::read_dir(format!("/proc/{id}/task"));
    let children = threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let of_children: u64 = children
        .flat_map(|ids| {
            let ids = ids.split_whitespace().filter_map(|id| id.parse().ok());
            ids.collect::<Vec<u32>>()
        })
        .map(|id| peak_of(id, &command))
        .sum();
    (own << 10) + of_children
}

fn command_of(id: u32) -> Vec<u8> {
    std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default()
}

/// Runs all cases in one command and reports all failures together. With `HOSTILE_EACH`, as in CI, each also runs alone within
/// the limits of a single file, and its time and memory are shown.
fn try_all(cases: Vec<Case>) {
    let folder = tempfile::tempdir().unwrap();
    for case in &cases {
        std::fs::write(folder.path().join(case.name), (case.make)()).unwrap();
    }
    let mut faults = Vec::new();
    if std::env::var_os("HOSTILE_EACH").is_some() {
        for case in &cases {
            let run = check(&folder.path().join(case.name), &[]);
            let (time, mb) = (run.time.as_secs_f64(), run.memory >> 20);
            println!("{time:5.2} s {mb:4} MB  {}: {}", case.name, run.err.trim());
            let own = run.faults(MAX_TIME).into_iter();
            faults.extend(own.map(|fault| format!("{}, alone: {fault}", case.name)));
        }
    }
    let run = check(folder.path(), &["--jobs", "1"]);
    let time = MAX_TIME + USUAL_TIME * u32::try_from(cases.len()).unwrap();
    faults.extend(run.faults(time));
    let wanted = cases.iter().filter(|case| case.says != "read").count();
    if run.err.lines().count() != wanted {
        faults.push(format!("says other than one sentence a file: {}", run.err));
    }
    for case in &cases {
        let path = folder.path().join(case.name).display().to_string();
        let errors: Vec<&str> = run
            .err
            .lines()
            .filter(|line| line.contains(&path))
            .collect();
        let read = run.out.lines().any(|line| line.starts_with(&path));
        let wrong = match errors.as_slice() {
            [] if case.says == "read" && read => continue,
            [] => format!("was not read, and no error says why: {}", run.err),
            [error] if case.says != "read" && error.contains(case.says) => continue,
            errors => format!("says {errors:?}"),
        };
        faults.push(format!("{}: {wrong}", case.name));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    match Path::new("/proc/thread-self/children").exists() {
        true => assert!(run.memory > 0, "no memory was measured"),
        false => {
            eprintln!("this system does not tell the memory of processes: it was not measured")
        }
    }
}

#[test]
fn archives() {
    try_all(archive::cases());
}

#[test]
fn xlsx() {
    try_all(xlsx::cases());
}

#[test]
fn xlsb() {
    try_all(xlsb::cases());
}

#[test]
fn xls() {
    try_all(xls::cases());
}

#[test]
fn ods() {
    try_all(ods::cases());
}
