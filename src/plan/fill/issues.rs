//! Issues: the most severe on the summary page, all of them in the appendix.

use super::Filler;
use crate::issue::{Issue, Severity};
use crate::plan::block::*;
use crate::questionnaire::{FormatString, Local, Tone};
use crate::text::shorten;

/// Maximum length of the expected value on the summary page, in characters. The appendix shows the full text.
const MAX_EXPECTED_LENGTH: usize = 140;

impl Filler<'_> {
    fn open_issues(&self) -> impl Iterator<Item = &Issue> {
        self.record
            .issues
            .iter()
            .filter(|issue| issue.severity != Severity::Note)
    }

    /// Shows the most severe issues and the scores that lack answers, so that the summary states what is unknown.
    pub fn open(&self, title: &str, count: usize, more: &FormatString) -> Vec<Block> {
        let mut points: Vec<String> = self.scores_without_points();
        let all = points.len() + self.open_issues().count();
        points.extend(self.open_issues().take(count).map(|issue| {
            let place = issue
                .place
                .as_ref()
                .map(|place| format!(" ({place})"))
                .unwrap_or_default();
            let expected = shorten(&issue.expected, MAX_EXPECTED_LENGTH);
            format!("{}{place}: {}. {expected}", issue.label, issue.found)
        }));
        let others = all - points.len();
        if others > 0 {
            points.extend(self.facts.finish_with(more, |fact| {
                (fact == Local::More).then(|| others.to_string())
            }));
        }
        if points.is_empty() {
            return Vec::new();
        }
        vec![Block::Open {
            title: format!("{title} ({all})"),
            points,
        }]
    }

    /// Returns the scores without points, with the number of ratings given.
    fn scores_without_points(&self) -> Vec<String> {
        let words = &self.questionnaire.plan_layout.words;
        let scores = self.questionnaire.scores.iter().zip(&self.scorecard.scores);
        scores
            .filter(|(_, score)| score.ranking().is_empty())
            .map(|(def, score)| match score.single() {
                Some(subject) => {
                    let (given, all) = subject.completeness();
                    format!(
                        "{}: {} ({given} {} {all})",
                        def.label, words.no_score, words.of
                    )
                }
                None => format!("{}: {}", def.label, words.no_score),
            })
            .collect()
    }

    pub fn issues_table(
        &self,
        title: &str,
        headings: &[String; 4],
        none: &str,
        more: &str,
    ) -> Vec<Block> {
        let words = &self.questionnaire.plan_layout.words;
        let mut rows: Vec<Vec<TableCell>> = self
            .open_issues()
            .map(|issue| {
                let (name, tone) = match issue.severity {
                    Severity::Error => (&words.severities[0], Tone::Bad),
                    Severity::Warning => (&words.severities[1], Tone::Watch),
                    Severity::Note => (&words.severities[2], Tone::Plain),
                };
                let address = issue
                    .place
                    .as_ref()
                    .map(|place| place.address())
                    .unwrap_or_default();
                let sheet = issue
                    .place
                    .as_ref()
                    .map(|place| place.sheet.to_string())
                    .unwrap_or_default();
                vec![
                    TableCell {
                        text: if address.is_empty() {
                            name.clone()
                        } else {
                            format!("{address} · {name}")
                        },
                        note: sheet,
                        strong: true,
                        tone,
                        ..TableCell::default()
                    },
                    TableCell::text(&issue.label),
                    TableCell {
                        text: issue.found.clone(),
                        note: issue.expected.clone(),
                        ..TableCell::default()
                    },
                    TableCell::text(&issue.fix),
                ]
            })
            .collect();
        if let Some(first) = rows.first_mut().and_then(|row| row.first_mut()) {
            first.anchor = Some(ISSUES.to_owned());
        }
        let mut blocks = Vec::new();
        if rows.is_empty() {
            blocks.push(Block::Text {
                title: Some(title.to_owned()),
                paragraphs: vec![none.to_owned()],
            });
        } else {
            let columns = headings
                .iter()
                .map(|heading| (heading.clone(), Align::Left))
                .collect();
            blocks.push(Block::Table {
                title: Some(title.to_owned()),
                table: Table { columns, rows },
            });
        }
        if self
            .record
            .issues
            .iter()
            .any(|issue| issue.severity == Severity::Note)
        {
            blocks.push(Block::Notes(vec![more.to_owned()]));
        }
        blocks
    }
}
