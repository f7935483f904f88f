//! Measures the portfolio workbook and the answer files of many clients made from the samples: time, memory, and size.
//! Also checks that LibreOffice, if it is installed, opens the workbook. Run with `cargo bench --bench portfolio`,
//! optionally with a number of clients after `--`.

use std::borrow::Cow;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use chrono::NaiveDate;
use partnerbook::brand::Brand;
use partnerbook::dataset::{Csv, Parquet};
use partnerbook::intake::{self, Sandbox};
use partnerbook::issue::Issue;
use partnerbook::plan::{self, Compared, Inputs};
use partnerbook::portfolio::{About, Clients, Portfolio, PortfolioError, Tolerances};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::ClientRef;
use partnerbook::record::{AnswerLine, Question, Record, Source};

/// Default number of clients.
const CLIENTS: usize = 10_000;

/// Many clients, each derived from one of a few models with its own name, values, and texts. They are created on
/// demand.
struct Many {
    models: Vec<Record>,
    count: usize,
}

impl Many {
    fn model(&self, index: usize) -> &Record {
        &self.models[index % self.models.len()]
    }

    /// Returns the answers of the model, with texts unlike those of any other client.
    fn answers(&self, index: usize) -> Vec<AnswerLine> {
        let mut answers = self.model(index).answers.clone();
        for line in answers.iter_mut().filter(|line| line.number.is_none()) {
            if !line.text.is_empty() {
                line.text.push_str(&format!(" ({index})"));
            }
        }
        answers
    }
}

impl Clients for Many {
    fn count(&self) -> usize {
        self.count
    }

    fn figures(&self, index: usize) -> Result<Cow<'_, Record>, PortfolioError> {
        let mut record = self.model(index).figures();
        record.client.name = format!("{} {index:05}", record.client.name);
        // Spreads the values, the same in every run.
        let shift = (index * 7919 % 101) as f64 / 101.0;
        for subject in record
            .scores
            .iter_mut()
            .flat_map(|score| &mut score.subjects)
        {
            subject.points = subject.points.map(|points| points * (0.8 + shift / 5.0));
        }
        Ok(Cow::Owned(record))
    }

    fn issues(&self, index: usize) -> Result<Cow<'_, [Issue]>, PortfolioError> {
        Ok(Cow::Borrowed(&self.model(index).issues))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(CLIENTS);
    let questionnaire = Questionnaire::built_in()?;
    let brand = Brand::bundled()?;
    let questions = Question::all(&questionnaire);
    // In the middle of the 90 days of the samples, so that many activities are due or overdue.
    let today = NaiveDate::from_ymd_opt(2027, 1, 25).ok_or("no such day")?;
    let clients = Many {
        models: models(&questionnaire, &brand, today)?,
        count,
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/portfolio-bench");
    std::fs::create_dir_all(&folder)?;
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);

    let start = Instant::now();
    let mut portfolio = Portfolio::begin(
        &questionnaire.portfolio,
        &questions,
        count,
        &brand.look,
        &folder,
    )?;
    for index in 0..count {
        let record = clients.figures(index)?;
        let issues = clients.issues(index)?;
        portfolio.add(&record, &clients.answers(index), &issues)?;
    }
    let about = About {
        issue_names: Default::default(),
        title: questionnaire.title.clone(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        questionnaire: questionnaire.id.clone(),
        made: today,
        method: Vec::new(),
        tolerances: Tolerances::default(),
        links_to_plans: vec![Some("plans/client.pdf".into()); count],
        sources: vec![PathBuf::from("client.xlsx"); count],
        repeated: Vec::new(),
        failures: Vec::new(),
        statuses: None,
    };
    let name = "portfolio.xlsx";
    portfolio.finish(&clients, &about, file(name)?)?;
    tell(&folder, count, name, start)?;

    let start = Instant::now();
    let mut csv = Csv::begin(&questions, file("answers.csv")?)?;
    let mut parquet = Parquet::begin(&questions, file("answers.parquet")?)?;
    for index in 0..count {
        let record = clients.figures(index)?;
        let whom = ClientRef::of(&record);
        let answers = clients.answers(index);
        csv.client(whom, &answers)?;
        parquet.client(whom, &answers)?;
    }
    csv.finish()?;
    parquet.finish()?;
    tell(&folder, count, "answers.csv", start)?;
    tell(&folder, count, "answers.parquet", start)?;
    open(&folder, name)
}

fn models(
    questionnaire: &Questionnaire,
    brand: &Brand,
    today: NaiveDate,
) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut samples: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            samples.push(path);
        }
    }
    samples.sort();
    let model = |path: &PathBuf| {
        let reading = intake::read_file(questionnaire, path, &Sandbox::none())?;
        let plan = plan::build(Inputs {
            questionnaire,
            answers: &reading.answers,
            issues: reading.issues,
            source: Source {
                file: "client.xlsx".into(),
                path: path.clone(),
                sha256: reading.sha256,
            },
            today,
            sender: &brand.sender,
            compared: Compared::default(),
            prints: partnerbook::pdf::can_print,
        });
        Ok(plan.record)
    };
    samples.iter().map(model).collect()
}

fn tell(folder: &Path, count: usize, name: &str, start: Instant) -> Result<(), Box<dyn Error>> {
    let peak = peak_memory().map_or("memory unknown".into(), |peak| {
        format!("{} MB", peak / 1000)
    });
    println!(
        "{name} of {count} clients: {:.1} s, {peak} at the peak so far, {:.1} MB",
        start.elapsed().as_secs_f64(),
        std::fs::metadata(folder.join(name))?.len() as f64 / 1e6
    );
    Ok(())
}

/// Returns the peak memory of this process, in kB, if the system reports it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Loads the workbook in LibreOffice and writes its first sheet as text.
fn open(folder: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "csv", "--outdir"])
        .arg(folder)
        .arg(folder.join(name))
        .output();
    match output {
        Ok(output) if output.status.success() && folder.join("portfolio.csv").exists() => {
            println!(
                "LibreOffice opens it in {:.0} s",
                start.elapsed().as_secs_f64()
            );
            Ok(())
        }
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into()),
        Err(_) => {
            println!("LibreOffice is not installed: not opened");
            Ok(())
        }
    }
}
