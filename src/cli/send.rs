//! `partnerbook send`: creates email drafts, or sends the emails.

use crate::output::names::DRAFTS;
use std::collections::HashSet;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::send_states::{ConsoleObserver, table, words};
use super::{CommandError, Context, Outcome, counted, print_error, print_line, print_warning};
use crate::account::{Account, AccountError, Provider};
use crate::brand::Brand;
use crate::outbox::{
    self, Choice, Email, From, Goal, Kind, OutboxError, RetryPolicy, SendContext, SendLog, Server,
    Session, State, Transport,
};
use crate::output::OutputFolder;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to send: plans (the default), or in an engagement invitations, reminders, or corrections (annotated copies).
    /// Then the output folder of `report` [default: out]
    #[arg(value_name = "KIND|DIR", num_args = 0..=2)]
    what: Vec<PathBuf>,
    /// Only this client, by its name or the name of its plan, even if the plan is a draft. Can be repeated
    #[arg(long = "client", value_name = "NAME")]
    clients: Vec<String>,
    /// List the recipients and plans without sending anything
    #[arg(long, conflicts_with = "status")]
    dry_run: bool,
    /// List the emails: sent when and to which address, or pending
    #[arg(long)]
    status: bool,
    /// Sender, such as "Brightwater Advisory <plans@brightwater.example>"
    #[arg(long, value_name = "SENDER")]
    from: Option<String>,
    /// Send through this server: smtps://user@host, or smtp://user@host for STARTTLS. Without a value, the server in
    /// partnerbook.toml. Without the option, create email drafts
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "")]
    smtp: Option<String>,
    /// Send through a mail account that is signed in (see `partnerbook account`): microsoft, google, or its address. Without a
    /// value, the only account
    #[arg(long, value_name = "ACCOUNT", num_args = 0..=1, default_missing_value = "", conflicts_with = "smtp")]
    account: Option<String>,
    /// Where email drafts are created: as files, or in the mailbox of the account
    #[arg(long, value_name = "WHERE", value_enum, default_value = "files")]
    drafts: Drafts,
    /// Also trust the certificate authority in this PEM file
    #[arg(long, value_name = "FILE")]
    smtp_ca: Option<PathBuf>,
    /// Maximum number of emails per minute
    #[arg(long, value_name = "N/min", value_parser = parse_limit)]
    limit: Option<Duration>,
    /// Maximum retries after a temporary server error
    #[arg(long, value_name = "N", default_value_t = 4)]
    retries: u32,
    /// Seconds before the first retry. Each further delay is twice as long
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = parse_seconds)]
    retry_delay: f64,
    /// Seconds to wait for an email to appear among the sent ones. Shortened in tests
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 60.0, value_parser = parse_seconds)]
    settle: f64,
    /// Also send rejected and unconfirmed emails again, and those whose draft in the mailbox was deleted
    #[arg(long)]
    resend: bool,
    /// Also send new plans to clients who received a previous one
    #[arg(long)]
    updates: bool,
    /// Ask for the server's password and store it in the system's keyring
    #[arg(long, requires = "smtp")]
    save_password: bool,
    /// Overwrite email drafts that were changed
    #[arg(long)]
    force: bool,
}

/// Where email drafts are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Drafts {
    /// Files that mail programs open.
    Files,
    /// The mailbox of an account.
    Mailbox,
}

/// Parses a limit such as `30/min` into the delay between two emails.
fn parse_limit(text: &str) -> Result<Duration, String> {
    text.trim()
        .strip_suffix("/min")
        .and_then(|number| number.trim().parse::<u32>().ok())
        .filter(|number| (1..=6000).contains(number))
        .map(|number| Duration::from_secs(60) / number)
        .ok_or_else(|| "enter a limit such as 30/min".to_owned())
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| (0.0..=3600.0).contains(seconds))
        .ok_or_else(|| "enter seconds from 0 to 3600".to_owned())
}

