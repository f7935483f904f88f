//! A provider of mail accounts for tests: sign-in, tokens, Microsoft Graph, and the Gmail API, with the limits and delays of
//! the real ones as far as they are known.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Maximum size of a request and of a message in MIME, in bytes. A larger message gets 200 and is not accepted.
const MAX_REQUEST: usize = 4_000_000;
const MAX_MESSAGE: usize = 2_240_000;

/// Decodes base64 into text. Returns an empty text if it is not base64.
pub fn base64(text: &str) -> String {
    let bytes = STANDARD.decode(text).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// How the provider behaves.
#[derive(Debug, Clone)]
pub struct Behavior {
    /// Who signs in.
    pub address: &'static str,
    /// Scopes that are granted. Empty if all.
    pub granted: &'static str,
    /// Whether a message keeps the ID that we gave it.
    pub keeps_ids: bool,
    /// Delay before each answer.
    pub delay: Duration,
    /// Time until an accepted email leaves the drafts.
    pub settles: Duration,
    /// Number of emails after which there is one 429, and the seconds of its `Retry-After`.
    pub limit: Option<(usize, u64)>,
    /// Number of attachments that are refused first.
    pub attachments_fail: usize,
    /// Number of the emails (from 1) whose acceptance is not answered: the connection breaks.
    pub broken: Vec<usize>,
    /// The sign-in was revoked.
    pub revoked: bool,
    /// The token endpoint answers with a page, as a proxy does.
    pub page: bool,
    /// The token endpoint redirects to this address.
    pub redirects: Option<String>,
    /// The token endpoint answers with this number of bytes.
    pub bytes: usize,
    /// What sending is refused with: status, code, and message.
    pub refuses: Option<(u16, &'static str, &'static str)>,
    /// The answers to the first polls with a device code.
    pub polls: Vec<&'static str>,
    /// Whether a refresh token can be used once only. Microsoft and Google take one again.
    pub rotates: bool,
    /// The access token that is issued. A new one each time if empty.
    pub access: &'static str,
    /// Number of seconds in which a token can be used.
    pub lifetime: u64,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            address: "plans@brightwater.example",
            granted: "",
            keeps_ids: true,
            delay: Duration::ZERO,
            settles: Duration::ZERO,
            limit: None,
            attachments_fail: 0,
            broken: Vec::new(),
            revoked: false,
            page: false,
            redirects: None,
            bytes: 0,
            refuses: None,
            polls: Vec::new(),
            rotates: true,
            access: "",
            lifetime: 3600,
        }
    }
}

/// A message in the mailbox.
#[derive(Debug, Clone)]
pub struct Message {
    id: String,
    pub message_id: String,
    pub to: String,
    /// Text of the message, or its JSON and the sizes of its files.
    pub text: String,
    accepted: Option<Instant>,
    /// Whether a person deleted the draft.
    deleted: bool,
}

#[derive(Default)]
struct State {
    messages: Vec<Message>,
    /// Refresh tokens that can be used.
    refresh: Vec<String>,
    access: Vec<String>,
    /// Challenges by code.
    codes: HashMap<String, (String, String)>,
    issued: usize,
    accepted: usize,
    limited: bool,
    attached: usize,
    polls: usize,
    /// Number of bytes that were uploaded, by session.
    uploads: HashMap<String, (String, usize)>,
    /// All requests, with their bodies.
    requests: Vec<String>,
    /// Recipients and texts of the emails that were sent another way.
    elsewhere: Option<Elsewhere>,
}

type Elsewhere = Box<dyn Fn() -> Vec<(String, String)> + Send>;

impl State {
    /// Returns all messages, with those that were sent another way.
    fn all(&self) -> Vec<Message> {
        let mut all = self.messages.clone();
        let elsewhere = self.elsewhere.as_ref().map(|own| own()).unwrap_or_default();
        for (to, text) in elsewhere {
            let mut message = message(self, &text, &to);
            message.id = format!("s{}", all.len());
            message.accepted = Some(Instant::now());
            all.push(message);
        }
        all
    }
}

