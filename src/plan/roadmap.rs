//! The dated roadmap: the questionnaire's activities, starting on the client's start date. Low ratings make their
//! activities urgent.

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use crate::answers::{Answers, Value};
use crate::display;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{ActivityDef, Questionnaire};
use crate::record::{Activity, Month, Review, Roadmap, Urgency, Week};

/// A start date more than this many days before or after the report date is probably an error.
const FAR_PAST: i64 = 90;
const FAR_AHEAD: i64 = 365;
/// A start date more than this many days before the report date is certainly an error. The plan is then a draft.
const LONG_PAST: i64 = 365;

/// Dates the questionnaire's roadmap. Day 1 is the client's start date, or else the first Monday after the report date.
pub fn build(
    questionnaire: &Questionnaire,
    answers: &Answers,
    today: NaiveDate,
    issues: &mut Vec<Issue>,
) -> Roadmap {
    let def = &questionnaire.roadmap;
    let given = questionnaire
        .identity
        .start
        .and_then(|key| match answers.get(key).value {
            Value::Date(day) => Some(day),
            _ => None,
        });
    if let (Some(day), Some(key)) = (given, questionnaire.identity.start)
        && !(-FAR_PAST..=FAR_AHEAD).contains(&(day - today).num_days())
    {
        issues.push(crate::check::at_field(
            questionnaire,
            answers,
            key,
            match (today - day).num_days() > LONG_PAST {
                true => Severity::Error,
                false => Severity::Warning,
            },
            IssueCode::StartFarAway,
            format!("A date near {}", display::date(questionnaire, today)),
            "Check the year: all roadmap dates depend on this date.".to_owned(),
        ));
    }
    let start = given.unwrap_or_else(|| first_monday_after(today));
    let day = |number: u32| start + Duration::days(i64::from(number) - 1);
    let end = day(def.days);
    let activities = def
        .activities
        .iter()
        .map(|activity| build_activity(questionnaire, answers, activity, (start, end), issues))
        .collect();
    Roadmap {
        start,
        end,
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
        reviews: def
            .review_weeks
            .iter()
            .map(|week| Review {
                label: format!("{} {week}", questionnaire.plan_layout.words.review),
                date: day(week * 7),
            })
            .collect(),
        activities,
    }
}

/// Returns the Monday of the next week.
fn first_monday_after(day: NaiveDate) -> NaiveDate {
    let ahead = 7 - i64::from(day.weekday().days_since(Weekday::Mon));
    day + Duration::days(ahead)
}

fn build_activity(
    questionnaire: &Questionnaire,
    answers: &Answers,
    def: &ActivityDef,
    (start, end): (NaiveDate, NaiveDate),
    issues: &mut Vec<Issue>,
) -> Activity {
    let roadmap = &questionnaire.roadmap;
    let day = |number: u32| start + Duration::days(i64::from(number) - 1);
    let given = def.due.and_then(|key| match answers.get(key).value {
        Value::Date(day) => Some((key, day)),
        _ => None,
    });
    let (mut from, mut due) = (day(def.from), day(def.to));
    if let Some((key, given)) = given {
        if (start..=end).contains(&given) {
            // An earlier due date moves the whole activity, but never before day 1.
            from = if given < from {
                (given - (due - from)).max(start)
            } else {
                from
            };
            due = given;
        } else {
            let expected = format!(
                "A date from {} to {}",
                display::date(questionnaire, start),
                display::date(questionnaire, end)
            );
            let fix = format!(
                "Enter a date within the roadmap. Until then, the plan uses {}.",
                display::date(questionnaire, due)
            );
            issues.push(crate::check::at_field(
                questionnaire,
                answers,
                key,
                Severity::Warning,
                IssueCode::DueOutsideRoadmap,
                expected,
                fix,
            ));
        }
    }
    let owner = def.owner.and_then(|key| answers.text(key));
    let status = def
        .status
        .and_then(|key| answers.choice(questionnaire, key))
        .unwrap_or(&roadmap.statuses[0]);
    let done = status == roadmap.statuses[2];
    let (urgency, reasons) = urgency(questionnaire, answers, def);
    Activity {
        id: def.row.clone(),
        label: def.label.clone(),
        month: def.month,
        from,
        due,
        due_text: display::date(questionnaire, due),
        due_short: display::short_date(questionnaire, due),
        owner: owner.unwrap_or(&roadmap.unnamed_owner).to_owned(),
        owned: owner.is_some(),
        status: status.to_owned(),
        done,
        urgency_text: match urgency {
            _ if done => String::new(),
            Urgency::Urgent => questionnaire.plan_layout.words.urgency[0].clone(),
            Urgency::NeedsAttention => questionnaire.plan_layout.words.urgency[1].clone(),
            Urgency::Planned | Urgency::Done => String::new(),
        },
        urgency: if done { Urgency::Done } else { urgency },
        reasons: if done { Vec::new() } else { reasons },
    }
}

/// Returns the urgency from an activity's lowest rating, and its ratings below the threshold as text.
fn urgency(
    questionnaire: &Questionnaire,
    answers: &Answers,
    def: &ActivityDef,
) -> (Urgency, Vec<String>) {
    let mut low: Vec<(f64, String)> = Vec::new();
    for &key in &def.ratings {
        let field = questionnaire.field(key);
        let Some(rating) = answers.number(key) else {
            continue;
        };
        let counted = field.kind.scored_value(rating);
        if counted < questionnaire.roadmap.soon {
            low.push((
                counted,
                format!(
                    "{} {}",
                    field.row_label,
                    display::field_number(questionnaire, answers, key, rating)
                ),
            ));
        }
    }
    low.sort_by(|a, b| a.0.total_cmp(&b.0));
    let urgency = match low.first() {
        Some((lowest, _)) if *lowest < questionnaire.roadmap.urgent => Urgency::Urgent,
        Some(_) => Urgency::NeedsAttention,
        None => Urgency::Planned,
    };
    let mut reasons: Vec<String> = low.into_iter().map(|(_, reason)| reason).collect();
    // To a reader, two questions with the same label and the same rating are one reason.
    reasons.dedup();
    (urgency, reasons)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_monday_after() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        assert_eq!(
            first_monday_after(day(23)),
            day(30),
            "a Monday counts as past"
        );
        assert_eq!(first_monday_after(day(29)), day(30));
    }

    #[test]
    fn day_ninety_is_the_eighty_ninth_day_after_day_one() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let roadmap = build(
            &questionnaire,
            &Answers::empty(&questionnaire),
            today,
            &mut Vec::new(),
        );
        assert_eq!(roadmap.start, NaiveDate::from_ymd_opt(2026, 12, 7).unwrap());
        assert_eq!(roadmap.end, NaiveDate::from_ymd_opt(2027, 3, 6).unwrap());
        let ends: Vec<NaiveDate> = roadmap.months.iter().map(|month| month.end).collect();
        assert_eq!(
            ends,
            [(2027, 1, 5), (2027, 2, 4), (2027, 3, 6)]
                .map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap())
        );
        let reviews: Vec<NaiveDate> = roadmap.reviews.iter().map(|review| review.date).collect();
        assert_eq!(
            reviews,
            [(2027, 1, 3), (2027, 1, 31), (2027, 2, 28)]
                .map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap())
        );
        assert_eq!(roadmap.activities.len(), 12);
    }
}