/// What can be sent, as commands name it.
const KINDS: [&str; 4] = ["plans", "invitations", "reminders", "corrections"];

impl Arguments {
    /// Returns what is sent, and the output folder.
    fn what(&self, context: &Context) -> Result<(Kind, PathBuf), CommandError> {
        let kind = |path: &Path| match path.to_str()? {
            "plans" => Some(Kind::Plan),
            "invitations" => Some(Kind::Invitation),
            "reminders" => Some(Kind::Reminder),
            "corrections" => Some(Kind::Correction),
            _ => None,
        };
        let first = self.what.first().and_then(|first| kind(first));
        let (kind, rest) = match first {
            Some(kind) => (kind, &self.what[1..]),
            None => (Kind::Plan, &self.what[..]),
        };
        if let ([other], None) = (rest, first)
            && !other.exists()
            && let Some(word) = other.to_str()
            && let Some(meant) = KINDS.iter().find(|own| strsim::levenshtein(own, word) <= 2)
        {
            return Err(format!("\"{word}\" is not a folder. Did you mean \"{meant}\"?").into());
        }
        match rest {
            [] => Ok((kind, context.output(None))),
            [folder] => Ok((kind, folder.clone())),
            [other, ..] => Err(format!(
                "\"{}\" cannot be sent. Send plans, invitations, reminders, or corrections",
                other.display()
            )
            .into()),
        }
    }
}

/// Returns the emails to send.
fn emails(
    arguments: &Arguments,
    context: &Context,
    (kind, folder): (Kind, &Path),
) -> Result<Vec<Email>, CommandError> {
    let choice = Choice {
        named: arguments.clients.clone(),
    };
    match kind {
        Kind::Plan => {
            let mut emails = outbox::emails(folder, &choice)?;
            if arguments.clients.is_empty() {
                super::engagement::skip_strangers(&mut emails, context)?;
            }
            Ok(emails)
        }
        _ => {
            let mut emails = super::engagement::emails(kind, folder, context)?;
            outbox::choose(&mut emails, &choice)?;
            Ok(emails)
        }
    }
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let (kind, folder) = arguments.what(context)?;
    if arguments.save_password {
        return save_password(arguments, context);
    }
    let emails = emails(arguments, context, (kind, &folder))?;
    if arguments.status || arguments.dry_run {
        let send_log = SendLog::read(&folder)?;
        let chosen = emails
            .iter()
            .filter(|email| email.skip_reason != Some(outbox::SkipReason::NotChosen));
        let others = if arguments.clients.is_empty() {
            send_log.others(kind, &emails)
        } else {
            Vec::new()
        };
        print_line(&table(chosen, &send_log, &others));
        return Ok(Outcome::Fine);
    }
    let goal = match (arguments.drafts, &arguments.smtp, &arguments.account) {
        (Drafts::Mailbox, Some(_), _) => {
            return Err(
                "drafts in a mailbox need an account. Use --account instead of --smtp".into(),
            );
        }
        (Drafts::Mailbox, None, _) => Goal::Drafted,
        (Drafts::Files, None, None) => return drafts(arguments, context, (kind, &folder), &emails),
        (Drafts::Files, ..) => Goal::Sent,
    };
    post(arguments, context, (kind, &folder), &emails, goal)
}

