//! Creates one portfolio workbook with native Excel charts for all clients.
//!
//! Labels of the worksheets come from the records, not from this module. Each file of the module writes one sheet or a
//! group of sheets. The module reads the records several times and never keeps all of them in memory. It keeps only a
//! few values and a row per client.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! # let plan = partnerbook::plan::build(partnerbook::plan::Inputs {
//! #     questionnaire: &questionnaire,
//! #     answers,
//! #     issues: reading.issues,
//! #     source: partnerbook::record::Source {
//! #         file: "halvorsen-sensors.xlsx".into(),
//! #         path: "samples/halvorsen-sensors.xlsx".into(),
//! #         sha256: reading.sha256,
//! #     },
//! #     today: "2026-11-23".parse()?,
//! #     sender: &partnerbook::plan::Sender::default(),
//! #     compared: partnerbook::plan::Compared::default(),
//! #     prints: partnerbook::pdf::can_print,
//! # });
//! use partnerbook::portfolio::{self, About, Tolerances};
//! use partnerbook::record::Question;
//!
//! let about = About {
//!     issue_names: Default::default(),
//!     title: questionnaire.title.clone(),
//!     tool_version: "0.1".into(),
//!     questionnaire: questionnaire.id.clone(),
//!     made: plan.record.report_date,
//!     method: Vec::new(),
//!     tolerances: Tolerances::default(),
//!     links_to_plans: vec![None],
//!     sources: vec!["samples/halvorsen-sensors.xlsx".into()],
//!     repeated: Vec::new(),
//!     failures: Vec::new(),
//!     statuses: None,
//! };
//! let brand = partnerbook::brand::Brand::bundled()?;
//! let questions = Question::all(&questionnaire);
//! let mut bytes = Vec::new();
//! let texts = &questionnaire.portfolio;
//! portfolio::write(&[plan.record], &about, texts, &questions, &brand.look, &mut bytes)?;
//! assert!(bytes.starts_with(b"PK"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod about;
mod answers;
mod builder;
mod cell;
mod changes;
mod charts;
mod clients;
mod compare;
mod dashboard;
mod issues;
mod long_table;
mod marks;
mod metrics;
mod quartiles;
mod rankings;
mod reference;
mod revenue;
mod roadmap;
mod scores;
mod status;
mod summary;
mod table;
mod tally;
mod theme;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::answers::Answers;
use self::builder::WorkbookBuilder;
use self::changes::Changes;
use self::charts::Blocks;
use self::metrics::Metrics;
use self::rankings::Rankings;
use self::revenue::Revenue;
use self::roadmap::Roadmap;
use self::scores::Scores;
use self::summary::PortfolioSummary;
use self::tally::Tally;
use crate::issue::Issue;
use crate::panics::catch_panic;
use crate::pdf::Look;
use crate::questionnaire::PortfolioTexts;
use crate::record::{AnswerLine, ClientRef, Question, Record, Status};
use crate::text::{for_cell, upper_first};

/// An error while creating the portfolio workbook.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PortfolioError {
    /// A limit of the file format is exceeded, or a file cannot be written.
    #[error("the portfolio workbook cannot be created: {0}")]
    Workbook(#[from] XlsxError),
    /// Temporary files with rows cannot be written, usually because the disk is full.
    #[error(
        "the portfolio workbook cannot be created: the disk is full. Free up disk space and run the command again"
    )]
    NoRoom,
    /// A client's record cannot be read again.
    #[error(
        "the portfolio workbook cannot be created: a client's record cannot be read again ({0})"
    )]
    Record(#[from] std::io::Error),
}

/// Deflate level of the workbook. Higher levels make the file about 20% smaller, but compression is slow and uses only
/// one core.
const DEFLATE: u8 = 2;

/// Access to the clients in the order of their files. Not all records need to fit in memory.
pub trait Clients {
    /// Returns the number of clients.
    fn count(&self) -> usize;

    /// Returns the record of a client. Its issues and answers may be missing.
    ///
    /// # Errors
    /// Returns an error if the record cannot be read.
    fn figures(&self, index: usize) -> Result<Cow<'_, Record>, PortfolioError>;