/// Returns the names of those who got an email, in order.
pub fn names(provider: &Provider) -> Vec<String> {
    let sent = provider.sent().into_iter();
    let mut names: Vec<String> = sent
        .map(|message| message.to.split('@').next().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// A running provider.
pub struct Provider {
    pub port: u16,
    state: Arc<Mutex<State>>,
    behavior: Arc<Mutex<Behavior>>,
}

impl Provider {
    /// Starts a provider on this computer.
    pub fn start(behavior: Behavior) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let behavior = Arc::new(Mutex::new(behavior));
        let own = (state.clone(), behavior.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, behavior) = own.clone();
                std::thread::spawn(move || {
                    let behavior = behavior.lock().unwrap().clone();
                    drop(answer(stream, port, &state, &behavior));
                });
            }
        });
        Self {
            port,
            state,
            behavior,
        }
    }

    /// Changes the behavior of the following requests.
    pub fn behave(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut self.behavior.lock().unwrap());
    }

    /// Returns the section of `partnerbook.toml` for this provider.
    pub fn section(&self, name: &str, more: &str) -> String {
        let at = format!("http://127.0.0.1:{}", self.port);
        format!(
            "[account.{name}]\nclient_id = \"app\"\nclient_secret = \"hush\"\nauthorize_url = \"{at}/authorize\"\ntoken_url = \"{at}/token\"\ndevice_url = \"{at}/device\"\napi_url = \"{at}\"\n{more}\n"
        )
    }

    /// Issues a refresh token.
    pub fn issue(&self) -> String {
        let mut state = self.state.lock().unwrap();
        let token = format!("refresh-{}", state.refresh.len() + 1000);
        state.refresh.push(token.clone());
        token
    }

    /// Returns a function that tells whether an access token can be used.
    pub fn judge(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static {
        let state = self.state.clone();
        move |token| state.lock().unwrap().access.iter().any(|own| own == token)
    }

    /// Returns the messages that were sent, in order.
    pub fn sent(&self) -> Vec<Message> {
        let state = self.state.lock().unwrap();
        let sent = state
            .messages
            .iter()
            .filter(|message| message.accepted.is_some());
        sent.cloned().collect()
    }

    /// Returns the drafts in the mailbox.
    pub fn drafts(&self) -> Vec<Message> {
        let state = self.state.lock().unwrap();
        let drafts = state
            .messages
            .iter()
            .filter(|message| message.accepted.is_none());
        drafts.cloned().collect()
    }

    /// Sends a draft, as a person does in the mail program.
    pub fn send_by_hand(&self, to: &str) {
        let mut state = self.state.lock().unwrap();
        let message = state.messages.iter_mut().find(|message| message.to == to);
        message.unwrap().accepted = Some(Instant::now());
    }

    /// Deletes a draft, as a person does in the mail program: it is in another folder then.
    pub fn delete_by_hand(&self, to: &str) {
        let mut state = self.state.lock().unwrap();
        let message = state.messages.iter_mut().find(|message| message.to == to);
        message.unwrap().deleted = true;
    }

    /// Removes all messages.
    pub fn empty(&self) {
        self.state.lock().unwrap().messages.clear();
    }

    /// Adds the emails that are sent another way, by SMTP: recipients and texts.
    pub fn sees(&self, elsewhere: impl Fn() -> Vec<(String, String)> + Send + 'static) {
        self.state.lock().unwrap().elsewhere = Some(Box::new(elsewhere));
    }

    /// Returns all requests, with their bodies.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }
}

