//! Many clients → one consolidated workbook with native charts over all of them.
//!
//! Words of the worksheets come from the records; this room knows none. Each sheet is made by one file. The records pass by
//! a few times and are never held all at once; what grows with the clients are a few figures and a row each.

mod about;
mod answers;
mod charts;
mod digest;
mod findings;
mod grid;
mod metrics;
mod overview;
mod rankings;
mod revenue;
mod roadmap;
mod scores;

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::answers::Answers;
use self::digest::Digest;
use self::grid::Book;
use self::metrics::Metrics;
use self::overview::Overview;
use self::rankings::Rankings;
use self::revenue::Revenue;
use self::roadmap::Roadmap;
use self::scores::Scores;
use crate::caught::caught;
use crate::finding::{Finding, Severity};
use crate::plan::{AnswerLine, Question, Record};
use crate::text::for_cell;

/// The consolidated workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PortfolioError {
    /// A limit of the format, or a file that cannot be written.
    #[error("the consolidated workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
    /// Its rows wait on the disk, and there is no room.
    #[error(
        "the consolidated workbook cannot be made: its rows find no room in the folder. See that there is room on the disk, and run it again"
    )]
    NoRoom,
    /// A client's record cannot be read again.
    #[error(
        "the consolidated workbook cannot be made: a client's record cannot be read again ({0})"
    )]
    Record(#[from] std::io::Error),
}

/// How hard the workbook is deflated: harder, it shrinks by a fifth, and everybody waits while one core does it.
const DEFLATE: u8 = 2;

/// What is done with each client's figures.
pub type Visit<'v> = dyn FnMut(&Record) -> Result<(), PortfolioError> + 'v;
/// What is done with each client's findings, by its place and name.
pub type VisitFindings<'v> = dyn FnMut(usize, &str, &[Finding]) -> Result<(), PortfolioError> + 'v;

/// The clients in their order, more perhaps than memory holds.
pub trait Clients {
    /// How many there are.
    fn count(&self) -> usize;

    /// Shows the figures of one after another; findings and answers may be missing.
    ///
    /// # Errors
    /// When a record cannot be read, or as the visitor says.
    fn figures(&self, visit: &mut Visit) -> Result<(), PortfolioError>;

    /// Shows the findings of one after another. Clients without any of this severity may be left out.
    ///
    /// # Errors
    /// As [`Clients::figures`].
    fn findings(&self, severity: Severity, visit: &mut VisitFindings)
    -> Result<(), PortfolioError>;
}

impl Clients for [Record] {
    fn count(&self) -> usize {
        self.len()
    }

    fn figures(&self, visit: &mut Visit) -> Result<(), PortfolioError> {
        self.iter().try_for_each(visit)
    }

    fn findings(&self, _: Severity, visit: &mut VisitFindings) -> Result<(), PortfolioError> {
        let mut clients = self.iter().enumerate();
        clients.try_for_each(|(index, record)| visit(index, &record.client.name, &record.findings))
    }
}

/// What a reader should know of the workbook.
#[derive(Debug, Clone)]
pub struct About {
    /// Its title.
    pub title: String,
    /// Version of this program.
    pub tool_version: String,
    /// Programme and its version.
    pub programme: String,
    /// The run date.
    pub made: NaiveDate,
    /// How the scores are made.
    pub method: Vec<String>,
    /// Path of each plan's PDF from the workbook's folder, in the clients' order.
    pub links_to_plans: Vec<Option<String>>,
    /// Path of each workbook as given, in the clients' order.
    pub sources: Vec<std::path::PathBuf>,
    /// Clients with several workbooks, and these.
    pub repeated: Vec<(String, String)>,
    /// Files that were not processed, and why.
    pub failures: Vec<(String, String)>,
}

/// The workbook under way. Answers are added client by client, as they come; all else is written when the last one is known.
pub struct Portfolio {
    book: Book,
    answers: Answers,
}

impl Portfolio {
    /// Begins the workbook of at most so many clients. Its rows wait in a folder, in files without a name.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn begin(
        questions: &[Question],
        clients: usize,
        folder: &Path,
    ) -> Result<Self, PortfolioError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let mut book = Book::new(workbook);
        let answers = Answers::begin(&mut book, questions, clients)?;
        Ok(Self { book, answers })
    }

    /// Adds the answers of the next client.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn add_answers(
        &mut self,
        client: &str,
        file: &str,
        answers: &[AnswerLine],
    ) -> Result<(), PortfolioError> {
        let Self {
            book,
            answers: sheets,
        } = self;
        // The writer of the rows panics where its file cannot be written.
        caught(|| sheets.client(book, client, file, answers))
            .ok_or(PortfolioError::NoRoom)?
            .map_err(PortfolioError::Workbook)
    }

    /// Writes the workbook as an xlsx file. The same inputs give the same bytes.
    ///
    /// # Errors
    /// When the data run into a limit of Excel that is not foreseen here, or a record cannot be read.
    pub fn finish(
        self,
        clients: &(impl Clients + ?Sized),
        about: &About,
        into: impl Write + Send,
    ) -> Result<(), PortfolioError> {
        caught(|| self.finish_rows(clients, about, into)).unwrap_or(Err(PortfolioError::NoRoom))
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
        } = self;
        let book = &mut whole;
        let count = clients.count();
        let digest = Digest::of(clients)?;
        let blocks = charts::blocks(&digest);
        let mut overview = Overview::begin(book, &digest, about)?;
        let mut scores = Scores::begin(book, &digest)?;
        let mut rankings = Rankings::begin(book, &digest)?;
        let mut revenue = Revenue::begin(book, &blocks, count)?;
        let mut roadmap = Roadmap::begin(book, &digest)?;
        let mut metrics = Metrics::begin(book, &digest)?;
        let mut inputs = about::Sheet::begin(book, about, count)?;
        let mut plans = about.links_to_plans.iter();
        clients.figures(&mut |record| {
            let plan = plans.next().and_then(Option::as_deref);
            overview.client(&digest, record, plan)?;
            scores.client(record)?;
            rankings.client(book, record)?;
            revenue.client(record)?;
            roadmap.client(book, record)?;
            metrics.client(book, record)?;
            Ok(inputs.client(record)?)
        })?;
        let findings = findings::write(book, clients, &digest, about)?;
        let mut sheets = vec![overview.end(&digest, &blocks)?];
        sheets.extend(scores.end());
        sheets.extend(rankings.end(&blocks)?);
        sheets.push(revenue.end());
        sheets.extend(roadmap.end(&blocks)?);
        sheets.extend(metrics.end());
        sheets.extend(findings);
        sheets.extend(answers.end()?);
        sheets.push(inputs.end());
        sheets.push(charts::data_sheet(book, &blocks)?);
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

/// Writes the workbook of clients that are in memory.
///
/// # Errors
/// As [`Portfolio::finish`].
pub fn write(
    records: &[Record],
    about: &About,
    questions: &[Question],
    into: impl Write + Send,
) -> Result<(), PortfolioError> {
    let mut portfolio = Portfolio::begin(questions, records.len(), &std::env::temp_dir())?;
    for record in records {
        portfolio.add_answers(&record.client.name, &record.source.file, &record.answers)?;
    }
    portfolio.finish(records, about, into)
}

/// A client's name as all sheets show it, so that it can be matched between them.
fn client(record: &Record) -> String {
    for_cell(&record.client.name)
}

#[cfg(test)]
mod tests;
