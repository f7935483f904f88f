//! `partnerbook new`, `handout`, and `next-round`, and the emails of an engagement.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, counted, print_error,
    print_line, print_warning,
};
use crate::batch;
use crate::brand::Brand;
use crate::config;
use crate::engagement::{self, HandedOut, Handout, Inbox, NextRound, Problem, Roster, Severity};
#[cfg(feature = "mail")]
use crate::engagement::{Cadence, Mailing, Register};
use crate::look::Palette;
#[cfg(feature = "mail")]
use crate::outbox::{Email, Kind};
use crate::plan::{Compared, Sender};
use crate::questionnaire::Questionnaire;
use crate::text::shown_path;

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
#[derive(Debug, Default, clap::Args)]
pub(super) struct RosterChoice {
    /// List of clients (.xlsx, .ods, or .csv) [default: the one of partnerbook.toml]
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
}

impl RosterChoice {
    pub(super) fn read(
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

pub(super) fn print_problems(problems: &[Problem]) {
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
pub(super) fn handed_out(given: Option<&Path>, context: &Context) -> PathBuf {
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

/// Returns the inbox of an engagement with its workbooks, and the files that could not be read with the reason.
pub(super) fn read_inbox(
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
    let questionnaire = QuestionnaireChoice::default().load(context)?;
    let roster = RosterChoice::default().read(&questionnaire, context)?;
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
    let questionnaire = QuestionnaireChoice::default().load(context)?;
    let roster = RosterChoice::default().read(&questionnaire, context)?;
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
    let questionnaire = QuestionnaireChoice::default().load(context)?;
    let roster = RosterChoice::default().read(&questionnaire, context)?;
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