fn header(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    let line = lines.find(|line| {
        line.split(':')
            .next()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    })?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn message(state: &State, text: &str, to: &str) -> Message {
    Message {
        id: format!("m{}", state.messages.len() + 1),
        message_id: header(text, "message-id").unwrap_or_default(),
        to: to.to_owned(),
        text: text.to_owned(),
        accepted: None,
        deleted: false,
    }
}

struct Request {
    method: String,
    path: String,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> std::io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
    let url = url::Url::parse("http://x").unwrap().join(target).unwrap();
    let mut request = Request {
        method: method.to_owned(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: HashMap::new(),
        body: Vec::new(),
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        request
            .headers
            .insert(name.to_lowercase(), value.to_owned());
    }
    let length = request.headers.get("content-length");
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    if request.body.len() < length as usize {
        // A client that is gone has not sent its request.
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(request)
}

/// An answer: status, additional headers, and body. `None` breaks the connection.
type Reply = Option<(u16, String, Value)>;

fn answer(
    stream: TcpStream,
    port: u16,
    state: &Mutex<State>,
    behavior: &Behavior,
) -> std::io::Result<()> {
    let request = read(&stream)?;
    std::thread::sleep(behavior.delay);
    let reply = {
        let mut state = state.lock().unwrap();
        let body =
            String::from_utf8_lossy(&request.body[..request.body.len().min(20_000)]).into_owned();
        let line = format!("{} {} {body}", request.method, request.path);
        state.requests.push(line);
        reply(&request, port, &mut state, behavior)
    };
    std::thread::sleep(behavior.delay);
    let Some((status, headers, body)) = reply else {
        return stream.shutdown(std::net::Shutdown::Both);
    };
    let (kind, body) = match body {
        Value::String(page) => ("text/html", page),
        Value::Null => ("text/plain", String::new()),
        body => ("application/json", body.to_string()),
    };
    let head = format!(
        "HTTP/1.1 {status} as told\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n",
        body.len()
    );
    (&stream).write_all((head + &body).as_bytes())
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    Some((
        status,
        String::new(),
        json!({"error": {"code": code, "message": message}}),
    ))
}

fn reply(request: &Request, port: u16, state: &mut State, behavior: &Behavior) -> Reply {
    let form: HashMap<String, String> = url::form_urlencoded::parse(&request.body)
        .into_owned()
        .collect();
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/authorize") => return authorize(request, state),
        ("POST", "/token") => return token(&form, state, behavior),
        ("POST", "/device") => {
            return Some((
                200,
                String::new(),
                json!({
                    "device_code": "device", "user_code": "ABCD-EFGH",
                    "verification_uri": format!("http://127.0.0.1:{port}/login"), "expires_in": 900, "interval": 1,
                }),
            ));
        }
        ("PUT", path) if path.starts_with("/upload-session/") => {
            assert!(
                !request.headers.contains_key("authorization"),
                "a session needs no token"
            );
            return upload(request, state);
        }
        _ => {}
    }
    let bearer = request.headers.get("authorization");
    let bearer = bearer
        .and_then(|own| own.strip_prefix("Bearer "))
        .unwrap_or_default();
    if !state.access.iter().any(|own| own == bearer) {
        return error(
            401,
            "InvalidAuthenticationToken",
            "Access token has expired.",
        );
    }
    if request.body.len() > MAX_REQUEST && !request.path.starts_with("/upload/") {
        return error(413, "RequestEntityTooLarge", "too large");
    }
    if request.path.starts_with("/v1.0/") {
        graph(request, port, state, behavior)
    } else {
        gmail(request, state, behavior)
    }
}

fn authorize(request: &Request, state: &mut State) -> Reply {
    let value = |name: &str| request.query.get(name).cloned().unwrap_or_default();
    assert_eq!(value("code_challenge_method"), "S256");
    assert!(value("state").len() >= 32 && value("response_type") == "code");
    let code = format!("code {}", state.codes.len());
    let (challenge, redirect) = (value("code_challenge"), value("redirect_uri"));
    state
        .codes
        .insert(code.clone(), (challenge, redirect.clone()));
    let mut back = url::Url::parse(&redirect).unwrap();
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &value("state"));
    Some((302, format!("Location: {back}\r\n"), Value::Null))
}

fn token(form: &HashMap<String, String>, state: &mut State, behavior: &Behavior) -> Reply {
    if behavior.page {
        return Some((
            200,
            String::new(),
            "<html>Sign in to the hotel</html>".into(),
        ));
    }
    if let Some(other) = &behavior.redirects {
        return Some((307, format!("Location: {other}\r\n"), Value::Null));
    }
    if behavior.bytes > 0 {
        return Some((
            200,
            String::new(),
            json!({"access_token": "x".repeat(behavior.bytes)}),
        ));
    }
    let refused = |code: &str, text: &str| -> Reply {
        let body = json!({"error": code, "error_description": format!("{text}\r\nTrace ID: 1")});
        Some((400, String::new(), body))
    };
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!(value("client_id"), "app");
    match value("grant_type") {
        "authorization_code" => {
            let Some((challenge, redirect)) = state.codes.remove(value("code")) else {
                return refused("invalid_grant", "AADSTS70008: the code is used");
            };
            let own = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
            if own != challenge || redirect != value("redirect_uri") {
                return refused("invalid_grant", "AADSTS501481: the verifier does not match");
            }
        }
        "refresh_token" => {
            let known = state
                .refresh
                .iter()
                .position(|own| own == value("refresh_token"));
            match known {
                Some(index) if !behavior.revoked => {
                    if behavior.rotates {
                        state.refresh.remove(index);
                    }
                }
                _ => return refused("invalid_grant", "AADSTS700082: the token has expired"),
            }
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            state.polls += 1;
            if let Some(word) = behavior.polls.get(state.polls - 1) {
                return refused(word, "as told");
            }
        }
        other => return refused("unsupported_grant_type", other),
    }
    state.issued += 1;
    let (access, refresh) = (
        format!("access-{}", state.issued),
        format!("refresh-{}", state.issued),
    );
    let access = match behavior.access {
        "" => access,
        own => own.to_owned(),
    };
    state.access.push(access.clone());
    state.refresh.push(refresh.clone());
    let claims = json!({"preferred_username": behavior.address}).to_string();
    let scope = match behavior.granted {
        "" => value("scope"),
        granted => granted,
    };
    let mut body = json!({
        "access_token": access, "refresh_token": refresh, "expires_in": behavior.lifetime, "token_type": "Bearer",
        "id_token": format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)),
    });
    if !scope.is_empty() {
        body["scope"] = scope.into();
    }
    Some((200, String::new(), body))
}

