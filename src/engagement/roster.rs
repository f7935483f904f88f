//! The roster: the list of clients in a workbook or a CSV file, one client per row.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::bounded;
use crate::email_address::is_email_address;
use crate::excel::column_letters;
use crate::intake::{self, IntakeError, Sandbox, TableCell, TableSheet};
use crate::questionnaire::{FieldKey, Kind, Questionnaire, TomlError, read_toml};
use crate::template::Cell;
use crate::text::{clean_text, normalize};

/// Maximum number of clients.
const MAX_CLIENTS: usize = 50_000;
/// Maximum size of a CSV file, in bytes.
const MAX_CSV_SIZE: u64 = 32 << 20;
/// Number of rows in which the headings are searched for.
const HEADING_ROWS: u32 = 20;

/// Texts of the roster that `new` creates. The headings are also those that the reader looks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RosterTexts {
    pub sheet: String,
    pub help_sheet: String,
    pub help_title: String,
    pub help: Vec<String>,
    pub help_headings: [String; 2],
    pub client: ColumnTexts,
    pub contact: ColumnTexts,
    pub email: ColumnTexts,
    pub language: ColumnTexts,
    pub currency: ColumnTexts,
    pub due: ColumnTexts,
    pub notes: ColumnTexts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnTexts {
    pub heading: String,
    pub hint: String,
}

impl RosterTexts {
    /// Returns the embedded texts. A test checks the file.
    pub fn built_in() -> Result<Self, TomlError> {
        let text = include_str!("../../templates/engagement/roster.toml");
        read_toml("roster.toml", text)
    }

    /// Returns the columns in their order.
    pub fn columns(&self) -> [(What, &ColumnTexts); 7] {
        [
            (What::Client, &self.client),
            (What::Contact, &self.contact),
            (What::Email, &self.email),
            (What::Language, &self.language),
            (What::Currency, &self.currency),
            (What::Due, &self.due),
            (What::Notes, &self.notes),
        ]
    }
}

/// What a column contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    Client,
    Contact,
    Email,
    Language,
    Currency,
    Due,
    Notes,
    /// An answer to fill in.
    Answer(FieldKey),
}

/// A client of the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// The client ID: the same in all workbooks of the client.
    pub id: String,
    /// Row in the roster, from 1.
    pub row: u32,
    /// Company name.
    pub name: String,
    /// Contact person.
    pub contact: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// When the workbook is due. `None`: the roster has no date.
    pub due: Option<NaiveDate>,
    /// Currency code.
    pub currency: Option<String>,
    /// Answers to fill in.
    pub answers: Vec<(FieldKey, Cell)>,
}

/// Whether the row of a problem is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row is skipped.
    Error,
    /// The row is used without the cell.
    Warning,
}

/// A problem in the roster.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Whether the row is used.
    pub severity: Severity,
    /// Row and cell, such as "row 5, C5".
    pub place: String,
    /// What is wrong, and how to fix it.
    pub message: String,
}

/// Why a roster cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// The file does not exist.
    #[error(
        "{0} does not exist. Run `partnerbook new` to create an engagement folder, or name the list of clients with --roster"
    )]
    NotThere(PathBuf),
    /// The file cannot be read.
    #[error("{path} {error}")]
    Workbook {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        error: IntakeError,
    },
    /// The CSV file cannot be read.
    #[error("{path} cannot be read ({why}). Save it as CSV UTF-8")]
    Csv {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// No row has the heading of the clients.
    #[error("{path} has no column \"{heading}\". The first row of the list contains the headings")]
    NoHeading {
        /// The file.
        path: PathBuf,
        /// The heading.
        heading: String,
    },
    /// There are too many clients.
    #[error("{0} has more than {MAX_CLIENTS} clients")]
    TooMany(PathBuf),
    /// The embedded texts are invalid, which the tests rule out.
    #[error("internal error: {0}")]
    Texts(#[from] TomlError),
}

/// The list of clients.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// The clients, in the order of the rows.
    pub clients: Vec<Client>,
    /// What is wrong with rows and cells.
    pub problems: Vec<Problem>,
}

impl Roster {
    /// Returns whether a client with this ID is in the roster.
    pub fn has(&self, client: &str) -> bool {
        self.clients.iter().any(|own| own.id == client)
    }

