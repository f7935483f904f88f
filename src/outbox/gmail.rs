//! The mailbox of a Google account through the Gmail API: drafts, and looking up what was sent. Emails leave by SMTP, which
//! keeps their message IDs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Value, json};

use super::api::{self, Failure, encoded};
use super::transport::{Attempt, Found, OutgoingEmail, Prepared};
use crate::account::SignedIn;

/// Maximum size of a message that is sent within JSON, in bytes. A larger one is uploaded.
const MAX_IN_JSON: usize = 3 << 20;

/// Creates a draft.
pub fn draft(account: &mut SignedIn, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt> {
    create(account, outgoing).map_err(Failure::nothing_sent)
}

fn create(account: &mut SignedIn, outgoing: &OutgoingEmail) -> Result<Prepared, Failure> {
    let answer = if outgoing.bytes.len() <= MAX_IN_JSON {
        let draft = json!({"message": {"raw": URL_SAFE.encode(&outgoing.bytes)}});
        let draft = draft.to_string().into_bytes();
        let content = Some(("application/json", draft.as_slice()));
        api::call(
            account,
            "POST",
            "/gmail/v1/users/me/drafts",
            content,
            &[200],
        )?
    } else {
        let path = "/upload/gmail/v1/users/me/drafts?uploadType=media";
        let content = Some(("message/rfc822", outgoing.bytes.as_slice()));
        api::call(account, "POST", path, content, &[200])?
    };
    let created = api::json(&answer)?;
    let draft = api::text(&created, "id")?.to_owned();
    let message = encoded(api::text(&created["message"], "id")?);
    // The API may give the message another ID than ours. The draft exists already: whatever happens here, it is not created
    // again.
    let id = message_id(account, &message).unwrap_or_else(|| outgoing.id.clone());
    Ok(Prepared {
        id,
        draft: Some(draft),
    })
}

/// Returns the message ID of a message in the mailbox.
fn message_id(account: &mut SignedIn, message: &str) -> Option<String> {
    let path =
        format!("/gmail/v1/users/me/messages/{message}?format=metadata&metadataHeaders=Message-ID");
    let mut answers = (0..3).map(|_| api::call(account, "GET", &path, None, &[200]));
    let answer = api::json(&answers.find_map(Result::ok)?).ok()?;
    let headers = answer["payload"]["headers"].as_array()?;
    let is_id = |header: &&Value| {
        let name = header["name"].as_str();
        name.is_some_and(|name| name.eq_ignore_ascii_case("message-id"))
    };
    let header = headers.iter().find(is_id)?;
    header["value"].as_str().map(str::to_owned)
}

/// Sends a draft.
pub fn send(account: &mut SignedIn, draft: &str) -> Attempt {
    let body = json!({ "id": draft }).to_string().into_bytes();
    let content = Some(("application/json", body.as_slice()));
    match api::call(
        account,
        "POST",
        "/gmail/v1/users/me/drafts/send",
        content,
        &[200],
    ) {
        Ok(_) => Attempt::Accepted("accepted by Gmail".to_owned()),
        // A draft that is gone may have been sent.
        Err(Failure::NoEffect(Attempt::Rejected(why))) => Attempt::Unknown(why),
        Err(failure) => failure.maybe_sent(),
    }
}

/// Looks up an email by its message ID.
pub fn look_up(account: &mut SignedIn, id: &str) -> Result<Found, Attempt> {
    find(account, id).map_err(Failure::nothing_sent)
}

fn find(account: &mut SignedIn, id: &str) -> Result<Found, Failure> {
    let id = id.trim_matches(['<', '>']);
    let query = encoded(&format!("rfc822msgid:{id}"));
    let path = format!("/gmail/v1/users/me/messages?includeSpamTrash=true&q={query}");
    let answer = api::json(&api::call(account, "GET", &path, None, &[200])?)?;
    let messages = answer["messages"].as_array().cloned().unwrap_or_default();
    let mut is_draft = false;
    for message in &messages {
        let message = encoded(api::text(message, "id")?);
        let path = format!("/gmail/v1/users/me/messages/{message}?format=minimal");
        let message = api::json(&api::call(account, "GET", &path, None, &[200])?)?;
        let has = |label: &str| {
            let labels = message["labelIds"].as_array();
            labels.is_some_and(|labels| labels.iter().any(|own| own == label))
        };
        if has("SENT") {
            return Ok(Found::Sent);
        }
        is_draft |= has("DRAFT");
    }
    if !is_draft {
        return Ok(Found::Missing);
    }
    // A draft is sent by its own ID, which the message does not contain.
    let path = format!("/gmail/v1/users/me/drafts?q={query}");
    let answer = api::json(&api::call(account, "GET", &path, None, &[200])?)?;
    let draft = &answer["drafts"][0];
    Ok(Found::Draft(api::text(draft, "id")?.to_owned()))
}
