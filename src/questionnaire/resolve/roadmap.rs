//! Resolves `roadmap.toml` to months and activities with days and fields.

use super::Names;
use super::names::find_section;
use crate::questionnaire::diagnostic::{Reported, Source};
use crate::questionnaire::raw::{ActivityRaw, RoadmapFile};
use crate::questionnaire::*;

/// Maximum length of a roadmap in days, about ten years.
const MAX_DAYS: u32 = 3660;

/// Resolves the roadmap and reports problems. Months and activities with unknown references are skipped.
pub(super) fn resolve(
    source: &Source,
    raw: RoadmapFile,
    sheets: &[Worksheet],
    names: &Names,
) -> Result<RoadmapDef, Reported> {
    if !(1..=MAX_DAYS).contains(&raw.days) {
        let message = format!("a roadmap has 1 to {MAX_DAYS} days");
        return Err(source.error_at_text("days", message));
    }
    check_reviews(source, &raw);
    let (months, sections) = months(source, &raw, sheets);
    let mut activities: Vec<ActivityDef> = Vec::new();
    for activity in &raw.activity {
        let Ok((section, row)) = names.row(source, sheets, &activity.row) else {
            continue;
        };
        let Some(month) = sections.iter().position(|own| own.id == section.id) else {
            let message = format!("\"{}\" is not in one of the months", row.id);
            source.error_in(activity.row.span(), message, None);
            continue;
        };
        check_days(source, activity, &months[month]);
        let cell = |column: &str| names.by_id.get(&format!("{}.{column}", row.id)).copied();
        for (what, column) in [
            ("owner", &raw.owner),
            ("due", &raw.due),
            ("status", &raw.status),
        ] {
            if cell(column).is_none() {
                let message = format!("\"{}\" has no column \"{column}\"", row.id);
                source.error_at_text(what, message);
            }
        }
        activities.push(ActivityDef {
            row: row.id.clone(),
            label: row.label.clone(),
            from: activity.from,
            to: activity.to,
            owner: cell(&raw.owner),
            due: cell(&raw.due),
            status: cell(&raw.status),
            ratings: names.all(source, &activity.ratings).unwrap_or_default(),
            month,
        });
    }
    for row in sections.iter().flat_map(|section| &section.rows) {
        if !activities.iter().any(|activity| activity.row == row.id) {
            let message = format!("the row \"{}\" has no [[activity]]", row.id);
            source.error_at_text("months", message);
        }
    }
    Ok(RoadmapDef {
        days: raw.days,
        review_weeks: raw.review_weeks,
        statuses: [raw.not_started, raw.in_progress, raw.done],
        unnamed_owner: raw.unnamed_owner,
        urgent: raw.urgent,
        soon: raw.soon,
        months,
        activities,
    })
}

/// Returns the months and their sections. Checks that the months cover all days of the roadmap without gaps.
fn months<'s>(
    source: &Source,
    raw: &RoadmapFile,
    sheets: &'s [Worksheet],
) -> (Vec<MonthDef>, Vec<&'s Section>) {
    let mut months: Vec<MonthDef> = Vec::new();
    let mut sections = Vec::new();
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
        }
        months.push(MonthDef {
            title: section.title.clone(),
            from: month.from,
            to: month.to,
        });
        sections.push(section);
    }
    if let Some(last) = months.last().filter(|last| last.to < raw.days) {
        let message = format!("the months end on day {}, before day {}", last.to, raw.days);
        source.error_at_text("months", message);
    }
    (months, sections)
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
    for week in &raw.review_weeks {
        if *week > raw.days / 7 + 1 {
            let message = format!("week {week} is after the roadmap's {} days", raw.days);
            source.error_at_text("review_weeks", message);
        }
    }
    if raw.review_weeks.windows(2).any(|pair| pair[0] >= pair[1]) {
        source.error_at_text("review_weeks", "the reviews are not in order");
    }
}
