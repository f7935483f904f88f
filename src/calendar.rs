//! A roadmap as an iCalendar file (RFC 5545): each activity and each review an event of whole days.
//!
//! Events keep their identifiers from one plan to the next, and are numbered higher when something changed: a calendar that
//! is sent again updates what is there.

use chrono::{Days, NaiveDate};

use crate::fingerprint::{self, Fingerprint};
use crate::record::Record;

/// Longest line, in octets without its end (RFC 5545, 3.1).
const MAX_LINE_LENGTH: usize = 75;
/// Numbers of a day: a calendar may change so often on the day it is made for, and is still numbered lower than the next
/// day's.
const NUMBERS_A_DAY: u32 = 100;

/// How a calendar is numbered, and the fingerprint of all else in it.
pub type Numbering = (u32, String);

/// The calendar of a client's roadmap. `name` tells clients of one name apart; `previous` is how the calendar of this name
/// was numbered before. Returns the file's text and how it is numbered.
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
    calendar.add("METHOD", "PUBLISH");
    calendar.add_text("X-WR-CALNAME", &title);
    let mut event = |kind: &str, id: &str, days: (NaiveDate, NaiveDate), words: [&str; 2]| {
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
        calendar.add("DTSTART;VALUE=DATE", &date(days.0));
        // The end is the first day after it (RFC 5545, 3.6.1).
        let after = days.1.max(days.0).checked_add_days(Days::new(1));
        calendar.add("DTEND;VALUE=DATE", &date(after.unwrap_or(days.1)));
        calendar.add_text("SUMMARY", words[0]);
        if !words[1].is_empty() {
            calendar.add_text("DESCRIPTION", words[1]);
        }
        calendar.add_text("CATEGORIES", &record.questionnaire.title);
        // Work that lasts for weeks keeps nobody from a meeting.
        calendar.add("TRANSP", "TRANSPARENT");
        calendar.add("END", "VEVENT");
    };
    for activity in &record.roadmap.activities {
        let mut description = vec![format!("{} · {}", activity.owner, activity.status)];
        description.extend(activity.reasons.iter().cloned());
        event(
            "activity",
            &activity.id,
            (activity.from, activity.due),
            [&activity.label, &description.join("\n")],
        );
    }
    for (index, review) in record.roadmap.reviews.iter().enumerate() {
        event(
            "review",
            &index.to_string(),
            (review.date, review.date),
            [&review.label, &title],
        );
    }
    calendar.add("END", "VCALENDAR");
    calendar.0
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// Content lines.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is no text, or a text that needs no escape.
    fn add(&mut self, name: &str, value: &str) {
        let mut room = MAX_LINE_LENGTH;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                // Folded between characters, never within one.
                self.0.push_str("\r\n ");
                room = MAX_LINE_LENGTH - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// A property of type TEXT (RFC 5545, 3.3.11).
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