    /// Returns the issues of a client.
    ///
    /// # Errors
    /// Returns an error if the record cannot be read, as [`Clients::figures`] does.
    fn issues(&self, index: usize) -> Result<Cow<'_, [Issue]>, PortfolioError>;
}

impl Clients for [Record] {
    fn count(&self) -> usize {
        self.len()
    }

    fn figures(&self, index: usize) -> Result<Cow<'_, Record>, PortfolioError> {
        Ok(Cow::Borrowed(&self[index]))
    }

    fn issues(&self, index: usize) -> Result<Cow<'_, [Issue]>, PortfolioError> {
        Ok(Cow::Borrowed(&self[index].issues))
    }
}

/// Information about the run, for the sheet About and for links.
#[derive(Debug, Clone)]
pub struct About {
    /// Names of the types of issues, by their code. A rule without a name is called by its code.
    pub issue_names: HashMap<String, String>,
    /// Title of the workbook.
    pub title: String,
    /// Version of partnerbook.
    pub tool_version: String,
    /// Questionnaire and its version.
    pub questionnaire: String,
    /// The run date.
    pub made: NaiveDate,
    /// Notes on how the scores are calculated.
    pub method: Vec<String>,
    /// Allowed differences between entered and calculated values.
    pub tolerances: Tolerances,
    /// Path of each plan's PDF, relative to the folder of the portfolio workbook, in the order of the clients.
    pub links_to_plans: Vec<Option<String>>,
    /// Path of each client's workbook, absolute or relative to the folder of the portfolio workbook, in the order of
    /// the clients.
    pub sources: Vec<PathBuf>,
    /// Clients with several workbooks: client name and workbooks.
    pub repeated: Vec<(String, String)>,
    /// Files that were not processed: file name and reason.
    pub failures: Vec<(String, String)>,
    /// The status of each client of the roster. `None` outside an engagement.
    pub statuses: Option<Status>,
}

/// Allowed differences between entered and calculated values, from the rules of the questionnaire. `None` means that
/// the questionnaire has no rule, and differences are not marked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tolerances {
    /// Allowed difference of the return on investment, as a fraction of the calculated value.
    pub roi: Option<f64>,
    /// Allowed difference of the payback, in months.
    pub payback_months: Option<f64>,
}

impl About {
    /// Returns the path of a client's workbook, or an empty path if there is none.
    fn source(&self, index: usize) -> &Path {
        self.sources
            .get(index)
            .map_or(Path::new(""), PathBuf::as_path)
    }

    /// Returns the name of an issue code: that of its rule, or else `value-invalid` becomes "Value invalid".
    fn type_name(&self, code: &str) -> String {
        if let Some(name) = self.issue_names.get(code) {
            return name.clone();
        }
        upper_first(&code.replace('-', " "))
    }

    /// Returns the path of a client's plan, relative to the folder of the portfolio workbook.
    fn plan(&self, index: usize) -> Option<&str> {
        self.links_to_plans.get(index)?.as_deref()
    }
}

/// Writer of the portfolio workbook. [`Portfolio::add`] writes the answers and counts the issues of one client at a
/// time. [`Portfolio::finish`] writes everything else.
pub struct Portfolio {
    book: WorkbookBuilder,
    answers: Answers,
    tally: Tally,
}

impl Portfolio {
    /// Begins a workbook for at most `clients` clients. Rows are stored in unnamed temporary files in `folder`.
    ///
    /// # Errors
    /// Returns an error if a temporary file cannot be created.
    pub fn begin(
        texts: &Arc<PortfolioTexts>,
        questions: &[Question],
        clients: usize,
        look: &Look,
        folder: &Path,
    ) -> Result<Self, PortfolioError> {
        // rust_xlsxwriter panics if it cannot write its temporary file.
        catch_panic(|| Self::begin_rows(texts, questions, clients, look, folder))
            .unwrap_or(Err(PortfolioError::NoRoom))
    }