/// Returns the answer to a request to send, unless it is sent.
fn hindered(state: &mut State, behavior: &Behavior) -> Option<Reply> {
    if let Some((status, code, message)) = behavior.refuses {
        return Some(error(status, code, message));
    }
    if let Some((count, seconds)) = behavior.limit
        && state.accepted == count
        && !state.limited
    {
        state.limited = true;
        let body =
            json!({"error": {"code": "ApplicationThrottled", "message": "Too many requests"}});
        return Some(Some((429, format!("Retry-After: {seconds}\r\n"), body)));
    }
    None
}

/// Accepts a message. Returns whether the connection breaks instead of an answer.
fn accept(state: &mut State, index: usize, behavior: &Behavior) -> bool {
    state.messages[index].accepted = Some(Instant::now());
    state.accepted += 1;
    behavior.broken.contains(&state.accepted)
}

fn graph(request: &Request, port: u16, state: &mut State, behavior: &Behavior) -> Reply {
    let path: Vec<&str> = request
        .path
        .trim_start_matches("/v1.0/me/")
        .split('/')
        .collect();
    let created = |body: Value| -> Reply { Some((201, String::new(), body)) };
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["messages"]) => {
            let is_mime =
                request.headers.get("content-type").map(String::as_str) == Some("text/plain");
            let (mut text, to);
            if is_mime {
                text = base64(std::str::from_utf8(&request.body).unwrap());
                if text.len() > MAX_MESSAGE {
                    return Some((200, String::new(), Value::Null));
                }
                to = recipient(&text);
            } else {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                let id = format!("<own-{}@provider.example>", state.messages.len());
                text = format!("Message-ID: {id}\n\n{body}");
                let address = &body["toRecipients"][0]["emailAddress"]["address"];
                to = address.as_str().unwrap().to_owned();
            }
            if !behavior.keeps_ids {
                text = format!(
                    "Message-ID: <{}@provider.example>\n\n{text}",
                    state.messages.len()
                );
            }
            let message = message(state, &text, &to);
            let body =
                json!({"id": message.id, "internetMessageId": message.message_id, "isDraft": true});
            state.messages.push(message);
            created(body)
        }
        ("PATCH", ["messages", id]) => {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let message = state.messages.iter_mut().find(|message| message.id == *id);
            let message = message.unwrap();
            if let Some(own) = body["internetMessageId"]
                .as_str()
                .filter(|_| behavior.keeps_ids)
            {
                message.message_id = own.to_owned();
            }
            let body =
                json!({"id": message.id, "internetMessageId": message.message_id, "isDraft": true});
            Some((200, String::new(), body))
        }
        ("POST", ["messages", id, "attachments"]) => {
            if state.attached < behavior.attachments_fail {
                state.attached += 1;
                return error(503, "ServiceUnavailable", "busy");
            }
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let bytes = base64_bytes(body["contentBytes"].as_str().unwrap());
            let name = body["name"].as_str().unwrap();
            let message = state.messages.iter_mut().find(|message| message.id == *id);
            message.unwrap().text += &format!("\n{name}: {}", bytes.len());
            created(json!({}))
        }
        ("POST", ["messages", id, "attachments", "createUploadSession"]) => {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let name = body["AttachmentItem"]["name"].as_str().unwrap();
            let session = format!("{}", state.uploads.len());
            let at = format!("http://127.0.0.1:{port}/upload-session/{session}");
            state.uploads.insert(session, (format!("{id}/{name}"), 0));
            created(json!({"uploadUrl": at}))
        }
        ("POST", ["messages", id, "send"]) => {
            if let Some(reply) = hindered(state, behavior) {
                return reply;
            }
            let is_draft = |message: &Message| message.id == *id && message.accepted.is_none();
            let Some(index) = state.messages.iter().position(is_draft) else {
                return error(
                    404,
                    "ErrorItemNotFound",
                    "The specified object was not found.",
                );
            };
            if accept(state, index, behavior) {
                return None;
            }
            Some((202, String::new(), Value::Null))
        }
        ("POST", ["sendMail"]) => {
            if let Some(reply) = hindered(state, behavior) {
                return reply;
            }
            let text = base64(std::str::from_utf8(&request.body).unwrap());
            let message = message(state, &text, &recipient(&text));
            state.messages.push(message);
            let index = state.messages.len() - 1;
            if accept(state, index, behavior) {
                return None;
            }
            Some((202, String::new(), Value::Null))
        }
        ("GET", ["messages"] | ["mailFolders", "drafts", "messages"]) => {
            let filter = &request.query["$filter"];
            let id = filter.strip_prefix("internetMessageId eq '").unwrap();
            let id = id.strip_suffix('\'').unwrap();
            let found = state
                .messages
                .iter()
                .filter(|message| message.message_id == id)
                .filter(|message| path.len() == 1 || !message.deleted);
            let found: Vec<Value> = found
                .map(|message| {
                    let is_sent = message
                        .accepted
                        .is_some_and(|time| time.elapsed() >= behavior.settles);
                    json!({"id": message.id, "isDraft": !is_sent})
                })
                .collect();
            Some((200, String::new(), json!({"value": found})))
        }
        other => panic!("no route {other:?}"),
    }
}