    /// Reads a roster from a workbook, or from a CSV file with commas, semicolons, or tabs.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or has no column of clients. Wrong rows are problems, not errors.
    pub fn read(
        path: &Path,
        questionnaire: &Questionnaire,
        sandbox: &Sandbox,
    ) -> Result<Self, RosterError> {
        if !path.exists() {
            return Err(RosterError::NotThere(path.to_owned()));
        }
        let is_csv = path.extension().is_some_and(|ending| {
            ["csv", "tsv", "txt"]
                .iter()
                .any(|own| ending.eq_ignore_ascii_case(own))
        });
        let sheets = match is_csv {
            true => vec![read_csv(path)?],
            false => intake::read_table(path, sandbox).map_err(|error| RosterError::Workbook {
                path: path.to_owned(),
                error,
            })?,
        };
        let texts = RosterTexts::built_in()?;
        let found = sheets.iter().find_map(|sheet| {
            let at = heading_row(sheet, &texts)?;
            Some((sheet, at))
        });
        let Some((sheet, at)) = found else {
            return Err(RosterError::NoHeading {
                path: path.to_owned(),
                heading: texts.client.heading.clone(),
            });
        };
        let mut reader = RosterReader {
            questionnaire,
            texts: &texts,
            by_name: HashMap::new(),
            roster: Self::default(),
        };
        let columns = reader.columns(&sheet.rows[at].1, sheet.rows[at].0);
        for (row, cells) in &sheet.rows[at + 1..] {
            if reader.roster.clients.len() == MAX_CLIENTS {
                return Err(RosterError::TooMany(path.to_owned()));
            }
            reader.client(*row, cells, &columns);
        }
        Ok(reader.roster)
    }
}

/// Returns the index of the row that contains the heading of the clients.
fn heading_row(sheet: &TableSheet, texts: &RosterTexts) -> Option<usize> {
    let wanted = normalize(&texts.client.heading);
    let rows = sheet.rows.iter().take_while(|(row, _)| *row < HEADING_ROWS);
    rows.enumerate().find_map(|(index, (_, cells))| {
        let is_heading = cells.iter().any(|cell| normalize(&cell.text) == wanted);
        is_heading.then_some(index)
    })
}

/// Reads a CSV file as a table. The separator is the one that the first line has most of.
fn read_csv(path: &Path) -> Result<TableSheet, RosterError> {
    let failed = |why: String| RosterError::Csv {
        path: path.to_owned(),
        why,
    };
    let text = bounded::read_text(path, MAX_CSV_SIZE).map_err(|error| failed(error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    let separator = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut row, mut counted) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| failed(error.to_string()))?;
        // The reader skips empty lines: they are between the reported position of the record and its first byte.
        let at = record.position().map_or(0, |at| at.byte() as usize);
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = at + empty.count();
        let between = text.as_bytes().get(counted..start).unwrap_or_default();
        row += between.iter().filter(|byte| **byte == b'\n').count() as u32;
        counted = start;
        let cells = (0..).zip(record.iter()).filter_map(|(column, text)| {
            let text = clean_text(text);
            (!text.is_empty()).then_some(TableCell {
                column,
                text,
                number: None,
                date: None,
                unusable: false,
            })
        });
        rows.push((row, cells.collect()));
    }
    Ok(TableSheet {
        name: String::new(),
        rows,
    })
}

struct RosterReader<'a> {
    questionnaire: &'a Questionnaire,
    texts: &'a RosterTexts,
    /// Rows of the clients by their ID.
    by_name: HashMap<String, u32>,
    roster: Roster,
}

