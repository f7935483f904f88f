//! Reading values as people type them. Certain readings are noted, guesses are warned of, the rest are errors.

mod around;
mod convert;
mod date;
mod digits;
mod findings;
mod number;

pub use findings::is_doubt;

use findings::{remark_finding, unusable};

use super::book::{Book, Content};
use super::locate::Found;
use std::sync::Arc;

use chrono::Datelike;

use crate::answers::{Answers, CellRef, Value};
use crate::finding::{Finding, Severity};
use crate::programme::{Field, FieldKey, Kind, Programme};
use crate::text::{LONGEST_CELL, shorten, tidy};

/// How a value was read, when it was not plainly there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Remark {
    /// Certain: a note.
    Note(String),
    /// A guess: a warning.
    Guess(String),
    /// Longer than a cell of Excel holds, in its units: a warning.
    Long(usize),
}

/// A value with the remarks on its reading, or why there is none.
pub(crate) type Outcome = Result<(Value, Vec<Remark>), String>;

/// What the reading of one cell needs to know.
pub(crate) struct Context<'a> {
    pub programme: &'a Programme,
    pub field: &'a Field,
    /// Index of the client's currency, once it is known.
    pub currency: Option<usize>,
    /// How this workbook writes numbers and dates.
    pub habits: Habits,
}

/// What the texts of a workbook give away about the way their writer writes numbers and dates, where all that say anything
/// agree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    /// Mark before decimals.
    pub decimal: Option<char>,
    /// Whether 07/12 is the seventh of December.
    pub day_first: Option<bool>,
}

impl Habits {
    fn of<'t>(programme: &Programme, texts: impl Iterator<Item = (FieldKey, &'t str)>) -> Self {
        let (mut marks, mut orders) = (Vec::new(), Vec::new());
        for (key, typed) in texts.filter(|(_, typed)| typed.len() <= LONGEST_NUMBER) {
            let kind = &programme.field(key).kind;
            if kind.is_number() {
                marks.extend(digits::decimal_mark_of(typed));
            } else if *kind == Kind::Date {
                orders.extend(date::order_of(typed));
            }
        }
        Self {
            decimal: unanimous(&marks),
            day_first: unanimous(&orders),
        }
    }
}

fn unanimous<T: Copy + PartialEq>(votes: &[T]) -> Option<T> {
    let first = *votes.first()?;
    votes.iter().all(|vote| *vote == first).then_some(first)
}

/// Longest text that is read as a number, a date or an option, in bytes: nobody needs more.
const LONGEST_NUMBER: usize = 200;

pub fn read_all(
    programme: &Programme,
    book: &Book,
    found: &[Option<Found>],
    findings: &mut Vec<Finding>,
) -> Answers {
    let mut answers = Answers::empty(programme);
    let mut currency = None;
    // The currency first: it decides whether "€" beside an amount is right.
    let first = programme.identity.currency;
    let order = first
        .into_iter()
        .chain(programme.keys().filter(|key| Some(*key) != first));
    let mut own = Vec::new();
    let sheet_names: Vec<Arc<str>> = book
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str().into())
        .collect();
    let texts = programme.inputs().filter_map(|(key, _)| {
        let found = found[key.0]?;
        match book.sheets[found.sheet].get(found.row, found.column)? {
            Content::Text(typed) => Some((key, typed.as_str())),
            _ => None,
        }
    });
    let habits = Habits::of(programme, texts);
    for key in order {
        let Some(found) = found[key.0] else { continue };
        let sheet = &book.sheets[found.sheet];
        let place = CellRef {
            sheet: sheet_names[found.sheet].clone(),
            row: found.row,
            column: found.column,
        };
        let content = sheet.get(found.row, found.column);
        let field = programme.field(key);
        let context = Context {
            programme,
            field,
            currency,
            habits,
        };
        let raw = content.map(Content::raw).unwrap_or_default();
        let answer = answers.get_mut(key);
        answer.found_by = found.by;
        answer.raw = shorten_raw(&raw);
        answer.place = Some(place);
        let outcome = match content {
            None => Ok((Value::Missing, Vec::new())),
            Some(content) => read(&context, content),
        };
        match outcome {
            Ok((value, remarks)) => {
                answer.value = value;
                own.extend(remarks.into_iter().map(|remark| {
                    (
                        key,
                        remark_finding(programme, field, answer.place.clone(), &raw, remark),
                    )
                }));
            }
            Err(why) => {
                answer.value = Value::Invalid;
                own.push((
                    key,
                    unusable(programme, field, answer.place.clone(), &raw, &why),
                ));
            }
        }
        if Some(key) == first {
            let code = answers.choice(programme, key);
            currency = code.and_then(|code| {
                programme
                    .currencies
                    .iter()
                    .position(|currency| currency.code == code)
            });
        }
    }
    read_splits(programme, &mut answers, &mut own);
    own.sort_by_key(|(key, _)| *key);
    findings.extend(own.into_iter().map(|(_, finding)| finding));
    answers
}

