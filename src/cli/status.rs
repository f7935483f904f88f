//! `partnerbook status`: where each client of an engagement stands. `report` writes the same to the portfolio workbook.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::engagement::{RosterChoice, handed_out, print_problems, read_inbox};
use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, counted, print_line,
    print_warning,
};
use crate::batch;
use crate::engagement::{Problem, Register, Roster, client_statuses, status};
#[cfg(feature = "mail")]
use crate::outbox::Kind;
use crate::output::names::RESULTS;
use crate::plan::{Compared, Sender};
use crate::questionnaire::{PortfolioTexts, Questionnaire};
use crate::record::{ClientStatus, PlanState, Returned, Status, Stranger, results};
use crate::text::{shorten, shown_path};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    roster: RosterChoice,
    /// Folder of the returned workbooks [default: the one of partnerbook.toml, else inbox]
    #[arg(long, value_name = "DIR")]
    inbox: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A table
    Human,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    status: &'a Status,
    unread: Vec<(String, String)>,
    roster: &'a [Problem],
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    let roster = arguments.roster.read(&questionnaire, context)?;
    let configured = context.config.engagement.as_ref();
    let configured = configured.map(|own| own.inbox.as_path());
    let folder = arguments.inbox.as_deref().or(configured);
    let folder = folder.unwrap_or(Path::new("inbox")).to_owned();
    let register = Register::read(&handed_out(None, context)).map_err(|error| error.to_string())?;
    let today = arguments.date.day();
    let setting = batch::Setting {
        questionnaire: &questionnaire,
        sandbox: &super::sandbox()?,
        blank: &super::blank_text(&questionnaire)?,
        today,
        sender: &Sender::default(),
        compared: Compared::default(),
    };
    let (inbox, unread) = read_inbox(&folder, setting, arguments.jobs.workers(context))?;
    let sent = Sent::read(&context.output(None))?;
    let plans = plans(&context.output(None), &sent)?;
    let due = context.config.due();
    let status = status(&roster, &register, &inbox, &plans, &sent.copies, due, today);
    let texts = &questionnaire.portfolio;
    match arguments.format {
        Format::Json => {
            let document = Document {
                status: &status,
                unread,
                roster: &roster.problems,
            };
            let json =
                serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
            print_line(&json);
        }
        Format::Csv => print_line(csv(&status, texts)?.trim_end()),
        Format::Human => {
            print_problems(&roster.problems);
            print_line(&table(&status, texts, today));
            for stranger in &status.strangers {
                let name = stranger.name.as_deref().unwrap_or("without a name");
                print_warning(&format!(
                    "{} is not in the roster ({name})",
                    shown_path(&stranger.file)
                ));
            }
            for (path, why) in &unread {
                print_warning(&format!("{path} {why}"));
            }
        }
    }
    Ok(Outcome::Fine)
}

/// Returns the plans in the output folder, by client ID.
fn plans(folder: &Path, sent: &Sent) -> Result<HashMap<String, PlanState>, CommandError> {
    let mut plans = HashMap::new();
    let path = folder.join(RESULTS);
    if !path.exists() {
        return Ok(plans);
    }
    let unreadable =
        |why: &dyn std::fmt::Display| format!("{} cannot be read ({why})", path.display());
    for line in results::lines(&path).map_err(|error| unreadable(&error))? {
        let line = line.map_err(|error| unreadable(&error))?;
        let record = results::from_line(&line).map_err(|error| unreadable(&error))?;
        let plan = record.outputs.plan.as_ref();
        if let (Some(id), Some(plan)) = (&record.client.id, plan) {
            let state = PlanState {
                made: record.report_date,
                source: record.source.sha256.clone(),
                sent: sent.plans.get(&plan.sha256).copied(),
            };
            plans.insert(id.clone(), state);
        }
    }
    Ok(plans)
}

/// The engagement that the workbooks of `report` belong to.
#[derive(Debug)]
pub struct EngagementOfRun {
    roster: Roster,
    register: Register,
    sent: Sent,
    due: Option<NaiveDate>,
    today: NaiveDate,
}

impl EngagementOfRun {
    /// Reads the roster, the register, and the send log. Returns `None` outside an engagement.
    pub fn read(
        questionnaire: &Questionnaire,
        context: &Context,
        output: &Path,
        today: NaiveDate,
    ) -> Result<Option<Self>, CommandError> {
        if context.config.engagement.is_none() {
            return Ok(None);
        }
        let register = Register::read(&handed_out(None, context));
        Ok(Some(Self {
            roster: RosterChoice::default().read(questionnaire, context)?,
            register: register.map_err(|error| error.to_string())?,
            sent: Sent::read(output)?,
            due: context.config.due(),
            today,
        }))
    }

    /// Reads like [`EngagementOfRun::read`]. Prints a warning if it fails.
    pub fn read_or_warn(
        questionnaire: &Questionnaire,
        context: &Context,
        output: &Path,
        today: NaiveDate,
    ) -> Option<Self> {
        Self::read(questionnaire, context, output, today).unwrap_or_else(|error| {
            print_warning(&format!(
                "the portfolio workbook has no sheet Status: {}",
                error.message
            ));
            None
        })
    }
}