impl RosterReader<'_> {
    /// Adds a problem of a cell, or of a row.
    fn problem(&mut self, severity: Severity, row: u32, column: Option<u32>, message: String) {
        let line = row + 1;
        let place = match column {
            Some(column) => format!("row {line}, {}{line}", column_letters(column)),
            None => format!("row {line}"),
        };
        self.roster.problems.push(Problem {
            severity,
            place,
            message,
        });
    }

    /// Returns what each column contains.
    fn columns(&mut self, headings: &[TableCell], row: u32) -> HashMap<u32, What> {
        let mut columns: HashMap<u32, What> = HashMap::new();
        for cell in headings {
            let heading = normalize(&cell.text);
            let own = self.texts.columns();
            let own = own
                .iter()
                .find(|(_, texts)| normalize(&texts.heading) == heading);
            let field = || {
                let key = self.questionnaire.key(cell.text.trim())?;
                self.questionnaire
                    .field(key)
                    .kind
                    .is_input()
                    .then_some(What::Answer(key))
            };
            let Some(what) = own.map(|(what, _)| *what).or_else(field) else {
                let message = format!(
                    "\"{}\" is neither a column of the roster nor the ID of a question, and is not used",
                    cell.text
                );
                self.problem(Severity::Warning, row, Some(cell.column), message);
                continue;
            };
            if columns.values().any(|other| *other == what) {
                let message = format!("a second column \"{}\" is not used", cell.text);
                self.problem(Severity::Warning, row, Some(cell.column), message);
                continue;
            }
            columns.insert(cell.column, what);
        }
        columns
    }

    fn client(&mut self, row: u32, cells: &[TableCell], columns: &HashMap<u32, What>) {
        let known: Vec<(What, &TableCell)> = cells
            .iter()
            .filter_map(|cell| Some((*columns.get(&cell.column)?, cell)))
            .collect();
        if known.is_empty() {
            return;
        }
        // A CSV file has no formulas, but programs write them into it as text.
        let is_unusable = |cell: &TableCell| cell.unusable || cell.text.starts_with('=');
        if let Some((_, cell)) = known.iter().find(|(_, cell)| is_unusable(cell)) {
            let message = "the cell has an error, or a formula without a result. Correct it, and save the file in your spreadsheet program".to_owned();
            self.problem(Severity::Error, row, Some(cell.column), message);
            return;
        }
        let cell = |what: What| {
            known
                .iter()
                .find(|(own, _)| *own == what)
                .map(|(_, cell)| *cell)
        };
        let Some(name) = cell(What::Client) else {
            let message = "the client has no name and is skipped".to_owned();
            return self.problem(Severity::Error, row, None, message);
        };
        let id = intake::client_id(&name.text);
        if let Some(first) = self.by_name.get(&id) {
            let message = format!(
                "\"{}\" is already in row {} and is skipped here. Give each client a unique name",
                name.text, first
            );
            return self.problem(Severity::Error, row, Some(name.column), message);
        }
        let language = &self.questionnaire.language;
        if let Some(cell) = cell(What::Language)
            && !cell.text.eq_ignore_ascii_case(language)
        {
            let message = format!(
                "the questionnaire has no language \"{}\", only \"{language}\". The client is skipped",
                cell.text
            );
            return self.problem(Severity::Error, row, Some(cell.column), message);
        }
        let answers = known.iter().filter_map(|(what, cell)| match what {
            What::Answer(key) => Some((*key, self.answer(*key, cell))),
            _ => None,
        });
        let answers = answers.collect();
        let client = Client {
            id: id.clone(),
            row: row + 1,
            name: name.text.clone(),
            contact: cell(What::Contact).map(|cell| cell.text.clone()),
            email: self.email(row, &name.text, cell(What::Email)),
            due: cell(What::Due).and_then(|cell| self.due(row, cell)),
            currency: cell(What::Currency).and_then(|cell| self.currency(row, cell)),
            answers,
        };
        self.by_name.insert(id, row + 1);
        self.roster.clients.push(client);
    }

    /// Returns the email address of a client. Reports one that is missing or not valid.
    fn email(&mut self, row: u32, client: &str, cell: Option<&TableCell>) -> Option<String> {
        let Some(cell) = cell else {
            let message = format!("\"{client}\" has no email address");
            self.problem(Severity::Warning, row, None, message);
            return None;
        };
        if is_email_address(&cell.text) {
            return Some(cell.text.clone());
        }
        let message = format!(
            "\"{}\" is not an email address. Enter one address, such as name@company.com",
            cell.text
        );
        self.problem(Severity::Warning, row, Some(cell.column), message);
        None
    }

    /// Returns the day on which the workbook is due. Reports a text that is not a date.
    fn due(&mut self, row: u32, cell: &TableCell) -> Option<NaiveDate> {
        let due = cell.date.or_else(|| cell.text.parse().ok());
        if due.is_none() {
            let message = format!(
                "\"{}\" is not a date. Enter one such as 2026-12-18",
                cell.text
            );
            self.problem(Severity::Warning, row, Some(cell.column), message);
        }
        due
    }

    /// Returns the code of a currency. Reports one that the client cannot choose.
    fn currency(&mut self, row: u32, cell: &TableCell) -> Option<String> {
        let code = cell.text.to_uppercase();
        if self.currencies().contains(&code) {
            return Some(code);
        }
        let message = format!(
            "\"{}\" is not a currency. Enter an ISO 4217 code, such as EUR",
            cell.text
        );
        self.problem(Severity::Warning, row, Some(cell.column), message);
        None
    }

    /// Returns the codes of the currencies that the client can choose.
    fn currencies(&self) -> &[String] {
        let key = self.questionnaire.identity.currency;
        match key.map(|key| &self.questionnaire.field(key).kind) {
            Some(Kind::Choice { list }) => &self.questionnaire.choices[*list].options,
            _ => &[],
        }
    }

    /// Returns an answer as the cell of the workbook.
    fn answer(&self, key: FieldKey, cell: &TableCell) -> Cell {
        let is_percent = matches!(
            self.questionnaire.field(key).kind,
            Kind::Percent | Kind::Share
        );
        match (cell.date, cell.number) {
            (Some(date), _) => Cell::Date(date),
            // A cell with a percent format contains a fraction, and shows a percent sign.
            (_, Some(number)) if is_percent && cell.text.contains('%') => {
                Cell::Number(100.0 * number)
            }
            (_, Some(number)) => Cell::Number(number),
            _ => match cell.text.parse::<f64>() {
                Ok(number) if number.is_finite() => Cell::Number(number),
                _ => Cell::Text(cell.text.clone()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Roster {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clients.csv");
        std::fs::write(&path, text).unwrap();
        let questionnaire = Questionnaire::built_in().unwrap();
        Roster::read(&path, &questionnaire, &Sandbox::none()).unwrap()
    }

    #[test]
    fn rows_are_clients_and_every_problem_has_its_place() {
        let roster = read(
            "\u{feff}Client;Contact;Email;Due date;Currency;Language;readiness.status.active_partnerships;Colour\n\
             Acme;Ann;ann@acme.example;2026-12-18;eur;en;4;\n\
             ;Bob;bob@b.example;;;;;\n\
             ACME ;Cid;cid@c.example;;;;;\n\
             Dora;Dee;nobody;18.12.2026;XXQ;;;\n\
             \n\
             Ede;Eva;;;;fr;;\n\
             =A2;Fay;;;;;;\n\
             Acme.;Gus;;;;;;\n",
        );
        let names: Vec<&str> = roster.clients.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(names, ["Acme", "Dora"]);
        let acme = &roster.clients[0];
        assert_eq!(acme.email.as_deref(), Some("ann@acme.example"));
        assert_eq!(acme.due, NaiveDate::from_ymd_opt(2026, 12, 18));
        assert_eq!(acme.currency.as_deref(), Some("EUR"));
        assert_eq!(acme.answers[0].1, Cell::Number(4.0));
        let problems: Vec<String> = roster
            .problems
            .iter()
            .map(|own| format!("{}: {}", own.place, own.message))
            .collect();
        let expected = [
            "row 1, H1: \"Colour\" is neither",
            "row 3: the client has no name",
            "row 4, A4: \"ACME\" is already in row 2",
            "row 5, C5: \"nobody\" is not an email address",
            "row 5, D5: \"18.12.2026\" is not a date",
            "row 5, E5: \"XXQ\" is not a currency",
            "row 7, F7: the questionnaire has no language \"fr\"",
            "row 8, A8: the cell has an error, or a formula without a result",
            "row 9, A9: \"Acme.\" is already in row 2",
        ];
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.starts_with(expected), "{problem}");
        }
    }

    #[test]
    fn a_file_without_the_heading_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clients.csv");
        std::fs::write(&path, "Name,Mail\nAcme,a@a.example\n").unwrap();
        let questionnaire = Questionnaire::built_in().unwrap();
        let error = Roster::read(&path, &questionnaire, &Sandbox::none()).unwrap_err();
        assert!(
            error.to_string().contains("no column \"Client\""),
            "{error}"
        );
    }
}