/// What a cell may keep of a text: as much as Excel itself allows.
fn shorten_raw(raw: &str) -> String {
    crate::text::for_cell(raw)
}

fn read(context: &Context, content: &Content) -> Outcome {
    match content {
        Content::Unresolved => {
            Err("the cell holds a formula that was not worked out: type the value itself".into())
        }
        Content::Error(error) => Err(format!(
            "the cell shows the error {error}: type the value itself"
        )),
        Content::Text(typed) => read_text(context, &tidy(typed)),
        Content::Number(number, shown) => number::from_cell(context, *number, shown),
        Content::Bool(yes) => read_text(context, if *yes { "true" } else { "false" }),
        Content::Date(day) => match context.field.kind {
            Kind::Date if date::YEARS.contains(&day.year()) => Ok((Value::Date(*day), Vec::new())),
            Kind::Date => Err(format!("the year {} is none of a plan", day.year())),
            Kind::Rating { .. } => {
                number::rating_from_date(*day).ok_or_else(|| "the cell holds a date".into())
            }
            _ if context.field.kind.is_number() => {
                Err("the cell holds a date: Excel may have made one of what was typed".into())
            }
            _ => Ok((
                Value::Text(crate::display::date(context.programme, *day)),
                Vec::new(),
            )),
        },
    }
}

fn read_text(context: &Context, typed: &str) -> Outcome {
    let words = &context.programme.words;
    if typed.is_empty() {
        return Ok((Value::Missing, Vec::new()));
    }
    let plain = typed.to_lowercase();
    let is_one_of = |list: &[String], typed: &str| {
        let bare = typed.trim_end_matches(['.', '!']);
        list.iter().any(|word| word == bare || word == typed)
    };
    let no_answer = |list: &[String]| is_one_of(list, &plain);
    if no_answer(&words.blank) {
        return Ok((
            Value::Missing,
            vec![Remark::Note("read as no answer".into())],
        ));
    }
    if no_answer(&words.not_applicable) {
        return Ok((Value::NotApplicable, Vec::new()));
    }
    if no_answer(&words.unknown) {
        return Ok((
            Value::Unknown,
            vec![Remark::Note("read as not yet known".into())],
        ));
    }
    match &context.field.kind {
        Kind::Text | Kind::LongText => {
            let units = typed.encode_utf16().count();
            let remarks = if units > LONGEST_CELL {
                vec![Remark::Long(units)]
            } else {
                Vec::new()
            };
            return Ok((Value::Text(typed.to_owned()), remarks));
        }
        Kind::Email => return email(typed),
        _ => {}
    }
    // "TBD, ask Anna" says what "TBD" says.
    if let Some((head, _)) = split_off_comment(&plain) {
        if is_one_of(&words.not_applicable, head) {
            let remark = Remark::Guess("read as does not apply".into());
            return Ok((Value::NotApplicable, vec![remark]));
        }
        if is_one_of(&words.unknown, head) {
            let remark = Remark::Guess("read as not yet known".into());
            return Ok((Value::Unknown, vec![remark]));
        }
    }
    if typed.len() > LONGEST_NUMBER {
        return Err("this is a long text".into());
    }
    match &context.field.kind {
        Kind::Choice { list } => choice(context, *list, typed),
        Kind::Date => date::read(context, typed),
        _ => number::read(context, typed),
    }
}

/// What stands before and after the first mark that begins a comment.
fn split_off_comment(typed: &str) -> Option<(&str, &str)> {
    let at = typed.find([',', ';', '(', ':', '–', '—']).into_iter();
    let at = at.chain(typed.find(" - ")).chain(typed.find('\n')).min()?;
    let (head, comment) = typed.split_at(at);
    Some((head.trim(), comment))
}

fn email(typed: &str) -> Outcome {
    let trimmed = |text: &str| {
        let text = text.trim().trim_end_matches(['.', ',', ';', '>']);
        text.trim_start_matches(['<'])
            .trim_start_matches("mailto:")
            .trim()
            .to_owned()
    };
    let is_address = |address: &str| {
        address.len() <= 254
            && !address
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
            && address.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty()
                    && local.len() <= 64
                    && domain.contains('.')
                    && !domain.contains('@')
                    && domain.split('.').all(|part| !part.is_empty())
            })
    };
    let address = trimmed(typed);
    if is_address(&address) {
        return Ok((Value::Text(address), Vec::new()));
    }
    let addresses: Vec<String> = typed
        .split(|c: char| c.is_whitespace() || ",;<>()".contains(c))
        .map(trimmed)
        .filter(|part| is_address(part))
        .collect();
    match addresses.as_slice() {
        [only] => {
            let remark = Remark::Note(format!("read as {only}"));
            Ok((Value::Text(only.clone()), vec![remark]))
        }
        [] => Err("this is not an e-mail address".into()),
        _ => Err("several addresses stand where one is asked for".into()),
    }
}