    fn begin_rows(
        texts: &Arc<PortfolioTexts>,
        questions: &[Question],
        clients: usize,
        look: &Look,
        folder: &Path,
    ) -> Result<Self, PortfolioError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let mut book = WorkbookBuilder::new(workbook, look, texts);
        let answers = Answers::begin(&mut book, questions, clients)?;
        Ok(Self {
            book,
            answers,
            tally: Tally::new(questions, &texts.values.elsewhere),
        })
    }

    /// Adds the answers and the issues of the next client.
    ///
    /// # Errors
    /// Returns an error if a temporary file cannot be written.
    pub fn add(
        &mut self,
        record: &Record,
        answers: &[AnswerLine],
        issues: &[Issue],
    ) -> Result<(), PortfolioError> {
        self.tally.client(issues);
        let client_ref = ClientRef::of(record);
        catch_panic(|| self.answers.client(client_ref, answers))
            .ok_or(PortfolioError::NoRoom)?
            .map_err(PortfolioError::Workbook)
    }

    /// Writes the workbook as an xlsx file. The same inputs produce the same bytes.
    ///
    /// # Errors
    /// Returns an error if a record cannot be read, if a file cannot be written, or if the data exceed an Excel limit
    /// that this module does not handle.
    pub fn finish(
        self,
        clients: &(impl Clients + ?Sized),
        about: &About,
        into: impl Write + Send,
    ) -> Result<(), PortfolioError> {
        catch_panic(|| self.finish_rows(clients, about, into))
            .unwrap_or(Err(PortfolioError::NoRoom))
    }

    fn finish_rows(
        self,
        clients: &(impl Clients + ?Sized),
        about: &About,
        into: impl Write + Send,
    ) -> Result<(), PortfolioError> {
        let Self {
            book: mut whole,
            answers,
            tally,
        } = self;
        let book = &mut whole;
        let today = about.made;
        let mut summary = PortfolioSummary::of(clients, today, book.texts.clone())?;
        let scores = summary.plain.iter().chain(&summary.ranked);
        summary.sheets = scores.map(|score| book.reserve(&score.label)).collect();
        let summary = &summary;
        let blocks = &Blocks::of(summary, &tally, &book.theme);
        let dashboard = dashboard::write(book, summary, blocks, about)?;
        let mut overview = clients::Sheet::begin(book, summary)?;
        let statuses = status::write(book, about)?;
        let mut scores = Scores::begin(book, summary)?;
        let mut rankings = Rankings::begin(book, summary, blocks)?;
        // Omit the sheet if no client has financial values: the questionnaire may not ask for them.
        let revenue = summary
            .has_finance()
            .then(|| Revenue::begin(book, summary, blocks, about.tolerances));
        let mut revenue = revenue.transpose()?;
        // Likewise without a roadmap and without targets.
        let has_roadmap = summary.activities > 0;
        let roadmap = has_roadmap.then(|| Roadmap::begin(book, summary, today));
        let mut roadmap = roadmap.transpose()?;
        let due = has_roadmap.then(|| roadmap::write_due(book, clients, summary, blocks, today));
        let due = due.transpose()?;
        let metrics = (summary.targets > 0).then(|| Metrics::begin(book, summary));
        let mut metrics = metrics.transpose()?;
        let mut changes = Changes::begin(book, summary)?;
        let kinds = issues::write_summary(book, summary, &tally, (blocks, about))?;
        let issues = issues::write(book, clients, (summary, &tally), about)?;
        let names = names(clients, summary)?;
        let compare = compare::write(book, summary, &names)?;
        let data = blocks.sheet(book)?;
        let mut inputs = about::Sheet::begin(book, summary, about, &contents(summary, about))?;
        for &index in &summary.order {
            let record = &*clients.figures(index)?;
            let figures = &summary.clients[index];
            let links = (about.plan(index), about.source(index));
            overview.client(summary, figures, record, links)?;
            scores.client(figures, record)?;
            rankings.client(book, record)?;
            if let Some(revenue) = &mut revenue {
                revenue.client(record)?;
            }
            if let Some(roadmap) = &mut roadmap {
                roadmap.client(book, record)?;
            }
            if let Some(metrics) = &mut metrics {
                metrics.client(book, record)?;
            }
            changes.client(book, record)?;
            inputs.client(record)?;
        }
        let mut sheets = vec![dashboard, overview.end()];
        sheets.extend(statuses);
        sheets.extend(compare);
        sheets.extend(scores.end());
        sheets.extend(rankings.end());
        sheets.extend(revenue.map(Revenue::end));
        sheets.extend(roadmap.into_iter().flat_map(Roadmap::end));
        sheets.extend(due.into_iter().flatten());
        sheets.extend(metrics.into_iter().flat_map(Metrics::end));
        sheets.extend(changes.end());
        sheets.push(kinds);
        sheets.extend(issues);
        sheets.extend(answers.end()?);
        sheets.extend([inputs.end(), data]);
        let mut workbook = whole.with(sheets)?;
        let created = about.made.format("%Y-%m-%d").to_string();
        let created = ExcelDateTime::parse_from_str(&created)?;
        workbook.set_zip_compression_level(DEFLATE);
        workbook.set_properties(
            &DocProperties::new()
                .set_title(for_cell(&about.title))
                .set_comment(format!("partnerbook {}", about.tool_version))
                .set_creation_datetime(&created),
        );
        Ok(workbook.save_to_writer(into)?)
    }
}

