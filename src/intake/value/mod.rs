//! Reading values as people type them. Certain readings are noted, guesses are warned of, the rest are errors.

mod convert;
mod date;
mod number;

use super::book::{Book, Content};
use super::locate::Found;
use std::sync::Arc;

use crate::answers::{Answers, CellRef, Value};
use crate::finding::{Finding, Severity};
use crate::programme::{Field, FieldKey, Kind, Programme};
use crate::template::asks_for;
use crate::text::{shorten, tidy};

/// How a value was read, when it was not plainly there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Remark {
    /// Certain: a note.
    Note(String),
    /// A guess: a warning.
    Guess(String),
}

/// A value with the remarks on its reading, or why there is none.
pub(crate) type Outcome = Result<(Value, Vec<Remark>), String>;

/// What the reading of one cell needs to know.
pub(crate) struct Context<'a> {
    pub programme: &'a Programme,
    pub field: &'a Field,
    /// Index of the client's currency, once it is known.
    pub currency: Option<usize>,
}

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
            Kind::Date => Ok((Value::Date(*day), Vec::new())),
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
    let is_one_of = |list: &[String]| {
        list.iter().any(|word| {
            word.eq_ignore_ascii_case(plain.trim_end_matches(['.', '!'])) || *word == plain
        })
    };
    if is_one_of(&words.blank) {
        return Ok((
            Value::Missing,
            vec![Remark::Note("read as no answer".into())],
        ));
    }
    if is_one_of(&words.not_applicable) {
        return Ok((Value::NotApplicable, Vec::new()));
    }
    if is_one_of(&words.unknown) {
        return Ok((
            Value::Unknown,
            vec![Remark::Note("read as not yet known".into())],
        ));
    }
    match &context.field.kind {
        Kind::Text | Kind::LongText => Ok((Value::Text(typed.to_owned()), Vec::new())),
        Kind::Email => email(typed),
        Kind::Choice { list } => choice(context, *list, typed),
        Kind::Date => date::read(context, typed),
        _ => number::read(context, typed),
    }
}

fn email(typed: &str) -> Outcome {
    let address = typed
        .trim_start_matches("mailto:")
        .trim_matches(['<', '>', ',', ';']);
    let fine = address.len() <= 254
        && !address
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
        && address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.contains('@')
                && domain.split('.').all(|part| !part.is_empty())
        });
    if fine {
        Ok((Value::Text(address.to_owned()), Vec::new()))
    } else {
        Err("this is not an e-mail address".into())
    }
}

fn choice(context: &Context, list: usize, typed: &str) -> Outcome {
    let choices = &context.programme.choices[list];
    let plain = |text: &str| {
        text.to_lowercase()
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '?'))
            .to_owned()
    };
    let wanted = plain(typed);
    if let Some(option) = choices.options.iter().position(|option| option == typed) {
        return Ok((Value::Choice(option), Vec::new()));
    }
    let known = choices
        .options
        .iter()
        .position(|option| plain(option) == wanted)
        .or_else(|| {
            choices
                .also
                .iter()
                .find(|(word, _)| *word == wanted)
                .map(|(_, option)| *option)
        });
    match known {
        Some(option) => Ok((
            Value::Choice(option),
            vec![Remark::Note(format!(
                "read as \"{}\"",
                choices.options[option]
            ))],
        )),
        None => Err("this is not on the list".into()),
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

fn remark_finding(
    programme: &Programme,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    remark: Remark,
) -> Finding {
    let (severity, code, how, mend) = match remark {
        Remark::Note(how) => (Severity::Note, "value-read", how, "Nothing to do."),
        Remark::Guess(how) => (
            Severity::Warning,
            "value-guessed",
            how,
            "Type the value plainly if this is not what is meant.",
        ),
    };
    Finding {
        severity,
        code: code.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\", {how}", shorten(raw, 80)),
        expected: asks_for(programme, field),
        mend: mend.into(),
    }
}

fn unusable(
    programme: &Programme,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    why: &str,
) -> Finding {
    let mend = match &field.kind {
        Kind::Choice { .. } => "Choose one from the list in the cell.",
        Kind::Date => "Type the date with the month's name, such as 7 Dec 2026.",
        Kind::Email => "Type the address alone.",
        _ => "Type a plain number; notes belong into the mail.",
    };
    Finding {
        severity: Severity::Error,
        code: "value-unusable".into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\": {why}", shorten(raw, 80)),
        expected: asks_for(programme, field),
        mend: mend.into(),
    }
}
