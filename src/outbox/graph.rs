//! Sends through Microsoft Graph. With access to the mailbox, each email is a draft first, whose message ID is logged before
//! it is sent; an unconfirmed email is then looked up. Without access, it stays unconfirmed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::api::{self, Failure, encoded};
use super::message::{html, subject};
use super::transport::{Attempt, Found, OutgoingEmail, Prepared, Transport};
use crate::account::{AccountError, HttpError, SignedIn};

/// Maximum size of a message that Graph accepts in one request, in bytes. Above 2,240 KB it answers 200 and does nothing
/// (microsoftgraph/microsoft-graph-docs#13979).
const MAX_MESSAGE: usize = 2 << 20;
/// Maximum size of a file that is attached in one request, in bytes. In base64 it must stay below 4 MB.
const MAX_ATTACHED: usize = 2 << 20;
/// Size of a part of an upload, in bytes: a multiple of 320 KiB, below 4 MB.
const PART: usize = 10 * 320 * 1024;

/// The mailbox of a signed-in account.
pub struct Graph {
    account: SignedIn,
}

impl Graph {
    /// Prepares an account for sending.
    pub fn new(account: SignedIn) -> Self {
        Self { account }
    }

    fn create(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Failure> {
        let created = if outgoing.bytes.len() <= MAX_MESSAGE {
            let body = BASE64.encode(&outgoing.bytes).into_bytes();
            let content = Some(("text/plain", body.as_slice()));
            let path = "/v1.0/me/messages";
            api::json(&api::call(
                &mut self.account,
                "POST",
                path,
                content,
                &[201],
            )?)?
        } else {
            self.create_large(outgoing)?
        };
        Ok(Prepared {
            id: api::text(&created, "internetMessageId")?.to_owned(),
            draft: Some(api::text(&created, "id")?.to_owned()),
        })
    }

    /// Creates a draft, attaches its files one by one, and gives it our message ID at last.
    fn create_large(&mut self, outgoing: &OutgoingEmail) -> Result<Value, Failure> {
        let email = outgoing.email;
        let message = json!({
            "subject": subject(&email.message.subject),
            "body": {"contentType": "html", "content": html(email)},
            "from": recipient(outgoing.from.name(), outgoing.from.address()),
            "toRecipients": [recipient(email.contact.as_deref(), outgoing.to)],
            "replyTo": outgoing.from.reply_to().map(|(name, address)| vec![recipient(name, address)]).unwrap_or_default(),
        });
        let created = self.post("/v1.0/me/messages", &message)?;
        let draft = encoded(api::text(&created, "id")?);
        for file in &email.attachments {
            let bytes = file.read().map_err(|error| {
                Failure::NoEffect(Attempt::Rejected(format!("{}: {error}", file.name)))
            })?;
            if bytes.len() <= MAX_ATTACHED {
                let attachment = json!({
                    "@odata.type": "#microsoft.graph.fileAttachment",
                    "name": file.name,
                    "contentType": file.media_type,
                    "contentBytes": BASE64.encode(&bytes),
                });
                self.post(
                    &format!("/v1.0/me/messages/{draft}/attachments"),
                    &attachment,
                )?;
            } else {
                let item = json!({"AttachmentItem": {
                    "attachmentType": "file", "name": file.name, "size": bytes.len(), "contentType": file.media_type,
                }});
                let path = format!("/v1.0/me/messages/{draft}/attachments/createUploadSession");
                let session = self.post(&path, &item)?;
                self.upload(api::text(&session, "uploadUrl")?, &bytes)?;
            }
        }
        // With this ID the draft is complete, and can be found and sent after a failure.
        let complete = json!({"internetMessageId": outgoing.id}).to_string();
        let content = Some(("application/json", complete.as_bytes()));
        let path = format!("/v1.0/me/messages/{draft}");
        api::json(&api::call(
            &mut self.account,
            "PATCH",
            &path,
            content,
            &[200],
        )?)
    }

    fn post(&mut self, path: &str, body: &Value) -> Result<Value, Failure> {
        let body = body.to_string().into_bytes();
        let content = Some(("application/json", body.as_slice()));
        api::json(&api::call(
            &mut self.account,
            "POST",
            path,
            content,
            &[200, 201],
        )?)
    }

    /// Uploads a file in parts. The address of the session is the authorization.
    fn upload(&self, url: &str, bytes: &[u8]) -> Result<(), Failure> {
        let (mut first, size) = (0, bytes.len());
        for part in bytes.chunks(PART) {
            let answer = self.account.http.upload(url, part, (first, size));
            match answer {
                Ok(answer) if matches!(answer.status, 200..=202) => {}
                Ok(answer) => {
                    let why = format!("upload: status {}", answer.status);
                    return Err(Failure::Unknown(why, answer.retry_after));
                }
                Err(HttpError::NotSent(why) | HttpError::Unknown(why)) => {
                    return Err(Failure::Unknown(format!("upload: {why}"), None));
                }
            }
            first += part.len();
        }
        Ok(())
    }

    fn find(&mut self, id: &str) -> Result<Found, Failure> {
        let filter = format!("internetMessageId eq '{}'", id.replace('\'', "''"));
        let query = format!("$filter={}&$select=id,isDraft", encoded(&filter));
        let all = self.messages(&format!("/v1.0/me/messages?{query}"))?;
        if all.iter().any(|message| message["isDraft"] == false) {
            return Ok(Found::Sent);
        }
        if all.is_empty() {
            return Ok(Found::Missing);
        }
        // A draft that was deleted is still a draft, in another folder.
        let drafts = self.messages(&format!("/v1.0/me/mailFolders/drafts/messages?{query}"))?;
        Ok(match drafts.first() {
            Some(message) => Found::Draft(api::text(message, "id")?.to_owned()),
            None => Found::Missing,
        })
    }

    fn messages(&mut self, path: &str) -> Result<Vec<Value>, Failure> {
        let answer = api::json(&api::call(&mut self.account, "GET", path, None, &[200])?)?;
        Ok(answer["value"].as_array().cloned().unwrap_or_default())
    }
}

fn recipient(name: Option<&str>, address: &lettre::Address) -> Value {
    json!({"emailAddress": {"name": name.unwrap_or_default(), "address": address.to_string()}})
}

impl Transport for Graph {
    fn shown(&self) -> String {
        format!("Microsoft as {}", self.account.account.address)
    }

