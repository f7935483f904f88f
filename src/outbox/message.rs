//! Builds an email as a MIME message: plain text and HTML, with the plan and the calendar attached.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use quick_xml::escape::escape;

use super::email::Email;
use super::{OutboxError, address};
use crate::fingerprint::Fingerprint;
use crate::text::{one_line, shorten_within};

/// Placeholder for a draft without a sender. The `From` header is removed again, so that the mail program adds its own
/// sender.
const NOBODY: &str = "nobody@partnerbook.invalid";

/// The sender of the emails, and the contact for replies if it differs from the sender.
#[derive(Debug, Clone)]
pub struct From {
    sender: Mailbox,
    reply_to: Option<Mailbox>,
}

impl From {
    /// Creates a sender from a name and an address.
    ///
    /// # Errors
    /// Returns an error if the address is not valid.
    pub fn new(name: &str, email: &str) -> Result<Self, super::AddressError> {
        Ok(Self {
            sender: Mailbox::new(header(name), address::parse(email)?),
            reply_to: None,
        })
    }

    /// Sets the contact for replies, unless it is the sender.
    #[must_use]
    pub fn answered_by(mut self, other: Option<Self>) -> Self {
        let other = other.map(|other| other.sender);
        self.reply_to = other.filter(|other| other.email != self.sender.email);
        self
    }

    /// Returns the name.
    pub fn name(&self) -> Option<&str> {
        self.sender.name.as_deref()
    }

    /// Returns the name and the address of the contact for replies, if it differs from the sender.
    pub fn reply_to(&self) -> Option<(Option<&str>, &lettre::Address)> {
        let other = self.reply_to.as_ref()?;
        Some((other.name.as_deref(), &other.email))
    }

    /// Returns the address.
    pub fn address(&self) -> &lettre::Address {
        &self.sender.email
    }
}

/// Returns the message ID, derived from the client, the recipient, and the content. A repeated email has the same ID, so
/// that the recipient's mail program can recognize the duplicate.
pub fn message_id(email: &Email, to: &lettre::Address, domain: &str) -> String {
    let mut id = Fingerprint::default();
    id.add(&email.client)
        .add(&email.version)
        .add(to.to_string());
    format!("<{}@{domain}>", &id.finish()[..32])
}

/// Builds the message of an email that is sent now.
///
/// # Errors
/// Returns an error if an attachment cannot be read or the message cannot be built.
pub fn message(email: &Email, from: &From) -> Result<Message, OutboxError> {
    build(email, from, SystemTime::now())
}

/// Builds an email draft that mail programs open ready to send. The same email always gives the same bytes.
///
/// # Errors
/// Returns an error if an attachment cannot be read or the message cannot be built.
pub fn draft(email: &Email, from: Option<&From>) -> Result<Vec<u8>, OutboxError> {
    let fail = |why: String| OutboxError::Message {
        client: email.client.clone(),
        why,
    };
    let day = email.made.and_hms_opt(12, 0, 0).unwrap_or_default();
    let seconds = u64::try_from(day.and_utc().timestamp()).unwrap_or(0);
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let nobody = || From::new("", NOBODY).map_err(|error| fail(error.to_string()));
    let mut message = match from {
        Some(from) => build(email, from, date)?,
        None => build(email, &nobody()?, date)?,
    };
    let headers = message.headers_mut();
    if from.is_none() {
        headers.remove_raw("From");
    }
    // With this header, Outlook opens the message as unsent.
    let unsent = HeaderName::new_from_ascii_str("X-Unsent");
    headers.insert_raw(HeaderValue::new(unsent, "1".into()));
    Ok(message.formatted())
}

fn build(email: &Email, from: &From, date: SystemTime) -> Result<Message, OutboxError> {
    let fail = |why: String| OutboxError::Message {
        client: email.client.clone(),
        why,
    };
    let to = email.to.clone().map_err(|error| fail(error.to_string()))?;
    let id = message_id(email, &to, from.address().domain());
    let name = email.contact.as_deref().and_then(header);
    // Boundaries are derived from the ID too, so that the same email gives the same bytes. 48 hexadecimal digits do not
    // occur in a text by chance.
    let boundary = |part: &str| {
        let mut boundary = Fingerprint::default();
        boundary.add(&id).add(part);
        boundary.finish()[..48].to_owned()
    };
    let texts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary("texts"))
        .singlepart(SinglePart::plain(plain_text(email)))
        .singlepart(SinglePart::html(html(email)));
    let mut parts = MultiPart::builder()
        .kind(MultiPartKind::Mixed)
        .boundary(boundary("parts"))
        .multipart(texts);
    for file in &email.attachments {
        let name = &file.name;
        let bytes = file
            .read()
            .map_err(|error| fail(format!("{name}: {error}")))?;
        let kind = format!("{}; name=\"{}\"", file.media_type, parameter(name));
        let kind = ContentType::parse(&kind).map_err(|error| fail(error.to_string()))?;
        parts = parts.singlepart(Attachment::new(name.clone()).body(bytes, kind));
    }
    let mut message = Message::builder().from(from.sender.clone());
    if let Some(other) = &from.reply_to {
        message = message.reply_to(other.clone());
    }
    message
        .to(Mailbox::new(name, to))
        .subject(subject(&email.message.subject))
        .date(date)
        .message_id(Some(id))
        .multipart(parts)
        .map_err(|error| fail(error.to_string()))
}

/// Returns a file name as the `name` of a content type, for mail programs that do not know `filename*` (RFC 2231): in
/// ASCII, or as encoded words (RFC 2047), which Outlook and Gmail read there.
fn parameter(name: &str) -> String {
    /// Maximum number of bytes per encoded word, whose length is at most 75 (RFC 2047, 2).
    const MAX_BYTES: usize = 42;
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\') || c == ' ';
    if name.chars().all(is_plain) {
        return name.to_owned();
    }
    let mut words = vec![String::new()];
    for outgoing in name.chars() {
        let is_full = |word: &String| word.len() + outgoing.len_utf8() > MAX_BYTES;
        if words.last().is_none_or(is_full) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(outgoing);
        }
    }
    let words = words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", BASE64.encode(word)));
    words.collect::<Vec<_>>().join(" ")
}

/// Maximum subject length, in characters. Mail programs show fewer, and RFC 5322, 2.1.1 limits the length of a line.
const MAX_SUBJECT: usize = 120;

/// Formats a subject as one line. Shortens it without cutting a name in the middle.
pub fn subject(text: &str) -> String {
    shorten_within(&one_line(text), MAX_SUBJECT)
}

/// Returns a text as one line for a header. Returns `None` if nothing is left.
fn header(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|line| !line.is_empty())
}

fn plain_text(email: &Email) -> String {
    email.message.paragraphs.join("\n\n") + "\n"
}

/// Builds the HTML text. Escapes all client text, so that it is never read as markup.
pub fn html(email: &Email) -> String {
    let paragraphs: String = email
        .message
        .paragraphs
        .iter()
        .map(|paragraph| {
            format!(
                "<p>{}</p>\n",
                escape(paragraph.as_str()).replace('\n', "<br>\n")
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{}</title></head>\n<body style=\"font-family: sans-serif; font-size: 15px; line-height: 1.5; color: #1f2933; max-width: 40em\">\n{paragraphs}</body></html>\n",
        escape(email.message.subject.as_str())
    )
}