/// Returns the sender: the argument, else the configuration, else the account, else the brand. Answers go to the contact of
/// the brand.
fn sender(
    arguments: &Arguments,
    context: &Context,
    account: Option<&Account>,
) -> Result<Option<From>, String> {
    let wrong = |error: outbox::AddressError| format!("invalid sender: {error}");
    let brand = context.config.brand.as_deref().map(Brand::load).transpose();
    let brand = brand.map_err(|error| error.to_string())?;
    let contact = brand.as_ref().and_then(|brand| {
        let mut contacts = brand.sender.contact.iter();
        let email = contacts.find_map(|contact| contact.uri.as_deref()?.strip_prefix("mailto:"))?;
        Some(From::new(&brand.sender.consultant, email))
    });
    let contact = contact.transpose().map_err(wrong)?;
    let consultant = brand.map(|brand| brand.sender.consultant);
    let sender = &context.config.sender;
    let name = sender.name.clone().or(consultant).unwrap_or_default();
    let from = if let Some(from) = &arguments.from {
        let (name, email) = match from
            .trim()
            .strip_suffix('>')
            .and_then(|from| from.rsplit_once('<'))
        {
            Some((name, email)) => (name.trim().trim_matches('"'), email),
            None => ("", from.as_str()),
        };
        From::new(name, email)
    } else if let Some(email) = &sender.email {
        From::new(&name, email)
    } else if let Some(account) = account {
        From::new(&name, &account.address)
    } else {
        return Ok(contact);
    };
    let from = from.map_err(wrong)?;
    Ok(Some(from.answered_by(contact)))
}

/// Returns the way to send: the account, else the mail server.
fn transport(
    arguments: &Arguments,
    context: &Context,
) -> Result<(Box<dyn Transport>, Option<Account>), CommandError> {
    let name = match (&arguments.account, &arguments.smtp) {
        (Some(name), _) => name,
        (None, Some(_)) => {
            let mut server = server(arguments, context)?;
            server.find_password().map_err(|error| error.to_string())?;
            return Ok((Box::new(Session::new(server, None)), None));
        }
        (None, None) => "",
    };
    let authority = arguments.smtp_ca.as_deref();
    let (transport, account) = super::account::transport(name, context, authority)?;
    Ok((transport, Some(account)))
}

fn server(arguments: &Arguments, context: &Context) -> Result<Server, String> {
    let given = arguments.smtp.as_deref().filter(|url| !url.is_empty());
    let smtp = &context.config.smtp;
    let url = given.or(smtp.url.as_deref()).ok_or(
        "no mail server is given. Use --smtp smtps://user@host, or set it in partnerbook.toml under [smtp]",
    )?;
    let authority = arguments.smtp_ca.as_deref().or(smtp.ca.as_deref());
    Server::new(url, authority).map_err(|error| error.to_string())
}

fn save_password(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let server = server(arguments, context)?;
    let Some(user) = server.user() else {
        return Err("the server address has no user. Enter it as smtps://user@host".into());
    };
    let stdin = std::io::stdin();
    let password = if stdin.is_terminal() {
        rpassword::prompt_password(format!("Password for {user}: "))
    } else {
        stdin
            .lock()
            .lines()
            .next()
            .unwrap_or_else(|| Ok(String::new()))
    };
    let password = password.map_err(|error| format!("the password cannot be read: {error}"))?;
    if password.is_empty() {
        return Err("no password was entered".into());
    }
    server
        .save_password(&password)
        .map_err(|error| error.to_string())?;
    print_line(&format!(
        "the password of {user} is stored in the system's keyring"
    ));
    Ok(Outcome::Fine)
}