    fn makes_drafts(&self) -> bool {
        self.account.account.mailbox
    }

    fn prepare(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt> {
        if self.makes_drafts() {
            return self.draft(outgoing);
        }
        if outgoing.bytes.len() > MAX_MESSAGE {
            return Err(Attempt::Rejected(format!(
                "the email has {} MB. Above 2 MB, Microsoft takes it only with access to the mailbox: set mailbox = true under [account.microsoft] and sign in again",
                outgoing.bytes.len().div_ceil(1_000_000)
            )));
        }
        Ok(Prepared {
            id: outgoing.id.clone(),
            draft: None,
        })
    }

    fn draft(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt> {
        if !self.account.account.mailbox {
            let account = &self.account.account;
            return Err(Attempt::Unusable(
                AccountError::NoMailbox(account.provider).into(),
            ));
        }
        self.create(outgoing).map_err(Failure::nothing_sent)
    }

    fn submit(&mut self, outgoing: &OutgoingEmail, prepared: &Prepared) -> Attempt {
        let accepted =
            |_| Attempt::Accepted(format!("accepted by Microsoft Graph as {}", prepared.id));
        let Some(draft) = &prepared.draft else {
            let body = BASE64.encode(&outgoing.bytes).into_bytes();
            let content = Some(("text/plain", body.as_slice()));
            let sent = api::call(
                &mut self.account,
                "POST",
                "/v1.0/me/sendMail",
                content,
                &[202],
            );
            return sent.map_or_else(Failure::maybe_sent, accepted);
        };
        let path = format!("/v1.0/me/messages/{}/send", encoded(draft));
        match api::call(&mut self.account, "POST", &path, None, &[202]) {
            Ok(answer) => accepted(answer),
            // A draft that is gone may have been sent: its ID changes then.
            Err(Failure::NoEffect(Attempt::Rejected(why))) => Attempt::Unknown(why),
            Err(failure) => failure.maybe_sent(),
        }
    }

    fn look_up(&mut self, id: &str) -> Result<Found, Attempt> {
        if !self.account.account.mailbox {
            return Ok(Found::CannotAsk);
        }
        self.find(id).map_err(Failure::nothing_sent)
    }
}
