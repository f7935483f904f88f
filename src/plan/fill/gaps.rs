//! The gaps: on a grid of effort and impact, and as cards in the order in which they should be closed.

use chrono::NaiveDate;

use super::Filler;
use crate::analysis::{Edition, Gap, State};
use crate::display;
use crate::facts::PLACES;
use crate::plan::advise::{owner, step_date, step_text};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, GapDef, MAX_LEVEL, Tone};
use crate::text::{fill, lower_first, upper_first};

impl Filler<'_> {
    pub fn effort_grid(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::EffortGrid {
            title,
            caption,
            impact,
            effort,
            words_title,
            words,
        } = def
        else {
            return Vec::new();
        };
        let gaps = &self.analysis.gaps;
        let words = self.own_words(words);
        let words_title = match words.is_empty() {
            true => String::new(),
            false => words_title.clone(),
        };
        if gaps.shown().is_empty() {
            let lists = words
                .into_iter()
                .map(|(title, own)| WordList { title, own });
            let lists: Vec<WordList> = lists.collect();
            return match lists.is_empty() {
                true => Vec::new(),
                false => vec![Block::Lists(lists)],
            };
        }
        let mut cells: [[Vec<GridItem>; 3]; 3] = Default::default();
        for (place, gap) in gaps.shown().iter().enumerate() {
            let number = gaps.cards.iter().position(|card| *card == place);
            let row = (MAX_LEVEL - gap.impact) as usize;
            let cell = &mut cells[row][gap.effort as usize - 1];
            cell.push(GridItem {
                number: number.map(|number| number + 1),
                label: self.gap_name(gap),
                tone: self.gap_tone(gap),
            });
        }
        for cell in cells.iter_mut().flatten() {
            cell.sort_by_key(|item| item.number.unwrap_or(usize::MAX));
        }
        let [low, medium, high] = impact.clone();
        vec![Block::EffortGrid(Box::new(EffortGrid {
            title: title.clone(),
            caption: caption.clone(),
            rows: [high, medium, low],
            columns: effort.clone(),
            cells,
            words_title,
            words,
        }))]
    }

    pub fn gap_cards(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::GapCards {
            title,
            headings,
            statuses,
            good,
            by,
            due: due_text,
        } = def
        else {
            return Vec::new();
        };
        let gaps = &self.analysis.gaps;
        let cards = gaps.cards.iter().enumerate().map(|(index, place)| {
            let gap = &gaps.shown()[*place];
            let def = &self.questionnaire.advice.gaps.gaps[gap.index];
            let activity = def.activity;
            let (owner, owned) = owner(self.questionnaire, self.analysis, activity);
            let date = |date| display::short_date(self.questionnaire, date).replace(' ', "\u{a0}");
            let own = step_date(self.questionnaire, self.analysis, def).or_else(|| self.moved(def));
            let due = match (own, activity) {
                (Some(day), _) => Some(fill(by, &[("due", &date(day))])),
                // After the ninety days, the dates of their activities have passed.
                (None, Some(_)) if self.analysis.edition == Edition::Closing => None,
                (None, Some(index)) => {
                    let (from, due) = self.analysis.dates(index);
                    // What has begun has no first day ahead.
                    let has_begun = self.analysis.schedule.activities[index].state
                        != State::NotStarted
                        || self.analysis.forecast.is_some();
                    let text = if has_begun { by } else { due_text };
                    let number = (index + 1).to_string();
                    let values = [
                        ("number", number.as_str()),
                        ("from", &date(from)),
                        ("due", &date(due)),
                    ];
                    Some(fill(text, &values))
                }
                (None, None) => None,
            };
            let words = &self.questionnaire.plan_layout.words;
            let rating = display::number(self.questionnaire, gap.rating, PLACES);
            GapCard {
                number: index + 1,
                name: upper_first(&self.gap_name(gap)),
                rating: gap.rating,
                rating_text: format!("{rating} {} 10", words.of),
                status: statuses[self.gap_status(gap)].clone(),
                tone: self.gap_tone(gap),
                why: def.why.clone(),
                good: format!("{good} {}", uncapitalized(&def.good)),
                first: def.first.clone(),
                who: due.map_or_else(|| owner.clone(), |due| format!("{owner}, {due}")),
                owned,
            }
        });
        let cards: Vec<GapCard> = cards.collect();
        if cards.is_empty() {
            return Vec::new();
        }
        vec![Block::GapCards {
            title: self.first(title),
            headings: headings.clone(),
            mark: self.questionnaire.advice.gaps.weak,
            cards,
        }]
    }

    /// Returns when the first step is due as one of the moves of the summary, if that is not with its activity.
    fn moved(&self, def: &GapDef) -> Option<NaiveDate> {
        let text = step_text(def);
        let mut moves = self.advised.moves.iter();
        let date = moves.find(|own| own.text == text)?.date;
        let due = self.analysis.dates(def.activity?).1;
        (self.analysis.edition != Edition::Closing && date != due).then_some(date)
    }

    /// Returns the name of a gap without its article: "contract" of "the contract".
    fn gap_name(&self, gap: &Gap) -> String {
        let name = &self.questionnaire.advice.gaps.gaps[gap.index].name;
        let articles = &self.questionnaire.plan_layout.words.articles;
        let rest = articles.iter().find_map(|article| {
            name.strip_prefix(article.as_str())
                .and_then(|rest| rest.strip_prefix(' '))
        });
        rest.unwrap_or(name).to_owned()
    }

    /// Returns how urgent a gap is: 0 urgent, 1 next, 2 later, 3 done.
    fn gap_status(&self, gap: &Gap) -> usize {
        let gaps = &self.analysis.gaps;
        let Some(activity) = self.questionnaire.advice.gaps.gaps[gap.index].activity else {
            return if gap.blocks { 0 } else { 2 };
        };
        if self.analysis.schedule.activities[activity].state == State::Done {
            3
        } else if gap.blocks && gaps.urgent.contains(&activity) {
            0
        } else if gaps.attention.contains(&activity) || gaps.urgent.contains(&activity) {
            1
        } else {
            2
        }
    }

    fn gap_tone(&self, gap: &Gap) -> Tone {
        match self.gap_status(gap) {
            0 => Tone::Bad,
            1 => Tone::Watch,
            _ => Tone::Plain,
        }
    }
}

/// Returns a sentence with a small first letter, to follow a colon. Acronyms keep their letters.
fn uncapitalized(text: &str) -> String {
    // A second capital is that of an acronym.
    match text.chars().nth(1).is_some_and(char::is_uppercase) {
        true => text.to_owned(),
        false => lower_first(text),
    }
}
