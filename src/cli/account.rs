//! `partnerbook account`: signs in to mail accounts, lists, tests, and removes them.

use std::path::Path;

use super::{CommandError, Context, Outcome, print_line, print_warning};
use crate::account::{
    self, Account, AccountError, Application, Http, Place, Provider, SignedIn, Store,
};
use crate::outbox::{self, Attempt, Email, From, Graph, OutgoingEmail, Server, Session, Transport};
use crate::questionnaire::Emails;
use crate::record::Message;

#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Sign in, in the browser of this computer or with a code on another device
    Add(Add),
    /// List the accounts that are signed in
    List,
    /// Remove an account and its token from this computer
    Remove(Named),
    /// Send one message to the account itself
    Test(Test),
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// The provider
    #[arg(value_parser = parse_provider, value_name = "microsoft|google")]
    provider: Provider,
    /// Sign in with a code on another device, when this computer has no browser. Microsoft only
    #[arg(long)]
    device: bool,
    /// Port of this computer to which the browser returns [default: a free one]
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true,
        conflicts_with = "device"
    )]
    port: u16,
    /// Address of the mailbox, if the provider does not report it
    #[arg(long, value_name = "EMAIL")]
    address: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Named {
    /// microsoft, google, or the address. Without it, the only account
    #[arg(value_name = "ACCOUNT", default_value = "", hide_default_value = true)]
    name: String,
}

#[derive(Debug, clap::Args)]
pub struct Test {
    #[command(flatten)]
    named: Named,
    /// Also trust the certificate authority in this PEM file
    #[arg(long, value_name = "FILE")]
    smtp_ca: Option<std::path::PathBuf>,
}

fn parse_provider(text: &str) -> Result<Provider, String> {
    Provider::of(text).ok_or_else(|| "enter microsoft or google".to_owned())
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    match arguments {
        Arguments::Add(arguments) => add(arguments, context)?,
        Arguments::List => list(&Store::find()?.accounts()?),
        Arguments::Remove(named) => {
            let store = Store::find()?;
            if store.accounts()?.is_empty() {
                return Err("no account is signed in".into());
            }
            let account = store.account(&named.name)?;
            store.remove(&account)?;
            print_line(&format!(
                "{} is removed from this computer. To revoke the permission, remove the application on your account page at {}",
                account.address, account.provider
            ));
        }
        Arguments::Test(arguments) => return test(arguments, context),
    }
    Ok(Outcome::Fine)
}

fn add(arguments: &Add, context: &Context) -> Result<(), CommandError> {
    let application = Application::new(arguments.provider, &context.config.account)?;
    if let Some(address) = &arguments.address {
        outbox::parse_address(address).map_err(|error| error.to_string())?;
    }
    let http = Http::new()?;
    let stop = super::stop();
    let tokens = if arguments.device {
        let show = |page: &str, code: &str| {
            print_line(&format!(
                "Open {page} on any device and enter the code {code}"
            ));
        };
        account::sign_in_with_code(&http, &application, stop, &show)?
    } else {
        let show = |page: &str| {
            let opened = open::that_detached(page);
            print_line(&match opened {
                Ok(()) => format!(
                    "Sign in in your browser. If it does not open, open this address:\n{page}"
                ),
                Err(_) => format!("Open this address in your browser and sign in:\n{page}"),
            });
            print_line(
                "Waiting for up to 10 minutes. If the browser shows an error, press Ctrl-C twice, and check the settings in partnerbook.toml",
            );
        };
        account::sign_in(&http, &application, arguments.port, stop, &show)?
    };
    let mut account = Account::new(&application, &tokens, arguments.address.as_deref())?;
    let token = tokens
        .refresh
        .ok_or(AccountError::NoRefresh(arguments.provider))?;
    let store = Store::find()?;
    store.add(&mut account, &token)?;
    print_line(&format!("{} is signed in", account.address));
    if let Some(path) = store.token_file(&account) {
        print_warning(&format!(
            "there is no keyring, or the token is too large for it. The token is stored in {}, which only you can read",
            path.display()
        ));
    }
    if application.wants_mailbox() && !account.mailbox {
        print_warning(
            "access to the mailbox was not granted: no drafts can be created in it, and unconfirmed emails cannot be looked up",
        );
    }
    Ok(())
}

fn list(accounts: &[Account]) {
    if accounts.is_empty() {
        print_line("no account is signed in");
        return;
    }
    let mut rows =
        vec![["Account", "Provider", "Mailbox", "Signed in", "Token"].map(str::to_owned)];
    rows.extend(accounts.iter().map(|account| {
        [
            account.address.clone(),
            account.provider.to_string(),
            if account.mailbox {
                "drafts and look-up"
            } else {
                "–"
            }
            .to_owned(),
            outbox::shown(&account.signed_in),
            match account.place {
                Place::Keyring => "keyring",
                Place::File => "file",
            }
            .to_owned(),
        ]
    }));
    print_line(&super::aligned(&rows, 0..0));
}

/// Returns the way to send through an account.
pub fn transport(
    name: &str,
    context: &Context,
    authority: Option<&Path>,
) -> Result<(Box<dyn Transport>, Account), CommandError> {
    let store = Store::find()?;
    let account = store.account(name)?;
    let application = Application::new(account.provider, &context.config.account)?;
    let signed_in = SignedIn::new(application, account.clone(), store)?;
    if !signed_in.application.uses_smtp() {
        return Ok((Box::new(Graph::new(signed_in)), account));
    }
    let authority = authority.or(context.config.smtp.ca.as_deref());
    let server = Server::new(&signed_in.application.smtp_url(), authority);
    let server = server.map_err(|error| error.to_string())?;
    Ok((Box::new(Session::new(server, Some(signed_in))), account))
}

fn test(arguments: &Test, context: &Context) -> Result<Outcome, CommandError> {
    let name = &arguments.named.name;
    let (mut transport, account) = transport(name, context, arguments.smtp_ca.as_deref())?;
    let from = From::new("", &account.address).map_err(|error| error.to_string())?;
    let (subject, paragraphs) = Emails::account_test().fill(&[("sender", &account.address)]);
    let now = chrono::Local::now();
    let message = Message {
        subject,
        paragraphs,
    };
    let email = Email::message(
        &account.address,
        message,
        now.to_rfc3339(),
        now.date_naive(),
    );
    let email = email.map_err(|error| error.to_string())?;
    let outgoing = OutgoingEmail::new(&email, &from)?;
    let prepared = transport.prepare(&outgoing);
    let attempt = match prepared {
        Ok(prepared) => transport.submit(&outgoing, &prepared),
        Err(attempt) => attempt,
    };
    match attempt {
        Attempt::Accepted(_) => {
            print_line(&format!(
                "a message was sent to {}, {}",
                account.address,
                transport.shown()
            ));
            Ok(Outcome::Fine)
        }
        Attempt::Rejected(why) | Attempt::TemporaryError(why, _) | Attempt::Unknown(why) => {
            Err(format!("the message was not accepted: {why}").into())
        }
        Attempt::Unreachable(error) | Attempt::Unusable(error) => Err(error.to_string().into()),
    }
}
