//! The roadmap as it is kept and printed: names, dates, and reasons for urgency, from the analysis.

use chrono::{Datelike, Duration, NaiveDate};

use crate::analysis::{Analysis, Dated, State};
use crate::answers::Answers;
use crate::display;
use crate::facts::PLACES;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::Questionnaire;
use crate::record::{Activity, Month, Review, Roadmap, Urgency, Week};
use crate::text::fill;

/// A start date more than this many days before or after the report date is probably an error.
const FAR_PAST: i64 = 180;
const FAR_AHEAD: i64 = 365;
/// A start date more than this many days before the report date is certainly an error. The plan is then a draft.
const LONG_PAST: i64 = 365;

/// Returns the roadmap, and reports dates that cannot be used or are doubtful.
pub fn build(
    questionnaire: &Questionnaire,
    answers: &Answers,
    analysis: &Analysis,
    issues: &mut Vec<Issue>,
) -> Roadmap {
    let def = &questionnaire.roadmap;
    let schedule = &analysis.schedule;
    check_start(questionnaire, answers, analysis.today, issues);
    check_due_dates(questionnaire, answers, analysis, issues);
    let day = |number: u32| schedule.start + Duration::days(i64::from(number) - 1);
    let words = &questionnaire.plan_layout.words;
    let last = schedule.reviews.len().saturating_sub(1);
    Roadmap {
        start: schedule.start,
        end: schedule.end,
        stale_start: analysis.stale_start,
        months: def
            .months
            .iter()
            .map(|month| Month {
                title: month.title.clone(),
                start: day(month.from),
                end: day(month.to),
            })
            .collect(),
        weeks: (1..=def.days)
            .step_by(7)
            .map(|first| Week {
                label: display::short_date(questionnaire, day(first)),
                start: day(first),
            })
            .collect(),
        reviews: schedule
            .reviews
            .iter()
            .enumerate()
            .map(|(index, date)| Review {
                label: match index == last {
                    true => words.closing_review.clone(),
                    false => format!("{} {}", words.review, index + 1),
                },
                date: *date,
            })
            .collect(),
        activities: (0..def.activities.len())
            .map(|index| activity(questionnaire, analysis, index))
            .collect(),
    }
}

fn check_start(
    questionnaire: &Questionnaire,
    answers: &Answers,
    today: NaiveDate,
    issues: &mut Vec<Issue>,
) {
    let Some(key) = questionnaire.identity.start else {
        return;
    };
    let Some(day) = answers.get(key).value.day() else {
        return;
    };
    if (-FAR_PAST..=FAR_AHEAD).contains(&(day - today).num_days()) {
        return;
    }
    let severity = match (today - day).num_days() > LONG_PAST {
        true => Severity::Error,
        false => Severity::Warning,
    };
    issues.push(crate::check::at_field(
        questionnaire,
        answers,
        key,
        severity,
        IssueCode::StartFarAway,
        fill(
            &questionnaire.issue_texts.expected.start_far_away,
            &[("date", &display::date(questionnaire, today))],
        ),
        questionnaire.issue_texts.fix.start_far_away.clone(),
    ));
}

fn check_due_dates(
    questionnaire: &Questionnaire,
    answers: &Answers,
    analysis: &Analysis,
    issues: &mut Vec<Issue>,
) {
    let schedule = &analysis.schedule;
    let activities = questionnaire.roadmap.activities.iter();
    for (def, own) in activities.zip(&schedule.activities) {
        let Some(key) = def.due.filter(|_| own.outside) else {
            continue;
        };
        let date = |day| display::date(questionnaire, day);
        let texts = &questionnaire.issue_texts;
        issues.push(crate::check::at_field(
            questionnaire,
            answers,
            key,
            Severity::Warning,
            IssueCode::DueOutsideRoadmap,
            fill(
                &texts.expected.due_outside_roadmap,
                &[
                    ("first", &*date(schedule.start)),
                    ("last", &*date(schedule.end)),
                ],
            ),
            fill(&texts.fix.due_outside_roadmap, &[("date", &*date(own.due))]),
        ));
    }
}

fn activity(questionnaire: &Questionnaire, analysis: &Analysis, index: usize) -> Activity {
    let roadmap = &questionnaire.roadmap;
    let def = &roadmap.activities[index];
    let own: &Dated = &analysis.schedule.activities[index];
    let done = own.state == State::Done;
    let urgency = if done {
        Urgency::Done
    } else if analysis.gaps.urgent.contains(&index) {
        Urgency::Urgent
    } else if analysis.gaps.attention.contains(&index) {
        Urgency::NeedsAttention
    } else {
        Urgency::Planned
    };
    let words = &questionnaire.plan_layout.words;
    let is_pressed = matches!(urgency, Urgency::Urgent | Urgency::NeedsAttention);
    Activity {
        id: def.row.clone(),
        label: label(questionnaire, analysis, index),
        month: def.month,
        from: own.start,
        due: own.due,
        due_text: display::date(questionnaire, own.due),
        due_short: display::short_date(questionnaire, own.due),
        owner: own
            .owner
            .clone()
            .unwrap_or_else(|| roadmap.unnamed_owner.clone()),
        owned: own.owner.is_some(),
        status: roadmap.statuses[own.state as usize].clone(),
        done,
        expected: analysis
            .forecast
            .as_ref()
            .filter(|_| !done)
            .map(|forecast| forecast.expected[index].1),
        stale: analysis.stale[index].clone(),
        urgency_text: match urgency {
            Urgency::Urgent => words.urgency[0].clone(),
            Urgency::NeedsAttention => words.urgency[1].clone(),
            Urgency::Planned if analysis.carried_over.contains(&index) => {
                words.carried_over.clone()
            }
            Urgency::Planned | Urgency::Done => String::new(),
        },
        urgency,
        reasons: match is_pressed {
            true => reasons(questionnaire, analysis, index),
            false => Vec::new(),
        },
    }
}

/// Returns the name of an activity. One that was done in an earlier round has another name in the next.
fn label(questionnaire: &Questionnaire, analysis: &Analysis, index: usize) -> String {
    let def = &questionnaire.roadmap.activities[index];
    let repeated = def
        .next_round
        .as_ref()
        .filter(|_| analysis.repeated.contains(&index));
    repeated.unwrap_or(&def.label).clone()
}

/// Returns the gaps that an activity closes, with their ratings.
fn reasons(questionnaire: &Questionnaire, analysis: &Analysis, index: usize) -> Vec<String> {
    let defs = &questionnaire.advice.gaps.gaps;
    let gaps = analysis.gaps.weak.iter();
    gaps.filter(|gap| defs[gap.index].activity == Some(index))
        .map(|gap| {
            let rating = display::number(questionnaire, gap.rating, PLACES);
            let of = &questionnaire.plan_layout.words.of;
            format!("{}, {rating} {of} 10", defs[gap.index].name)
        })
        .collect()
}

/// Formats a date with the day of the week: Tue 5 Jan.
pub fn with_weekday(questionnaire: &Questionnaire, day: NaiveDate) -> String {
    let words = &questionnaire.plan_layout.words;
    let weekday = &words.weekdays_short[day.weekday().num_days_from_monday() as usize];
    format!("{weekday} {}", display::short_date(questionnaire, day))
}