fn choice(context: &Context, list: usize, typed: &str) -> Outcome {
    let choices = &context.programme.choices[list];
    let known = |typed: &str| {
        // Signs come with and without the mark that makes a picture of them.
        let wanted = crate::text::plain(typed).replace('\u{FE0F}', "");
        let own = choices
            .options
            .iter()
            .position(|option| crate::text::plain(option) == wanted);
        own.or_else(|| {
            let mut also = choices.also.iter();
            also.find(|(word, _)| crate::text::plain(word) == wanted || *word == wanted)
                .map(|(_, option)| *option)
        })
    };
    if let Some(option) = choices.options.iter().position(|option| option == typed) {
        return Ok((Value::Choice(option), Vec::new()));
    }
    if let Some(option) = known(typed) {
        let remark = Remark::Note(format!("read as \"{}\"", choices.options[option]));
        return Ok((Value::Choice(option), vec![remark]));
    }
    let mut named: Vec<usize> = typed
        .split([',', ';', '/', '&', '|', '\n'])
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .filter_map(known)
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > 1 {
        return Err("several of the list stand where one is asked for".into());
    }
    let head = split_off_comment(typed).and_then(|(head, comment)| Some((known(head)?, comment)));
    match head {
        Some((option, comment)) => {
            let comment = shorten(comment.trim(), 40);
            let option_text = &choices.options[option];
            let remark = Remark::Guess(format!("read as \"{option_text}\", without \"{comment}\""));
            Ok((Value::Choice(option), vec![remark]))
        }
        None => Err("this is not on the list".into()),
    }
}

/// What a text typed into a field's cell is read as, in a workbook of nothing else whose currency is known or not.
pub fn read_typed(
    programme: &Programme,
    key: FieldKey,
    typed: &str,
    currency: Option<&str>,
) -> (Value, Option<Finding>) {
    let field = programme.field(key);
    let context = Context {
        programme,
        field,
        currency: currency.and_then(|code| {
            let mut all = programme.currencies.iter();
            all.position(|currency| currency.code == code)
        }),
        habits: Habits::of(programme, std::iter::once((key, typed))),
    };
    match read(&context, &Content::Text(typed.to_owned())) {
        Ok((value, remarks)) => {
            let finding = remarks
                .into_iter()
                .next()
                .map(|remark| remark_finding(programme, field, None, typed, remark));
            (value, finding)
        }
        Err(why) => (
            Value::Invalid,
            Some(unusable(programme, field, None, typed, &why)),
        ),
    }
}

/// "60/40" typed into the first part of a split fills both, when the second is empty.
fn read_splits(
    programme: &Programme,
    answers: &mut Answers,
    findings: &mut Vec<(FieldKey, Finding)>,
) {
    let shares: Vec<FieldKey> = programme
        .inputs()
        .filter(|(_, field)| field.kind == Kind::Share)
        .map(|(key, _)| key)
        .collect();
    for pair in shares.windows(2) {
        let (first, second) = (programme.field(pair[0]), programme.field(pair[1]));
        let parent = |id: &str| id.rsplit_once('.').map(|(parent, _)| parent.to_owned());
        if parent(&first.id) != parent(&second.id)
            || answers.get(pair[0]).value != Value::Invalid
            || answers.get(pair[1]).value != Value::Missing
        {
            continue;
        }
        let typed = tidy(&answers.get(pair[0]).raw);
        let parts: Vec<f64> = typed
            .split(['/', ':', '-', '–'])
            .map_while(|part| part.trim().trim_end_matches('%').trim().parse().ok())
            .collect();
        if let [a, b] = parts[..]
            && (0.0..=100.0).contains(&a)
            && (0.0..=100.0).contains(&b)
        {
            answers.get_mut(pair[0]).value = Value::Number(a);
            answers.get_mut(pair[1]).value = Value::Number(b);
            findings
                .retain(|(key, finding)| *key != pair[0] || finding.severity != Severity::Error);
            let remark = Remark::Note(format!("read as {a} and {b}"));
            findings.push((
                pair[0],
                remark_finding(
                    programme,
                    first,
                    answers.get(pair[0]).place.clone(),
                    &typed,
                    remark,
                ),
            ));
        }
    }
}