fn drafts(
    arguments: &Arguments,
    context: &Context,
    (kind, folder): (Kind, &Path),
    emails: &[Email],
) -> Result<Outcome, CommandError> {
    let drafts = drafts_folder(kind);
    let from = sender(arguments, context, None)?;
    let send_log = SendLog::read(folder)?;
    let out = OutputFolder::open(folder, arguments.force)?;
    let (mut written, mut failed, mut sent) = (0, 0, 0);
    for email in emails {
        let relative_path = format!("{drafts}/{}.eml", email.name);
        if let Some(skip_reason) = &email.skip_reason {
            print_skipped(email, skip_reason);
            if *skip_reason != outbox::SkipReason::NotChosen {
                out.remove(&relative_path);
            }
            continue;
        }
        if matches!(send_log.email(email), State::Sent(_)) && !arguments.resend {
            out.remove(&relative_path);
            sent += 1;
            continue;
        }
        if matches!(send_log.email(email), State::Drafted(_)) && !arguments.resend {
            out.remove(&relative_path);
            print_warning(&format!(
                "{}: {}",
                email.client,
                words(&send_log.email(email))
            ));
            continue;
        }
        if super::stop().load(std::sync::atomic::Ordering::Relaxed) {
            print_warning("stopped. Run the same command again to create all email drafts");
            return Ok(Outcome::SomeFailed);
        }
        let made = outbox::draft(email, from.as_ref())
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                out.write(&relative_path, &bytes)
                    .map_err(|error| error.to_string())
            });
        match made {
            Ok(_) => written += 1,
            Err(error) => {
                print_error(&error);
                failed += 1;
            }
        }
    }
    if arguments.clients.is_empty() {
        // Drafts of clients who no longer get an email.
        let names: HashSet<&str> = emails.iter().map(|email| &*email.name).collect();
        for relative_path in out.stale_files() {
            let draft = Path::new(&relative_path);
            let stem = draft.file_stem().unwrap_or_default().to_string_lossy();
            if draft.parent() == Some(Path::new(&drafts)) && !names.contains(&*stem) {
                out.remove(&relative_path);
            }
        }
    }
    out.save_list()?;
    if written > 0 {
        print_line(&format!(
            "{} in {}. Open each one in your mail program, read it, and send it",
            counted(written, "email draft"),
            folder.join(&drafts).display()
        ));
    } else {
        print_line("no email drafts to create");
    }
    if sent > 0 {
        print_line(&format!(
            "{} already sent, no new email draft created",
            counted(sent, noun(kind))
        ));
    }
    Ok(if failed == 0 {
        Outcome::Fine
    } else {
        Outcome::SomeFailed
    })
}

fn post(
    arguments: &Arguments,
    context: &Context,
    (kind, folder): (Kind, &Path),
    emails: &[Email],
    goal: Goal,
) -> Result<Outcome, CommandError> {
    let (mut transport, account) = transport(arguments, context)?;
    if let Some(account) = account
        .as_ref()
        .filter(|own| goal == Goal::Drafted && !own.mailbox)
    {
        return Err(AccountError::NoMailbox(account.provider).into());
    }
    let from = sender(arguments, context, account.as_ref())?.ok_or(
        "no sender is given. Use --from \"Your Firm <plans@your-firm.example>\", or set it in partnerbook.toml under [sender]",
    )?;
    let between = time_between(arguments, context, account.as_ref(), goal)?;
    let pause = Duration::from_secs_f64(arguments.retry_delay);
    let send_context = SendContext {
        goal,
        from: &from,
        retries: RetryPolicy {
            between,
            again: arguments.retries,
            pause,
            settle: Duration::from_secs_f64(arguments.settle),
        },
        resend: arguments.resend,
        // A client chosen with --client also gets a new plan after a previous one.
        updates: arguments.updates || !arguments.clients.is_empty(),
        stop: super::stop(),
    };
    let mut send_log = SendLog::open(folder)?;
    print_line(&match goal {
        Goal::Sent => format!("sending through {}", transport.shown()),
        Goal::Drafted => format!("creating drafts in the mailbox, {}", transport.shown()),
    });
    let before = print_states(emails, &send_log, &send_context);
    let unconfirmed = |email: &&Email| {
        let state = send_log.email(email);
        email.skip_reason.is_none() && matches!(state, State::Unconfirmed(_) | State::Drafted(_))
    };
    let unconfirmed: Vec<&Email> = emails.iter().filter(unconfirmed).collect();
    let ended = outbox::post(
        emails,
        &mut send_log,
        &send_context,
        transport.as_mut(),
        &ConsoleObserver,
    );
    for email in unconfirmed {
        let state = send_log.email(email);
        if matches!(state, State::Unconfirmed(_))
            || goal == Goal::Sent && matches!(state, State::Drafted(_))
        {
            print_warning(&format!("{}: {}", email.client, words(&state)));
        }
    }
    let mut outcome = Outcome::SomeFailed;
    match ended {
        Err(OutboxError::Unusable(error)) => {
            print_error(&error.to_string());
            if !error.is_temporary() {
                outcome = Outcome::UsageError;
            }
        }
        ended => ended?,
    }
    match print_outcome((kind, folder), emails, &send_log, goal, before) {
        true => Ok(Outcome::Fine),
        false => Ok(outcome),
    }
}

