//! Measures the whole command on many workbooks made from the samples: workbooks per second on one core and on all
//! cores, memory, and the share of each step. Run with `cargo bench --bench batch`, optionally with a number of
//! workbooks after `--`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use partnerbook::brand::Brand;
use partnerbook::calendar;
use partnerbook::intake::{self, Sandbox};
use partnerbook::pdf::Renderer;
use partnerbook::plan::{self, Compared, Inputs};
use partnerbook::portfolio::{self, About, Tolerances};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::{Question, Record, Source};
use partnerbook::template::{self, Cell, Prefill};

/// Default number of workbooks, and number of workbooks for which the steps are measured.
const WORKBOOKS: usize = 1000;
const MEASURED: usize = 70;
/// Number of runs of the whole command.
const ROUNDS: usize = 2;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let count = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(WORKBOOKS);
    let folder = make(count)?;
    println!("{count} workbooks made from the samples, plans included\n");
    // Deleted only at the end, because the file system reuses recently deleted space slowly.
    let scratch = tempfile::tempdir_in(&folder)?;
    let cores = partnerbook::batch::cores();
    let (mut one, mut all) = (Duration::MAX, Duration::MAX);
    // The runs alternate, and the best of each counts: other programs can only make a run slower.
    for round in 0..ROUNDS {
        let out = |name: &str| scratch.path().join(format!("{name}-{round}"));
        one = one.min(run(&folder, &out("one"), count, Some("0"))?);
        all = all.min(run(&folder, &out("all"), count, None)?);
    }
    println!(
        "{cores} cores are {:.2} times as fast as one\n",
        one.as_secs_f64() / all.as_secs_f64()
    );
    steps(&folder)
}

/// Creates workbooks of `count` clients once: the samples in turn, each with its own name.
fn make(count: usize) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join(format!("target/batch-of-{count}"));
    if folder.join("complete").exists() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder)?;
    let questionnaire = Questionnaire::built_in()?;
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(root.join("samples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            samples.push(path);
        }
    }
    samples.sort();
    let readings: Vec<_> = samples
        .iter()
        .map(|path| intake::read_file(&questionnaire, path, &Sandbox::none()))
        .collect::<std::result::Result<_, _>>()?;
    for (index, reading) in (0..count).zip(readings.iter().cycle()) {
        let mut prefill = Prefill::from_answers(&questionnaire, &reading.answers, &reading.issues);
        prefill.set(
            questionnaire.identity.company,
            Cell::Text(format!("Client {index:05}")),
        );
        let bytes = template::workbook(
            &questionnaire,
            &prefill,
            &partnerbook::look::Palette::DEFAULT,
        )?;
        std::fs::write(folder.join(format!("client-{index:05}.xlsx")), bytes)?;
    }
    std::fs::write(folder.join("complete"), "")?;
    Ok(folder)
}

/// Runs the command once into a new folder, on all cores or on the given one.
fn run(folder: &Path, out: &Path, count: usize, core: Option<&str>) -> Result<Duration> {
    let program = env!("CARGO_BIN_EXE_partnerbook");
    let mut command = match core {
        // Linux only. The command then detects one core and uses one worker.
        Some(core) => {
            let mut command = Command::new("taskset");
            command.args(["-c", core, program]);
            command
        }
        None => Command::new(program),
    };
    let start = Instant::now();
    let mut child = command
        .args(["report", "--quiet", "--date", "2026-11-23", "-o"])
        .arg(out)
        .arg(folder)
        .spawn()?;
    let mut peak = None;
    while child.try_wait()?.is_none() {
        peak = peak.max(peak_memory(child.id()));
        std::thread::sleep(Duration::from_millis(50));
    }
    let time = start.elapsed();
    let plans = std::fs::read_dir(out.join("plans"))?.count();
    if plans != count {
        return Err(format!("{plans} plans of {count} workbooks").into());
    }
    println!(
        "{}: {:.1} s, {:.0} workbooks a second, {} at its peak",
        if core.is_some() {
            "one core"
        } else {
            "all cores"
        },
        time.as_secs_f64(),
        count as f64 / time.as_secs_f64(),
        peak.map_or("memory unknown".into(), |peak| format!(
            "{} MB",
            peak / 1000
        )),
    );
    Ok(time)
}

/// Returns the peak memory of a process, in kB, if the system reports it.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Measures each step for some of the workbooks, one after another on one core.
fn steps(folder: &Path) -> Result<()> {
    let questionnaire = Questionnaire::built_in()?;
    let brand = Brand::bundled()?;
    let mut renderer = Renderer::new(&brand.fonts, &brand.look);
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("no such day")?;
    let mut times = [("read", Duration::ZERO); 6];
    let mut records: Vec<Record> = Vec::new();
    let mut last = Instant::now();
    for index in 0..MEASURED {
        let mut lap = |step: usize, name| {
            times[step].0 = name;
            times[step].1 += last.elapsed();
            last = Instant::now();
        };
        let path = folder.join(format!("client-{index:05}.xlsx"));
        if !path.exists() {
            break;
        }
        let reading = intake::read_file(&questionnaire, &path, &Sandbox::none())?;
        lap(0, "read");
        let plan = plan::build(Inputs {
            questionnaire: &questionnaire,
            answers: &reading.answers,
            issues: reading.issues,
            source: Source {
                file: "a.xlsx".into(),
                path: path.clone(),
                sha256: reading.sha256,
            },
            today,
            sender: &brand.sender,
            compared: Compared::default(),
            prints: partnerbook::pdf::can_print,
        });
        lap(1, "check, score, plan");
        let pdf = renderer.render(&plan)?;
        lap(2, "PDF");
        let (calendar, _) = calendar::write(&plan.record, "a", None);
        lap(3, "calendar");
        let scratch = tempfile::tempdir_in(folder)?;
        for (name, bytes) in [("a.pdf", &pdf[..]), ("a.ics", calendar.as_bytes())] {
            partnerbook::output::write_atomic(&scratch.path().join(name), bytes)?;
        }
        lap(4, "write, synced");
        records.push(plan.record);
    }
    let about = About {
        issue_names: Default::default(),
        title: "T".into(),
        tool_version: "0".into(),
        questionnaire: "p".into(),
        made: today,
        method: Vec::new(),
        tolerances: Tolerances::default(),
        links_to_plans: vec![None; records.len()],
        sources: vec![PathBuf::new(); records.len()],
        repeated: Vec::new(),
        failures: Vec::new(),
        statuses: None,
    };
    let start = Instant::now();
    portfolio::write(
        &records,
        &about,
        &questionnaire.portfolio,
        &Question::all(&questionnaire),
        &brand.look,
        std::io::sink(),
    )?;
    times[5] = ("its part of the portfolio workbook", start.elapsed());
    let whole: Duration = times.iter().map(|(_, time)| *time).sum();
    println!("steps of one workbook, on one core:");
    for (name, time) in times {
        println!(
            "{:>5.2} ms {:>3.0} %  {name}",
            time.as_secs_f64() * 1000.0 / records.len() as f64,
            100.0 * time.as_secs_f64() / whole.as_secs_f64()
        );
    }
    Ok(())
}