fn base64_bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

fn recipient(text: &str) -> String {
    let to = header(text, "to").unwrap();
    let address = to.rsplit('<').next().unwrap();
    address.trim_end_matches('>').to_owned()
}

fn upload(request: &Request, state: &mut State) -> Reply {
    let session = request.path.rsplit('/').next().unwrap();
    let range = request.headers["content-range"].trim_start_matches("bytes ");
    let (range, size) = range.split_once('/').unwrap();
    let (first, last) = range.split_once('-').unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let size: usize = size.parse().unwrap();
    let (target, length) = state.uploads.get_mut(session).unwrap();
    assert!(*length == first && last - first + 1 == request.body.len());
    assert!(last + 1 == size || request.body.len().is_multiple_of(320 * 1024));
    *length = last + 1;
    if *length < size {
        return Some((202, String::new(), json!({})));
    }
    let (id, name) = target.split_once('/').unwrap();
    let message = state.messages.iter_mut().find(|message| message.id == id);
    message.unwrap().text += &format!("\n{name}: {size}");
    Some((201, String::new(), Value::Null))
}

fn gmail(request: &Request, state: &mut State, behavior: &Behavior) -> Reply {
    let path = request.path.trim_start_matches("/upload");
    let path: Vec<&str> = path
        .trim_start_matches("/gmail/v1/users/me/")
        .split('/')
        .collect();
    let fine = |body: Value| -> Reply { Some((200, String::new(), body)) };
    let found = |state: &State| -> Vec<Message> {
        let id = request.query["q"].strip_prefix("rfc822msgid:").unwrap();
        let id = format!("<{id}>");
        let mut found = state.all();
        found.retain(|message| message.message_id == id);
        found
    };
    let is_sent = |message: &Message| {
        message
            .accepted
            .is_some_and(|time| time.elapsed() >= behavior.settles)
    };
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["drafts"]) => {
            let bytes = if request.path.starts_with("/upload/") {
                request.body.clone()
            } else {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                URL_SAFE
                    .decode(body["message"]["raw"].as_str().unwrap())
                    .unwrap()
            };
            let mut text = String::from_utf8(bytes).unwrap();
            let to = recipient(&text);
            if !behavior.keeps_ids {
                text = format!(
                    "Message-ID: <{}@provider.example>\n\n{text}",
                    state.messages.len()
                );
            }
            let message = message(state, &text, &to);
            let body = json!({"id": format!("d-{}", message.id), "message": {"id": message.id}});
            state.messages.push(message);
            fine(body)
        }
        ("POST", ["drafts", "send"]) => {
            if let Some(reply) = hindered(state, behavior) {
                return reply;
            }
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let id = body["id"].as_str().unwrap().trim_start_matches("d-");
            let is_draft = |message: &Message| message.id == id && message.accepted.is_none();
            let Some(index) = state.messages.iter().position(is_draft) else {
                return error(404, "notFound", "Requested entity was not found.");
            };
            if accept(state, index, behavior) {
                return None;
            }
            fine(json!({"id": id}))
        }
        ("GET", ["drafts"]) => {
            let drafts: Vec<Value> = found(state)
                .iter()
                .filter(|message| !is_sent(message))
                .map(|message| json!({"id": format!("d-{}", message.id)}))
                .collect();
            fine(json!({"drafts": drafts}))
        }
        ("GET", ["messages"]) => {
            let found = found(state);
            match found.is_empty() {
                true => fine(json!({"resultSizeEstimate": 0})),
                false => {
                    let found: Vec<Value> = found
                        .iter()
                        .map(|message| json!({"id": message.id}))
                        .collect();
                    fine(json!({"messages": found}))
                }
            }
        }
        ("GET", ["messages", id]) => {
            let all = state.all();
            let message = all.iter().find(|message| message.id == *id).unwrap();
            let label = if is_sent(message) { "SENT" } else { "DRAFT" };
            fine(json!({
                "id": id, "labelIds": [label],
                "payload": {"headers": [{"name": "Message-Id", "value": message.message_id}]},
            }))
        }
        other => panic!("no route {other:?}"),
    }
}