impl batch::Statuses for EngagementOfRun {
    fn of(&self, processed: Vec<batch::Processed>) -> Status {
        let plans = processed.iter().filter_map(|own| {
            let plan = own.plan.as_ref()?;
            let state = PlanState {
                made: self.today,
                source: own.returned.source.clone(),
                sent: self.sent.plans.get(plan).copied(),
            };
            Some((own.client.clone()?, state))
        });
        let plans: HashMap<String, PlanState> = plans.collect();
        let returned: HashMap<&str, &Returned> = processed
            .iter()
            .filter_map(|own| Some((own.client.as_deref()?, &own.returned)))
            .collect();
        let is_known = |own: &&batch::Processed| {
            let client = own.client.as_deref();
            client.is_some_and(|client| self.roster.has(client))
        };
        let strangers = processed.iter().filter(|own| !is_known(own));
        let strangers = strangers.map(|own| Stranger {
            file: own.returned.file.clone(),
            name: own.name.clone(),
        });
        let clients = client_statuses(
            &self.roster,
            &self.register,
            |id| returned.get(id).map(|own| (*own).clone()),
            &plans,
            &self.sent.copies,
            self.due,
            self.today,
        );
        Status {
            clients,
            strangers: strangers.collect(),
        }
    }
}

/// When plans and annotated copies were sent.
#[derive(Debug, Default)]
struct Sent {
    /// By the fingerprint of the plan.
    plans: HashMap<String, NaiveDate>,
    /// By the fingerprint of the workbook.
    copies: HashMap<String, NaiveDate>,
}

impl Sent {
    /// Reads the send log of an output folder.
    #[cfg(feature = "mail")]
    fn read(folder: &Path) -> Result<Self, CommandError> {
        let send_log = crate::outbox::SendLog::read(folder)?;
        Ok(Self {
            plans: send_log.sent(Kind::Plan),
            copies: send_log.sent(Kind::Correction),
        })
    }

    #[cfg(not(feature = "mail"))]
    fn read(_: &Path) -> Result<Self, CommandError> {
        Ok(Self::default())
    }
}

/// Returns the headings, which are those of the portfolio workbook.
fn headings(texts: &PortfolioTexts) -> [String; 10] {
    let heads = &texts.columns;
    [
        &heads.client,
        &heads.due,
        &heads.handed_out,
        &heads.returned,
        &heads.complete,
        &heads.errors,
        &heads.copy_sent,
        &heads.plan,
        &heads.sent,
        &heads.next_step,
    ]
    .map(Clone::clone)
}

/// Returns the cells of a client.
fn cells(client: &ClientStatus, texts: &PortfolioTexts) -> [String; 10] {
    let date = |date: Option<NaiveDate>| date.map_or(String::new(), |date| date.to_string());
    let returned = client.returned.as_ref();
    let saved = returned.map(|own| match own.saved {
        Some(saved) => saved.date().to_string(),
        None => shown_path(&own.file),
    });
    [
        client.name.clone(),
        date(client.due),
        date(client.handed_out),
        saved.unwrap_or_default(),
        returned.map_or(String::new(), |own| format!("{}%", own.complete)),
        returned.map_or(String::new(), |own| own.errors.to_string()),
        date(returned.and_then(|own| own.copy_sent)),
        date(client.plan.as_ref().map(|plan| plan.made)),
        date(client.plan.as_ref().and_then(|plan| plan.sent)),
        client.next.words(texts).to_owned(),
    ]
}

/// Formats a row per client, then the totals.
fn table(status: &Status, texts: &PortfolioTexts, today: NaiveDate) -> String {
    const MAX_NAME: usize = 40;
    let mut rows = vec![headings(texts)];
    for client in &status.clients {
        let mut row = cells(client, texts);
        row[0] = shorten(&row[0], MAX_NAME);
        if client.late {
            row[1] += &format!(" {}", texts.columns.late.to_lowercase());
        }
        rows.push(row);
    }
    let mut lines = vec![super::aligned(&rows, 4..6)];
    let count =
        |wanted: fn(&ClientStatus) -> bool| status.clients.iter().filter(|own| wanted(own)).count();
    lines.push(String::new());
    lines.push(format!(
        "{} on {today}: {} handed out, {} returned, {} late, {} with errors, {}",
        counted(status.clients.len(), "client"),
        count(|own| own.handed_out.is_some()),
        count(|own| own.returned.is_some()),
        count(|own| own.late),
        count(|own| own.returned.as_ref().is_some_and(|own| own.errors > 0)),
        counted(count(|own| own.plan.is_some()), "plan"),
    ));
    lines.join("\n")
}

fn csv(status: &Status, texts: &PortfolioTexts) -> Result<String, CommandError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: &dyn std::fmt::Display| CommandError::from(error.to_string());
    let heads = &texts.columns;
    let more = [&heads.email, &heads.late, &heads.file, &heads.warnings];
    writer
        .write_record(headings(texts).iter().chain(more))
        .map_err(|error| failed(&error))?;
    let late = heads.late.to_lowercase();
    for client in &status.clients {
        let returned = client.returned.as_ref();
        let more = [
            client.email.clone().unwrap_or_default(),
            if client.late {
                late.clone()
            } else {
                String::new()
            },
            returned.map_or(String::new(), |own| shown_path(&own.file)),
            returned.map_or(String::new(), |own| own.warnings.to_string()),
        ];
        let cells = cells(client, texts);
        let row = cells
            .iter()
            .chain(&more)
            .map(|cell| crate::text::no_formula(cell).into_owned());
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
