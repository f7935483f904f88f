//! The sandbox: parses untrusted workbooks in a child process with limits on time and, on Unix, memory.
//!
//! The child gets the format and the bytes of a workbook, but no path, and returns the cells. The caller specifies the
//! program, which must call [`serve`] if its first argument is [`COMMAND`].

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::IntakeError;
use super::book::ParsedWorkbook;
use super::format::Format;

/// The argument that starts the program as a sandbox worker.
pub const COMMAND: &str = "sandbox-worker";

/// Memory that the worker may use for a workbook, in bytes of address space, beyond what the program itself maps. With
/// the copy of the file in the parent, the total stays below 256 MB.
#[cfg(unix)]
const MEMORY: u64 = 152 << 20;
/// What the program maps on a system that does not tell.
#[cfg(unix)]
const USUAL_PROGRAM: u64 = 48 << 20;
/// Limit of processor time for one workbook.
#[cfg(unix)]
const PROCESSOR_TIME: Duration = Duration::from_secs(8);
/// Limit of time for one workbook. Longer than the limit of processor time, because the workers may wait for processors.
const TIME: Duration = Duration::from_secs(24);
/// Maximum size of the worker's reply, in bytes: twice what the limits on a workbook allow.
const MAX_BOOK_SIZE: u64 = 96 << 20;

/// Parses untrusted workbooks in a child process.
#[derive(Debug, Clone, Default)]
pub struct Sandbox {
    program: Option<PathBuf>,
}

/// Settings of mimalloc, the command's allocator, in the worker: nothing is reserved ahead, since reserved memory would not count
/// against the limit, and freed memory goes back at once.
const ALLOCATOR: [(&str, &str); 2] = [
    ("MIMALLOC_ARENA_RESERVE", "0"),
    ("MIMALLOC_PURGE_DELAY", "0"),
];

impl Sandbox {
    /// No sandbox: every format is parsed in this process, protected by the pre-scans only. For trusted workbooks.
    pub fn none() -> Self {
        Self::default()
    }

    /// A sandbox whose worker is a program that calls [`serve`], such as `partnerbook` itself.
    pub fn of(program: PathBuf) -> Self {
        Self {
            program: Some(program),
        }
    }

    /// Reads a workbook in the sandbox.
    pub(super) fn open(
        &self,
        format: Format,
        bytes: Vec<u8>,
    ) -> Result<ParsedWorkbook, IntakeError> {
        let Some(program) = &self.program else {
            return ParsedWorkbook::open(format, bytes);
        };
        let started = Command::new(program)
            .arg(COMMAND)
            .env_clear()
            .envs(ALLOCATOR)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        // If the sandbox cannot start, the workbook is not parsed.
        let mut child = started.map_err(|error| {
            IntakeError::NoSandbox(crate::text::shorten(&error.to_string(), 120))
        })?;
        let result = converse(&mut child, format, bytes);
        // The worker has replied or reached the time limit.
        let _ = child.kill();
        let _ = child.wait();
        result
    }
}

/// The reply of the worker.
#[derive(Serialize, Deserialize)]
struct Answer(Result<ParsedWorkbook, IntakeError>);

fn converse(
    child: &mut Child,
    format: Format,
    bytes: Vec<u8>,
) -> Result<ParsedWorkbook, IntakeError> {
    let gone = || {
        IntakeError::Excessive(
            "reading it needs more memory or time than a workbook of answers can".into(),
        )
    };
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(gone());
    };
    // The worker reads all input before it replies. If it exits early, the missing reply is the error.
    let (sender, receiver) = mpsc::channel();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&[format as u8]);
        let _ = stdin.write_all(&bytes);
    });
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        let read = stdout.take(MAX_BOOK_SIZE).read_to_end(&mut answer);
        let _ = sender.send(read.map(|_| answer));
    });
    let answer = receiver.recv_timeout(TIME);
    // Ends both threads, even if they are blocked.
    let _ = child.kill();
    let _ = writer.join();
    let _ = reader.join();
    let Ok(Ok(answer)) = answer else {
        return Err(gone());
    };
    match postcard::from_bytes::<Answer>(&answer) {
        Ok(Answer(result)) => result,
        Err(_) => Err(gone()),
    }
}

/// Runs the worker: reads a format and a workbook from stdin and writes the cells to stdout, within the limits.
/// Returns the exit code of the process.
pub fn serve() -> u8 {
    limit();
    // The parent reports any failure, because the reply is missing.
    std::panic::set_hook(Box::new(|_| {}));
    let mut head = [0u8];
    let mut bytes = Vec::new();
    let mut stdin = std::io::stdin().lock();
    if stdin.read_exact(&mut head).is_err() {
        return 1;
    }
    let formats = [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods];
    let Some(format) = formats.into_iter().find(|format| *format as u8 == head[0]) else {
        return 1;
    };
    if stdin
        .take(super::MAX_FILE_SIZE + 1)
        .read_to_end(&mut bytes)
        .is_err()
    {
        return 1;
    }
    let answer = Answer(ParsedWorkbook::open(format, bytes));
    match postcard::to_stdvec(&answer) {
        Ok(bytes) if std::io::stdout().lock().write_all(&bytes).is_ok() => 0,
        _ => 1,
    }
}

/// Limits memory, processor time, and open files. Disables core dumps, because they would contain a client's answers.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = |value| Rlimit {
        current: Some(value),
        maximum: Some(value),
    };
    // If the system rejects a limit, only the pre-scans protect the reader.
    let _ = setrlimit(Resource::As, most(mapped() + MEMORY));
    let _ = setrlimit(Resource::Cpu, most(PROCESSOR_TIME.as_secs()));
    let _ = setrlimit(Resource::Core, most(0));
    let _ = setrlimit(Resource::Nofile, most(16));
}

/// Returns the bytes of address space that this process has mapped: mostly the program itself, which is twice as large
/// in a debug build.
#[cfg(unix)]
fn mapped() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let size = size.and_then(|size| size.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    size.map_or(USUAL_PROGRAM, |kilobytes| kilobytes << 10)
}

#[cfg(not(unix))]
fn limit() {}
