//! `partnerbook new`, `handout`, and `status`: the engagement around the plans.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, counted, print_error,
    print_line, print_warning,
};
use crate::batch;
use crate::brand::Brand;
use crate::config;
use crate::engagement::{
    self, HandedOut, Handout, Inbox, NextRound, Problem, Register, Roster, Severity, Status,
};
#[cfg(feature = "mail")]
use crate::engagement::{Cadence, Mailing};
use crate::look::Palette;
#[cfg(feature = "mail")]
use crate::outbox::{Email, Kind};
use crate::output::names::RESULTS;
use crate::plan::{Compared, Sender};
use crate::questionnaire::PortfolioTexts;
use crate::questionnaire::Questionnaire;
use crate::record::{ClientStatus, PlanState, Returned, results};
use crate::text::{shorten, shown_path};

#[derive(Debug, clap::Args)]
pub struct New {
    /// Folder to create
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn create(arguments: &New, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    engagement::create(&arguments.folder, config::FILE, &questionnaire)
        .map_err(|error| CommandError::new(&error, error.is_machine()))?;
    print_line(&format!(
        "{}: an engagement. Enter your clients in clients.xlsx, then run `partnerbook handout` in this folder",
        arguments.folder.display()
    ));
    Ok(Outcome::Fine)
}

/// The list of clients.
#[derive(Debug, clap::Args)]
struct RosterChoice {
    /// List of clients (.xlsx, .ods, or .csv) [default: the one of partnerbook.toml]
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
}

impl RosterChoice {
    fn read(
        &self,
        questionnaire: &Questionnaire,
        context: &Context,
    ) -> Result<Roster, CommandError> {
        let configured = context.config.engagement.as_ref().map(|own| &own.roster);
        let path = self.roster.as_ref().or(configured).ok_or(
            "there is no list of clients. Run this in an engagement folder (see `partnerbook new`), or name a list with --roster",
        )?;
        Roster::read(path, questionnaire, &super::sandbox()?)
            .map_err(|error| CommandError::from(error.to_string()))
    }
}

fn print_problems(problems: &[Problem]) {
    for problem in problems {
        let line = format!("roster, {}: {}", problem.place, problem.message);
        match problem.severity {
            Severity::Error => print_error(&line),
            Severity::Warning => print_warning(&line),
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct HandoutArguments {
    #[command(flatten)]
    roster: RosterChoice,
    /// Folder for the workbooks [default: the one of partnerbook.toml, else handed-out]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// When the workbooks are due, for clients without a due date of their own
    #[arg(long, value_name = "DATE", value_parser = super::parse_day)]
    due: Option<NaiveDate>,
    /// Brand file (TOML): logo, colors, contact
    #[arg(long, value_name = "FILE")]
    brand: Option<PathBuf>,
    /// Create all workbooks again, and overwrite those that were changed
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

/// Returns the folder of the workbooks that are handed out.
fn handed_out(given: Option<&Path>, context: &Context) -> PathBuf {
    let configured = context.config.engagement.as_ref();
    let configured = configured.map(|own| own.handed_out.as_path());
    given
        .or(configured)
        .unwrap_or(Path::new("handed-out"))
        .to_owned()
}

pub fn hand_out(arguments: &HandoutArguments, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    let roster = arguments.roster.read(&questionnaire, context)?;
    print_problems(&roster.problems);
    let brand = arguments
        .brand
        .as_deref()
        .or(context.config.brand.as_deref());
    let brand = brand.map(Brand::load).transpose();
    let brand = brand.map_err(|error| error.to_string())?;
    let folder = handed_out(arguments.output.as_deref(), context);
    let handout = Handout {
        questionnaire: &questionnaire,
        palette: brand
            .as_ref()
            .map_or(Palette::DEFAULT, |brand| brand.look.palette),
        contact: brand.as_ref().map_or_else(String::new, contact),
        logo: brand.and_then(|brand| brand.logo_png),
        due: arguments.due.or(context.config.due()),
        last_answers: context
            .config
            .engagement
            .as_ref()
            .map(|own| own.last_answers.as_path()),
        today: arguments.date.day(),
    };
    let mut counts = [0; 3];
    let mut failed = 0;
    engagement::hand_out(
        &handout,
        &roster,
        &folder,
        arguments.force,
        arguments.jobs.workers(context),
        |client, _, result| match result {
            Ok(HandedOut::New) => counts[0] += 1,
            Ok(HandedOut::Changed) => counts[1] += 1,
            Ok(HandedOut::Unchanged) => counts[2] += 1,
            Err(error) => {
                failed += 1;
                print_error(&format!("{}: {error}", client.name));
            }
        },
    )
    .map_err(|error| CommandError::new(&error, error.is_machine()))?;
    let [new, changed, unchanged] = counts;
    print_line(&format!(
        "{}: {new} new, {changed} changed, {unchanged} unchanged",
        folder.display()
    ));
    if roster.clients.is_empty() && roster.problems.is_empty() {
        print_warning("the list has no clients yet. Enter one per row");
    }
    let left_out = roster
        .problems
        .iter()
        .filter(|own| own.severity == Severity::Error)
        .count();
    Ok(match failed + left_out {
        0 => Outcome::Fine,
        _ => Outcome::SomeFailed,
    })
}

/// Returns the contact of a brand in one line: the person, the email address, the phone number.
fn contact(brand: &Brand) -> String {
    let contact = brand.sender.contact.iter();
    let texts: Vec<&str> = contact
        .filter(|own| {
            !own.uri
                .as_deref()
                .is_some_and(|uri| uri.starts_with("http"))
        })
        .map(|own| own.text.as_str())
        .collect();
    texts.join(", ")
}

#[derive(Debug, clap::Args)]
pub struct StatusArguments {
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

pub fn status(arguments: &StatusArguments, context: &Context) -> Result<Outcome, CommandError> {
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
    let status = Status::of(&roster, &register, &inbox, &plans, &sent.copies, due, today);
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
            for (path, name) in &status.strangers {
                let name = name.as_deref().unwrap_or("without a name");
                print_warning(&format!(
                    "{} is not in the roster ({name})",
                    shown_path(path)
                ));
            }
            for (path, why) in &unread {
                print_warning(&format!("{path} {why}"));
            }
        }
    }
    Ok(Outcome::Fine)
}

/// Returns the inbox of an engagement with its workbooks, and the files that could not be read with the reason.
fn read_inbox(
    folder: &Path,
    setting: batch::Setting,
    workers: batch::Workers,
) -> Result<(Inbox, Vec<(String, String)>), CommandError> {
    let mut inbox = Inbox::default();
    let mut unread: Vec<(String, String)> = Vec::new();
    match batch::find(&[folder.to_owned()]) {
        Ok(found) => {
            let skipped = found.skipped.iter();
            unread.extend(skipped.map(|(path, why)| (shown_path(path), (*why).to_owned())));
            batch::survey(setting, workers, &found.workbooks, |result| match result {
                Ok(surveyed) => inbox.add(surveyed),
                Err(failure) => {
                    unread.push((shown_path(&failure.path), failure.error.to_string()));
                }
            });
        }
        // Nothing has come back yet.
        Err(batch::BatchError::NothingFound(_) | batch::BatchError::NotThere(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok((inbox, unread))
}

/// Returns the invitations, reminders, or requests for corrections of the engagement. Requests for corrections also
/// create the annotated copies.
#[cfg(feature = "mail")]
pub fn emails(kind: Kind, output: &Path, context: &Context) -> Result<Vec<Email>, CommandError> {
    let engagement = context.config.engagement.as_ref().ok_or(
        "only plans can be sent here. Run this in an engagement folder (see `partnerbook new`)",
    )?;
    let questionnaire = QuestionnaireChoice {
        questionnaire: None,
    }
    .load(context)?;
    let roster = RosterChoice { roster: None }.read(&questionnaire, context)?;
    print_problems(&roster.problems);
    let register = Register::read(&engagement.handed_out).map_err(|error| error.to_string())?;
    let brand = context.config.brand.as_deref().map(Brand::load).transpose();
    let brand = brand.map_err(|error| error.to_string())?;
    let name = context.config.sender.name.clone();
    let mailing = Mailing {
        questionnaire: &questionnaire,
        roster: &roster,
        register: &register,
        handed_out: &engagement.handed_out,
        sender: brand.as_ref().map_or(name.unwrap_or_default(), signature),
        due: engagement.due,
        today: chrono::Local::now().date_naive(),
    };
    if kind == Kind::Invitation {
        return Ok(mailing.invitations());
    }
    let setting = batch::Setting {
        questionnaire: &questionnaire,
        sandbox: &super::sandbox()?,
        blank: &super::blank_text(&questionnaire)?,
        today: mailing.today,
        sender: &Sender::default(),
        compared: Compared::default(),
    };
    let workers = Jobs { jobs: None }.workers(context);
    let (inbox, unread) = read_inbox(&engagement.inbox, setting, workers)?;
    for (path, why) in &unread {
        print_warning(&format!("{path} {why}"));
    }
    if kind == Kind::Reminder {
        let cadence = Cadence {
            before: engagement.remind_before.clone(),
            after: engagement.remind_after.clone(),
        };
        let send_log = crate::outbox::SendLog::read(output)?;
        return Ok(mailing.reminders(&inbox, &cadence, &send_log));
    }
    let palette = brand.map_or(Palette::DEFAULT, |brand| brand.look.palette);
    let paths: Vec<PathBuf> = inbox.newest().map(|own| own.path.clone()).collect();
    let mut emails = Vec::new();
    let folder = &engagement.annotated;
    batch::annotate(
        setting,
        workers,
        &paths,
        folder,
        &palette,
        false,
        |result| match result {
            Ok((record, Some(copy))) if record.counts.errors > 0 => {
                emails.push(mailing.correction(&record, &copy));
            }
            Ok(_) => {}
            Err(failure) => super::print_failure(&failure),
        },
    )?;
    Ok(emails)
}

/// Skips the plans of clients who are not in the roster, in an engagement.
#[cfg(feature = "mail")]
pub fn skip_strangers(emails: &mut [Email], context: &Context) -> Result<(), CommandError> {
    if context.config.engagement.is_none() {
        return Ok(());
    }
    let questionnaire = QuestionnaireChoice {
        questionnaire: None,
    }
    .load(context)?;
    let roster = RosterChoice { roster: None }.read(&questionnaire, context)?;
    for email in emails.iter_mut().filter(|own| own.skip_reason.is_none()) {
        let is_known = |id: &String| roster.clients.iter().any(|client| client.id == *id);
        if !email.id.as_ref().is_some_and(is_known) {
            email.skip_reason = Some(crate::outbox::SkipReason::Stranger);
        }
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct NextRoundArguments {
    /// Folder to create
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// First day of the next ninety days. Without it, each client enters one
    #[arg(long, value_name = "DATE", value_parser = super::parse_day)]
    start: Option<NaiveDate>,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    date: RunDate,
}

pub fn next_round(
    arguments: &NextRoundArguments,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let engagement = context
        .config
        .engagement
        .as_ref()
        .ok_or("this is no engagement folder (see `partnerbook new`)")?;
    let questionnaire = QuestionnaireChoice {
        questionnaire: None,
    }
    .load(context)?;
    let roster = RosterChoice { roster: None }.read(&questionnaire, context)?;
    let sandbox = super::sandbox()?;
    let setting = batch::Setting {
        questionnaire: &questionnaire,
        sandbox: &sandbox,
        blank: &super::blank_text(&questionnaire)?,
        today: arguments.date.day(),
        sender: &Sender::default(),
        compared: Compared::default(),
    };
    let workers = arguments.jobs.workers(context);
    let (inbox, _) = read_inbox(&engagement.inbox, setting, workers)?;
    let next = NextRound {
        questionnaire: &questionnaire,
        roster: &roster,
        roster_file: &engagement.roster,
        inbox: &inbox,
        start: arguments.start,
        sandbox: &sandbox,
    };
    std::fs::create_dir_all(&arguments.folder).map_err(|error| error.to_string())?;
    let text = context
        .config
        .next_round(|path| batch::from_folder(&arguments.folder, path));
    let (count, unread) = next
        .create(&arguments.folder, (config::FILE, &text))
        .map_err(|error| CommandError::new(&error, error.is_machine()))?;
    if roster.clients.iter().any(|client| client.due.is_some()) {
        print_warning("the list still has the due dates of the last round. Enter new ones");
    }
    for path in &unread {
        print_warning(&format!("{} cannot be read any more", shown_path(path)));
    }
    print_line(&format!(
        "{}: {}, {count} with their last answers. Run `partnerbook handout` in this folder",
        arguments.folder.display(),
        counted(roster.clients.len(), "client"),
    ));
    Ok(Outcome::Fine)
}

/// Returns who signs the emails: the lines of the brand's contact, and the name of the firm.
#[cfg(feature = "mail")]
fn signature(brand: &Brand) -> String {
    let contact = brand.sender.contact.iter().map(|own| own.text.as_str());
    let mut lines: Vec<&str> = contact.collect();
    let firm = brand.sender.consultant.as_str();
    if !firm.is_empty() {
        lines.insert(lines.len().min(1), firm);
    }
    lines.join("\n")
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
            roster: RosterChoice { roster: None }.read(questionnaire, context)?,
            register: register.map_err(|error| error.to_string())?,
            sent: Sent::read(output)?,
            due: context.config.due(),
            today,
        }))
    }
}

impl batch::Statuses for EngagementOfRun {
    fn of(&self, processed: Vec<batch::Processed>) -> Vec<ClientStatus> {
        let plans = processed.iter().filter_map(|own| {
            let plan = own.plan.as_ref()?;
            let state = PlanState {
                made: self.today,
                source: own.returned.source.clone(),
                sent: self.sent.plans.get(plan).copied(),
            };
            Some((own.client.clone(), state))
        });
        let plans: HashMap<String, PlanState> = plans.collect();
        let returned: HashMap<&str, &Returned> = processed
            .iter()
            .map(|own| (own.client.as_str(), &own.returned))
            .collect();
        engagement::client_statuses(
            &self.roster,
            &self.register,
            |id| returned.get(id).map(|own| (*own).clone()),
            &plans,
            &self.sent.copies,
            self.due,
            self.today,
        )
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

const HEADINGS: [&str; 10] = [
    "Client",
    "Due",
    "Handed out",
    "Returned",
    "Complete",
    "Errors",
    "Copy sent",
    "Plan",
    "Sent",
    "Next",
];

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
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    for client in &status.clients {
        let mut row = cells(client, texts);
        row[0] = shorten(&row[0], MAX_NAME);
        if client.late {
            row[1] += " late";
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
    let headings = ["Email", "Late", "File", "Warnings"];
    writer
        .write_record(HEADINGS.iter().chain(&headings))
        .map_err(|error| failed(&error))?;
    for client in &status.clients {
        let returned = client.returned.as_ref();
        let more = [
            client.email.clone().unwrap_or_default(),
            if client.late { "late" } else { "" }.to_owned(),
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