/// Returns the client names in the order of [`PortfolioSummary::order`].
fn names(
    clients: &(impl Clients + ?Sized),
    summary: &PortfolioSummary,
) -> Result<Vec<String>, PortfolioError> {
    let name = |index: &usize| Ok(client(&*clients.figures(*index)?));
    summary.order.iter().map(name).collect()
}

/// Returns the name and the description of each sheet that the workbook has.
fn contents(summary: &PortfolioSummary, about: &About) -> Vec<(String, String)> {
    let (names, contents) = (&summary.texts.sheets, &summary.texts.contents);
    let (plain, ranked) = summary.sheets.split_at(summary.plain.len());
    let (money, roadmap) = (summary.has_finance(), summary.activities > 0);
    let changes = summary.changes.clients > 0;
    let before = [
        (&names.dashboard, &contents.dashboard, true),
        (&names.clients, &contents.clients, true),
        (&names.status, &contents.status, about.statuses.is_some()),
        (&names.compare, &contents.compare, true),
    ];
    let scores = plain.iter().map(|name| (name, &contents.score, true));
    let rankings = ranked.iter().map(|name| (name, &contents.ranking, true));
    let after = [
        (&names.revenue, &contents.revenue, money),
        (&names.roadmap, &contents.roadmap, roadmap),
        (&names.upcoming, &contents.upcoming, roadmap),
        (&names.metrics, &contents.metrics, summary.targets > 0),
        (&names.change, &contents.change, changes),
        (&names.commitments, &contents.commitments, changes),
        (&names.resolved, &contents.resolved, changes),
        (&names.issue_types, &contents.issue_types, true),
        (&names.issues, &contents.issues, true),
        (&names.answers, &contents.answers, true),
        (&names.answer_list, &contents.answer_list, true),
        (&names.about, &contents.about, true),
        (&names.chart_data, &contents.chart_data, true),
    ];
    let all = before.into_iter().chain(scores).chain(rankings);
    let shown = all.chain(after).filter(|(.., is_there)| *is_there);
    shown
        .map(|(name, holds, _)| (name.clone(), holds.clone()))
        .collect()
}

/// Writes the workbook for clients whose records are in memory.
///
/// # Errors
/// Returns the errors of [`Portfolio::begin`], [`Portfolio::add`], and [`Portfolio::finish`].
pub fn write(
    records: &[Record],
    about: &About,
    texts: &Arc<PortfolioTexts>,
    questions: &[Question],
    look: &Look,
    into: impl Write + Send,
) -> Result<(), PortfolioError> {
    let folder = std::env::temp_dir();
    let mut portfolio = Portfolio::begin(texts, questions, records.len(), look, &folder)?;
    for record in records {
        portfolio.add(record, &record.answers, &record.issues)?;
    }
    portfolio.finish(records, about, into)
}

/// Returns a client's name as shown on all sheets, so that formulas can match it between sheets.
fn client(record: &Record) -> String {
    for_cell(&record.client.name)
}

#[cfg(test)]
mod tests;