/// Prints which emails are not sent and why. Returns how many were sent before.
fn print_states(emails: &[Email], send_log: &SendLog, context: &SendContext) -> usize {
    let mut before = 0;
    for email in emails {
        let state = send_log.email(email);
        match (&email.skip_reason, &state) {
            (Some(skip_reason), _) => print_skipped(email, skip_reason),
            (None, State::Sent(_)) => before += 1,
            // These are looked up first.
            (None, State::Unconfirmed(_) | State::Drafted(_)) => {}
            (None, state) if !context.sends(state) => {
                print_warning(&format!("{}: {}", email.client, words(state)));
            }
            _ => {}
        }
    }
    before
}

/// Prints how many emails were sent, and how to see the others. Returns whether all are sent.
fn print_outcome(
    (kind, folder): (Kind, &Path),
    emails: &[Email],
    send_log: &SendLog,
    goal: Goal,
    before: usize,
) -> bool {
    let wanted = emails.iter().filter(|email| email.skip_reason.is_none());
    let is_done = |email: &&Email| {
        let state = send_log.email(email);
        matches!(state, State::Sent(_))
            || goal == Goal::Drafted && matches!(state, State::Drafted(_))
    };
    let (done, wanted) = (wanted.clone().filter(is_done).count(), wanted.count());
    print_line(&match goal {
        Goal::Sent => format!(
            "{} sent now, {before} sent before, {} not sent",
            counted(done.saturating_sub(before), noun(kind)),
            wanted - done
        ),
        Goal::Drafted => format!(
            "{} in the mailbox or sent, {} missing. Open each draft in your mail program, read it, and send it",
            counted(done, noun(kind)),
            wanted - done
        ),
    });
    if done == wanted {
        return true;
    }
    print_line(&format!(
        "see the others: partnerbook send {}{} --status",
        match kind {
            Kind::Plan => String::new(),
            _ => format!("{}s ", noun(kind)),
        },
        super::listed(&[folder.to_owned()], " ")
    ));
    false
}

/// Returns the time between two emails: the option, the setting, or what the account needs.
fn time_between(
    arguments: &Arguments,
    context: &Context,
    account: Option<&Account>,
    goal: Goal,
) -> Result<Duration, CommandError> {
    match (&arguments.limit, &context.config.smtp.limit) {
        (Some(limit), _) => Ok(*limit),
        (None, Some(limit)) => {
            let limit = parse_limit(limit);
            Ok(limit.map_err(|why| format!("partnerbook.toml, limit: {why}"))?)
        }
        (None, None) if goal == Goal::Sent => Ok(usual_limit(account)),
        (None, None) => Ok(Duration::ZERO),
    }
}

/// Returns the time between two emails for an account. Microsoft accepts 30 emails per minute from a mailbox.
fn usual_limit(account: Option<&Account>) -> Duration {
    match account.map(|account| account.provider) {
        Some(Provider::Microsoft) => Duration::from_secs(2),
        _ => Duration::ZERO,
    }
}

fn print_skipped(email: &Email, skip_reason: &outbox::SkipReason) {
    if *skip_reason != outbox::SkipReason::NotChosen {
        print_warning(&format!("{} is skipped: {skip_reason}", email.client));
    }
}

/// Returns the folder of the drafts, relative to the output folder.
fn drafts_folder(kind: Kind) -> String {
    match kind {
        Kind::Plan => DRAFTS.to_owned(),
        _ => format!("{DRAFTS}/{}s", noun(kind)),
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => "plan",
        Kind::Invitation => "invitation",
        Kind::Reminder => "reminder",
        Kind::Correction => "correction",
    }
}
