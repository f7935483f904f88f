//! Resolves `roadmap.toml` to months and activities with days and fields.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Names;
use super::names::find_section;
use super::scores::find_score;
use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::raw::{ActivityRaw, BuildsRaw, Name, RoadmapFile};
use crate::questionnaire::*;
use crate::text::normalize;

/// Maximum length of a roadmap in days, about ten years.
const MAX_DAYS: u32 = 3660;

/// Resolves the roadmap and reports problems. Months and activities with unknown references are skipped.
pub(super) fn resolve(
    source: &Source,
    raw: RoadmapFile,
    sheets: &[Worksheet],
    scores: &[ScoreDef],
    names: &Names,
) -> Result<RoadmapDef, Reported> {
    let is_absent = raw.activity.is_empty() && raw.months.is_empty();
    if is_absent && raw.days == 0 {
        return Ok(RoadmapDef::default());
    }
    check_words(source, &raw);
    if !(1..=MAX_DAYS).contains(&raw.days) {
        let message = format!("a roadmap has 1 to {MAX_DAYS} days");
        return Err(source.error_at_text("days", message));
    }
    check_reviews(source, &raw);
    let (months, sections) = months(source, &raw, sheets)?;
    let mut activities: Vec<ActivityDef> = Vec::new();
    // What refers to an activity that cannot be found would only add misleading errors.
    let mut failed = None;
    let mut without_column = HashSet::new();
    for activity in &raw.activity {
        let Ok((section, row)) = names.row(source, sheets, &activity.row) else {
            failed = Some(Reported);
            continue;
        };
        let Some(month) = sections.iter().position(|own| own.id == section.id) else {
            let message = format!("\"{}\" is not in one of the months", row.id);
            source.error_in(activity.row.span(), message, None);
            continue;
        };
        check_days(source, activity, &months[month]);
        let cell = |column: &str| names.by_id.get(&format!("{}.{column}", row.id)).copied();
        check_columns(source, &raw, row, names, &mut without_column);
        let id = row.id.rsplit('.').next().unwrap_or(&row.id).to_owned();
        if activities.iter().any(|other| other.id == id) {
            let message = format!("two activities have the ID \"{id}\"");
            source.error_in(activity.row.span(), message, None);
        }
        let earlier = |names: &[Name]| match failed {
            Some(_) => Vec::new(),
            None => earlier(source, names, &activities),
        };
        let (after, alongside) = (earlier(&activity.after), earlier(&activity.alongside));
        activities.push(ActivityDef {
            id,
            after,
            alongside,
            next_round: activity.next_round.clone(),
            row: row.id.clone(),
            label: row.label.clone(),
            from: activity.from,
            to: activity.to,
            owner: cell(&raw.owner),
            due: cell(&raw.due),
            status: cell(&raw.status),
            month,
        });
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    check_rows(source, &sections, &activities);
    Ok(RoadmapDef {
        days: raw.days,
        weekend: weekend(source, &raw.weekend),
        holidays: holidays(source, &raw.holidays),
        usual_holidays: holidays(source, &raw.usual_holidays),
        builds: raw
            .builds
            .as_ref()
            .and_then(|builds| self::builds(source, builds, sheets, scores, names).ok()),
        review_days: raw.review_days,
        statuses: [raw.not_started, raw.in_progress, raw.done],
        unnamed_owner: raw.unnamed_owner,
        everyone: raw.everyone.iter().map(|own| normalize(own)).collect(),
        owner_separators: raw.owner_separators,
        months,
        activities,
    })
}

/// Checks that the roadmap has the words that its columns and statuses need.
fn check_words(source: &Source, raw: &RoadmapFile) {
    let words = [
        ("owner", &raw.owner),
        ("due", &raw.due),
        ("status", &raw.status),
        ("done", &raw.done),
        ("in_progress", &raw.in_progress),
        ("not_started", &raw.not_started),
        ("unnamed_owner", &raw.unnamed_owner),
    ];
    for (key, _) in words.iter().filter(|(_, word)| word.is_empty()) {
        source.error_at(0, format!("a roadmap needs the key `{key}`"));
    }
}

/// Checks that a row has the columns of the roadmap. Reports each missing column once.
fn check_columns(
    source: &Source,
    raw: &RoadmapFile,
    row: &Row,
    names: &Names,
    missing: &mut HashSet<&str>,
) {
    for (what, column) in [
        ("owner", &raw.owner),
        ("due", &raw.due),
        ("status", &raw.status),
    ] {
        let is_known = names.by_id.contains_key(&format!("{}.{column}", row.id));
        if !is_known && missing.insert(what) {
            let message = format!("\"{}\" has no column \"{column}\"", row.id);
            source.error_at_text(what, message);
        }
    }
}

/// Checks that each row of the months has an activity.
fn check_rows(source: &Source, sections: &[&Section], activities: &[ActivityDef]) {
    for row in sections.iter().flat_map(|section| &section.rows) {
        if !activities.iter().any(|activity| activity.row == row.id) {
            let message = format!("the row \"{}\" has no [[activity]]", row.id);
            source.error_at_text("months", message);
        }
    }
}

/// Returns the months and their sections. Checks that the months cover all days of the roadmap without gaps.
fn months<'s>(
    source: &Source,
    raw: &RoadmapFile,
    sheets: &'s [Worksheet],
) -> Result<(Vec<MonthDef>, Vec<&'s Section>), Reported> {
    let mut months: Vec<MonthDef> = Vec::new();
    let mut sections = Vec::new();
    let mut is_valid = true;
    for month in &raw.months {
        let Ok(section) = find_section(source, sheets, &month.section) else {
            continue;
        };
        let next = months.last().map_or(1, |month| month.to + 1);
        if month.from != next || month.from > month.to || month.to > raw.days {
            let message = format!(
                "days {} to {} do not follow day {} of a roadmap of {} days",
                month.from,
                month.to,
                next - 1,
                raw.days
            );
            source.error_in(month.section.span(), message, None);
            // What follows from it would only add misleading errors.
            is_valid = false;
        }
        months.push(MonthDef {
            title: section.title.clone(),
            from: month.from,
            to: month.to,
        });
        sections.push(section);
    }
    let last = months.last().filter(|_| is_valid);
    if let Some(last) = last.filter(|last| last.to < raw.days) {
        let message = format!("the months end on day {}, before day {}", last.to, raw.days);
        source.error_at_text("months", message);
    }
    match is_valid {
        true => Ok((months, sections)),
        false => Err(Reported),
    }
}

