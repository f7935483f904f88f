//! The roadmap as an iCalendar file (RFC 5545). The due day of each activity is an all-day event; a review has a time.
//!
//! There is no `METHOD` and no calendar name: with them, Outlook opens the file as a calendar of its own.
//!
//! Events keep their UIDs from one plan to the next, and their sequence number increases if something changed. A
//! calendar that is sent again therefore updates the existing events.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! # let plan = partnerbook::plan::build(partnerbook::plan::Inputs {
//! #     questionnaire: &questionnaire,
//! #     answers,
//! #     issues: reading.issues,
//! #     source: partnerbook::record::Source {
//! #         file: "halvorsen-sensors.xlsx".into(),
//! #         path: "samples/halvorsen-sensors.xlsx".into(),
//! #         sha256: reading.sha256,
//! #     },
//! #     today: "2026-11-23".parse()?,
//! #     sender: &partnerbook::plan::Sender::default(),
//! #     compared: partnerbook::plan::Compared::default(),
//! #     prints: partnerbook::pdf::can_print,
//! # });
//! use partnerbook::calendar;
//!
//! let (text, numbering) = calendar::write(&plan.record, "halvorsen", None);
//! assert!(text.starts_with("BEGIN:VCALENDAR"));
//! assert_eq!(calendar::write(&plan.record, "halvorsen", Some(&numbering)).0, text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::{Days, NaiveDate};

use crate::fingerprint::{self, Fingerprint};
use crate::record::Record;

/// Maximum length of a line in octets, without its line break (RFC 5545, 3.1).
const MAX_LINE_LENGTH: usize = 75;
/// Sequence numbers per day. A calendar can have this many versions on its report date, all with lower numbers than on
/// the next day.
const NUMBERS_A_DAY: u32 = 100;

/// Kind of the events that are reviews.
const REVIEW: &str = "review";
/// When a review begins and ends. The client moves it to the time of the meeting.
const REVIEW_FROM: &str = "T100000";
const REVIEW_TO: &str = "T110000";
/// When the alarm of a due day rings: at 9 o'clock of the day before. Outlook has no alarms after the start of a day.
const ALARM_DUE: &str = "-PT15H";
/// When the alarm of a review rings.
const ALARM_REVIEW: &str = "-P1D";

/// The sequence number of a calendar and the fingerprint of its other content.
pub type Numbering = (u32, String);

/// Returns the calendar of a client's roadmap and its numbering. `name` distinguishes clients with the same name.
/// `previous` is the previous numbering of the calendar with this name.
pub fn write(record: &Record, name: &str, previous: Option<&Numbering>) -> (String, Numbering) {
    let content = fingerprint::of(text(record, name, 0).as_bytes());
    let first = u32::try_from((record.report_date - NaiveDate::default()).num_days()).unwrap_or(0);
    let first = first.saturating_mul(NUMBERS_A_DAY);
    let sequence = match previous {
        Some((sequence, same)) if *same == content => (*sequence).max(first),
        Some((sequence, _)) => sequence.saturating_add(1).max(first),
        None => first,
    };
    (text(record, name, sequence), (sequence, content))
}

fn text(record: &Record, name: &str, sequence: u32) -> String {
    let title = format!("{}: {}", record.client.name, record.questionnaire.title);
    let mut calendar = Lines::default();
    calendar.add("BEGIN", "VCALENDAR");
    calendar.add("VERSION", "2.0");
    calendar.add("PRODID", "-//partnerbook//partnerbook//EN");
    calendar.add("CALSCALE", "GREGORIAN");
    let mut event = |kind: &str, id: &str, day: NaiveDate, words: [&str; 2]| {
        let mut identifier = Fingerprint::default();
        for part in [&record.questionnaire.id, name, kind, id] {
            identifier.add(part);
        }
        let identifier = identifier.finish();
        calendar.add("BEGIN", "VEVENT");
        calendar.add("UID", &format!("{}@partnerbook", &identifier[..32]));
        calendar.add(
            "DTSTAMP",
            &record.report_date.format("%Y%m%dT000000Z").to_string(),
        );
        calendar.add("SEQUENCE", &sequence.to_string());
        let is_review = kind == REVIEW;
        if is_review {
            // Local time, wherever the calendar is opened.
            calendar.add("DTSTART", &format!("{}{REVIEW_FROM}", date(day)));
            calendar.add("DTEND", &format!("{}{REVIEW_TO}", date(day)));
        } else {
            calendar.add("DTSTART;VALUE=DATE", &date(day));
            // The end date is exclusive (RFC 5545, 3.6.1).
            let after = day.checked_add_days(Days::new(1));
            calendar.add("DTEND;VALUE=DATE", &date(after.unwrap_or(day)));
        }
        calendar.add_text("SUMMARY", words[0]);
        if !words[1].is_empty() {
            calendar.add_text("DESCRIPTION", words[1]);
        }
        calendar.add_text("CATEGORIES", &record.questionnaire.title);
        // A due day must not block the calendar for meetings.
        let transparency = if is_review { "OPAQUE" } else { "TRANSPARENT" };
        calendar.add("TRANSP", transparency);
        calendar.add("BEGIN", "VALARM");
        calendar.add("ACTION", "DISPLAY");
        calendar.add_text("DESCRIPTION", words[0]);
        let before = if is_review { ALARM_REVIEW } else { ALARM_DUE };
        calendar.add("TRIGGER", before);
        calendar.add("END", "VALARM");
        calendar.add("END", "VEVENT");
    };
    for activity in &record.roadmap.activities {
        let summary = format!("{} ({})", activity.label, activity.owner);
        let mut description = vec![format!("{} · {}", activity.owner, activity.status)];
        description.extend(activity.reasons.iter().cloned());
        event(
            "activity",
            &activity.id,
            activity.due,
            [&summary, &description.join("\n")],
        );
    }
    for (index, review) in record.roadmap.reviews.iter().enumerate() {
        event(
            REVIEW,
            &index.to_string(),
            review.date,
            [&review.label, &title],
        );
    }
    calendar.add("END", "VCALENDAR");
    calendar.0
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// Content lines (RFC 5545, 3.1).
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds a property whose value needs no escaping.
    fn add(&mut self, name: &str, value: &str) {
        let mut room = MAX_LINE_LENGTH;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                // Fold between characters, never within a character.
                self.0.push_str("\r\n ");
                room = MAX_LINE_LENGTH - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// Adds a property of type TEXT (RFC 5545, 3.3.11).
    fn add_text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() && c != '\t' => {}
                c => escaped.push(c),
            }
        }
        self.add(name, &escaped);
    }
}