/// Checks that an activity starts and ends within its month.
fn check_days(source: &Source, activity: &ActivityRaw, month: &MonthDef) {
    let within = month.from..=month.to;
    if within.contains(&activity.from)
        && within.contains(&activity.to)
        && activity.from <= activity.to
    {
        return;
    }
    let message = format!(
        "days {} to {} are not in the month of the activity, days {} to {}",
        activity.from, activity.to, month.from, month.to
    );
    source.error_in(activity.row.span(), message, None);
}

/// Checks that the statuses are options of the status fields.
pub(super) fn check_statuses(
    source: &Source,
    def: &RoadmapDef,
    fields: &[Field],
    choices: &[ChoiceList],
) {
    let statuses = def.activities.iter().filter_map(|activity| activity.status);
    for key in statuses {
        let Kind::Choice { list } = fields[key.0].kind else {
            let message = format!("\"{}\" is not a choice", fields[key.0].id);
            source.error_at_text("status", message);
            continue;
        };
        let options = &choices[list].options;
        for status in def
            .statuses
            .iter()
            .filter(|status| !options.contains(status))
        {
            let message = format!("\"{status}\" is not an option of the status");
            let help = format!("Options: {}", options.join(", "));
            source.error_in(source.find(status), message, Some(help));
        }
    }
}

/// Checks that the reviews are in order and within the roadmap.
fn check_reviews(source: &Source, raw: &RoadmapFile) {
    for day in &raw.review_days {
        if *day == 0 || *day >= raw.days {
            let message = format!("day {day} is not before day {}, the last day", raw.days);
            source.error_at_text("review_days", message);
        }
    }
    if raw.review_days.windows(2).any(|pair| pair[0] >= pair[1]) {
        source.error_at_text("review_days", "the reviews are not in order");
    }
}

/// Returns the indexes of activities that another one waits for. They must stand before it in the file, so that no
/// activity waits for itself.
fn earlier(source: &Source, names: &[Name], activities: &[ActivityDef]) -> Vec<usize> {
    let index = |name: &Name| {
        let place = activities.iter().position(|own| own.id == *name.get_ref());
        if place.is_none() {
            let message = format!("no earlier activity has the ID \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), activities.iter().map(|own| own.id.as_str()));
            source.error_in(name.span(), message, help);
        }
        place
    };
    names.iter().filter_map(index).collect()
}

/// Parses the days of the week on which nobody works.
fn weekend(source: &Source, names: &[Name]) -> Vec<Weekday> {
    let day = |name: &Name| match name.get_ref().parse() {
        Ok(day) => Some(day),
        Err(_) => {
            let message = format!("\"{}\" is not a day of the week", name.get_ref());
            source.error_in(
                name.span(),
                message,
                Some("Such as \"saturday\"".to_owned()),
            );
            None
        }
    };
    let days: Vec<Weekday> = names.iter().filter_map(day).collect();
    if days.len() >= 7 {
        source.error_at_text("weekend", "a week needs at least one working day");
    }
    days
}

/// Parses holidays: `2027-01-01` for one year, `01-01` for every year.
fn holidays(source: &Source, names: &[Name]) -> Vec<Holiday> {
    let holiday = |name: &Name| {
        let text = name.get_ref();
        // 2024 is a leap year, so that 02-29 is a day.
        let (year, date) = match text.len() {
            5 => (None, format!("2024-{text}")),
            _ => (
                text.get(..4).and_then(|year| year.parse().ok()),
                text.clone(),
            ),
        };
        match date.parse::<NaiveDate>() {
            Ok(date) => Some(Holiday {
                year,
                month: date.month(),
                day: date.day(),
            }),
            Err(_) => {
                let message = format!("\"{text}\" is not a date");
                let help = "Such as \"2027-01-01\", or \"01-01\" for every year".to_owned();
                source.error_in(name.span(), message, Some(help));
                None
            }
        }
    };
    names.iter().filter_map(holiday).collect()
}

fn builds(
    source: &Source,
    raw: &BuildsRaw,
    sheets: &[Worksheet],
    scores: &[ScoreDef],
    names: &Names,
) -> Result<BuildsDef, Reported> {
    Ok(BuildsDef {
        score: find_score(source, scores, &raw.score)?,
        weeks: names.row(source, sheets, &raw.weeks)?.1.cells.clone(),
        count: names.key(source, &raw.count)?,
    })
}
