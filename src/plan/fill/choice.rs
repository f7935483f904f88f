//! The choice of a partner: the ranking, the choice against its rival, and the types of candidates.

use super::Filler;
use crate::display;
use crate::facts::{NAME, PLACES};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, EXACT, Line, Local, TypeDef};
use crate::score::{Score, Subject};
use crate::text::{fill, one_line, shorten, shorten_words};

/// Weeks below which times are printed in days.
const SHORT_WEEKS: f64 = 2.0;
/// Fewest letters of a short name. "Great" alone is no name.
const MIN_SHORT: usize = 6;
/// Working days in a week.
const WORK_WEEK: f64 = 5.0;

impl Filler<'_> {
    pub fn ranking(
        &self,
        title: &[Line],
        caption: &[Line],
        id: &str,
        apart: &[Line],
    ) -> Vec<Block> {
        let Some(index) = self.questionnaire.score(id) else {
            return Vec::new();
        };
        let (def, score) = (
            &self.questionnaire.scores[index],
            &self.scorecard.scores[index],
        );
        let ranking = score.ranking();
        if ranking.is_empty() {
            return Vec::new();
        }
        let legend = def.dimensions.iter().map(|group| {
            let weight = display::number(self.questionnaire, group.weight, PLACES);
            (group.label.clone(), format!("{weight}%"))
        });
        let rows = ranking.iter().map(|subject| self.rank_row(score, subject));
        vec![Block::Ranking {
            title: self.first(title),
            legend: legend.filter(|_| def.dimensions.len() > 1).collect(),
            out_of: def.out_of,
            rows: rows.collect(),
            caption: self.first(caption),
            apart: self.facts.first(apart).filter(|_| ranking.len() > 1),
        }]
    }

    fn rank_row(&self, score: &Score, subject: &Subject) -> RankRow {
        let words = &self.questionnaire.plan_layout.words;
        let mut notes: Vec<String> = subject.kind.iter().cloned().collect();
        if score.is_tied(subject) {
            notes.push(words.tied.clone());
        }
        if subject.indicative {
            notes.push(words.indicative.clone());
        }
        let failed = subject.knocked_out.iter();
        let failed: Vec<&str> = failed
            .map(|key| self.questionnaire.field(*key).row_label.as_str())
            .collect();
        if !failed.is_empty() {
            let questions = self.facts.all_of(&failed);
            notes.push(fill(&words.knocked_out, &[("questions", &questions)]));
        }
        let points = subject.dimensions.iter();
        // The bars of a candidate who is ruled out add up to the total, which is 0.
        let points = points.map(|own| own.points.filter(|_| failed.is_empty()));
        let points: Vec<Option<f64>> = points.collect();
        let shown = round_to_sum(&points, subject.points.unwrap_or_default());
        let dimensions = points
            .iter()
            .zip(shown)
            .map(|(points, shown)| match points {
                Some(points) => (*points, self.points(shown)),
                None => (0.0, String::new()),
            });
        RankRow {
            rank: subject.rank.unwrap_or_default().to_string(),
            label: shorten(&subject.name, NAME),
            note: notes.join(" · "),
            dimensions: dimensions.collect(),
            total: self.points(subject.points.unwrap_or_default()),
        }
    }

    /// Compares the client's choice with its strongest rival, or else the best candidate with the second.
    pub fn pairs(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Pairs {
            title,
            caption,
            score,
            quote,
            field,
            length,
            cut,
        } = def
        else {
            return Vec::new();
        };
        let Some(index) = self.questionnaire.score(score) else {
            return Vec::new();
        };
        let quote = self.quote(quote, field, *length, cut);
        let score = &self.scorecard.scores[index];
        let ranking = score.ranking();
        let chosen = self
            .record
            .primary
            .as_deref()
            .and_then(|name| score.named(name))
            .filter(|subject| subject.points.is_some());
        let first = chosen.or(ranking.first().copied());
        let rival = first.and_then(|first| {
            let mut others = ranking.iter().filter(|own| own.column != first.column);
            others.next().copied()
        });
        let (Some(first), Some(rival)) = (first, rival) else {
            let words = &self.questionnaire.plan_layout.words;
            let text = quote.map(|quote| Block::Text {
                title: Some(quote.title),
                paragraphs: vec![words.quoted(&quote.text)],
            });
            return text.into_iter().collect();
        };
        let dimensions = first.dimensions.iter().zip(&rival.dimensions);
        let rows = dimensions.filter_map(|(own, other)| {
            let value = |mean: f64| (mean, self.points(mean));
            let pair = [value(own.mean?), value(other.mean?)];
            Some((own.label.clone(), pair))
        });
        vec![Block::Pairs(Box::new(Pairs {
            title: self.first(title),
            caption: caption.clone(),
            names: [first, rival].map(|own| short_name(&own.name)),
            rows: rows.collect(),
            quote,
        }))]
    }

    fn quote(&self, title: &str, field: &str, length: usize, cut: &str) -> Option<Quote> {
        let answer = self.answers.text(self.questionnaire.key(field)?)?;
        let text = one_line(answer);
        let is_long = text.chars().count() > length;
        let others = self.facts.others_in(answer);
        let choice = self.answers.chosen(self.questionnaire).unwrap_or_default();
        let text = match is_long {
            true => excerpt(&text, choice, &others, length),
            false => shorten_words(&text, length),
        };
        Some(Quote {
            title: title.to_owned(),
            quotes: self.questionnaire.plan_layout.words.quotes.clone(),
            text,
            note: if is_long {
                cut.to_owned()
            } else {
                String::new()
            },
        })
    }

    pub fn types(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Types {
            title,
            caption,
            axes,
            middle,
            corners,
            line,
            aside,
            each,
            none,
            units,
            shown,
            note,
        } = def
        else {
            return Vec::new();
        };
        let (Some(types), results) = (&self.questionnaire.advice.types, &self.analysis.types)
        else {
            return Vec::new();
        };
        let Some(best) = results.first() else {
            return Vec::new();
        };
        let points = results.iter().map(|own| QuadrantPoint {
            label: types.types[own.index].option.clone(),
            x: own.ease,
            y: own.value,
            strong: (own.points() - best.points()).abs() < EXACT,
        });
        let best_points = self.points(best.points());
        let label = self.facts.finish_with(line, |fact| {
            (fact == Local::Count).then(|| best_points.clone())
        });
        let aside_lines = results.iter().take(*shown).filter_map(|own| {
            let def = &types.types[own.index];
            let time = self.first_result(def, units);
            let local = |fact: Local| match fact {
                Local::TypeValue => Some(self.points(own.value)),
                Local::TypeEase => Some(self.points(own.ease)),
                Local::Count => Some(time.clone()),
                _ => None,
            };
            let text = if time != "–" { each } else { none };
            Some((def.option.clone(), self.facts.finish_with(text, local)?))
        });
        // Names of quarters that call the best type second-rate would mislead.
        let is_best_inside = best.value >= *middle && best.ease >= *middle;
        let corners = match is_best_inside {
            true => corners.clone(),
            false => Default::default(),
        };
        vec![Block::Quadrants(Box::new(Quadrants {
            title: title.clone(),
            caption: caption.clone(),
            axes: axes.clone(),
            middle: *middle,
            corners,
            points: points.collect(),
            line: label.map(|label| (2.0 * best.points(), label)),
            aside_title: aside.clone(),
            aside: aside_lines.collect(),
            note: note.clone(),
        }))]
    }

    pub fn type_table(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::TypeTable {
            title,
            headings,
            none,
            units,
        } = def
        else {
            return Vec::new();
        };
        let Some(types) = &self.questionnaire.advice.types else {
            return Vec::new();
        };
        let results = &self.analysis.types;
        let rest =
            (0..types.types.len()).filter(|index| !results.iter().any(|own| own.index == *index));
        let rated = results.iter().map(|own| (own.index, Some(own)));
        let best = results.first().map(|own| own.points());
        let rows: Vec<Vec<TableCell>> = rated
            .chain(rest.map(|index| (index, None)))
            .map(|(index, result)| {
                let own = &types.types[index];
                let number = |value: Option<f64>| {
                    TableCell::text(value.map_or_else(|| "–".into(), |value| self.points(value)))
                };
                let points = result.map(|own| own.points());
                let is_best = points
                    .zip(best)
                    .is_some_and(|(own, best)| (own - best).abs() < EXACT);
                vec![
                    TableCell {
                        strong: is_best,
                        ..TableCell::text(&own.option)
                    },
                    TableCell::text(result.map_or(none.to_owned(), |own| short(&own.candidate))),
                    number(result.map(|own| own.value)),
                    number(result.map(|own| own.ease)),
                    TableCell {
                        strong: true,
                        ..number(points)
                    },
                    TableCell::text(self.facts.finish(&own.own).unwrap_or_else(|| "–".into())),
                    TableCell::text(self.first_result(own, units)),
                    TableCell::text(self.potential(own)),
                ]
            })
            .collect();
        // Without any rated type and any figure, the table says nothing.
        if results.is_empty() {
            return Vec::new();
        }
        let mut blocks = self.table(title, headings, rows);
        if let Some(Block::Table { table, .. }) = blocks.first_mut() {
            for place in [2, 3, 4, 7] {
                table.columns[place].1 = Align::Right;
            }
        }
        blocks
    }

    /// Returns the time to a first result. Times under two weeks are printed in days.
    fn first_result(&self, own: &TypeDef, units: &[[String; 2]; 2]) -> String {
        let weeks = own
            .weeks
            .as_ref()
            .and_then(|weeks| self.facts.number_of(weeks));
        let Some(weeks) = weeks else {
            return "–".into();
        };
        let (count, [one, several]) = match weeks < SHORT_WEEKS {
            true => (weeks * WORK_WEEK, &units[0]),
            false => (weeks, &units[1]),
        };
        let number = display::number(self.questionnaire, count, 0);
        let unit = if number == "1" { one } else { several };
        let time = format!("{number}\u{a0}{unit}");
        match own.stage.as_str() {
            "" => time,
            stage => fill(stage, &[("count", &time)]),
        }
    }

    fn potential(&self, own: &TypeDef) -> String {
        let money = own.money.as_ref().and_then(|text| self.facts.finish(text));
        money.unwrap_or_else(|| "–".into())
    }
}

/// Rounds parts to the printed places so that they add up to their rounded total: those that lose most by rounding down
/// are rounded up. Parts that do not add up to the total, because some are missing, are rounded one by one.
pub(super) fn round_to_sum(parts: &[Option<f64>], total: f64) -> Vec<f64> {
    let unit = 10f64.powi(PLACES as i32);
    let given: Vec<f64> = parts
        .iter()
        .map(|part| part.unwrap_or_default() * unit)
        .collect();
    let total = total * unit;
    let mut rounded: Vec<f64> = match (given.iter().sum::<f64>() - total).abs() > EXACT * unit {
        true => return given.iter().map(|part| part.round() / unit).collect(),
        false => given.iter().map(|part| (part + EXACT).floor()).collect(),
    };
    let short = total.round() - rounded.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..given.len())
        .filter(|index| parts[*index].is_some())
        .collect();
    let loss = |index: &usize| given[*index] - rounded[*index];
    order.sort_by(|a, b| loss(b).total_cmp(&loss(a)));
    for index in order.into_iter().take(short.max(0.0) as usize) {
        rounded[index] += 1.0;
    }
    rounded.into_iter().map(|part| part / unit).collect()
}

/// Returns the sentences of a text that fit, the most telling first: the first that names the choice, those that name other
/// candidates, the first of all. `…` marks what is left out.
fn excerpt(text: &str, choice: &str, others: &[&str], characters: usize) -> String {
    let sentences: Vec<&str> = text.split_inclusive(". ").collect();
    let names = |index: &usize, name: &str| {
        let first = name.split_whitespace().next().unwrap_or_default();
        let sentence = sentences[*index].to_lowercase();
        !first.is_empty() && sentence.contains(&first.to_lowercase())
    };
    let all = 0..sentences.len();
    let for_choice = all.clone().find(|index| names(index, choice));
    let naming = all.filter(|index| others.iter().any(|name| names(index, name)));
    let mut chosen: Vec<usize> = Vec::new();
    let mut room = characters;
    // Without another candidate in it, the text is quoted from its beginning.
    let from_start = 0..if others.is_empty() {
        sentences.len()
    } else {
        1
    };
    for index in for_choice.into_iter().chain(naming).chain(from_start) {
        // Two characters for the mark of what is left out.
        let length = sentences[index].chars().count() + 2;
        if length <= room && !chosen.contains(&index) {
            room -= length;
            chosen.push(index);
        }
    }
    chosen.sort_unstable();
    if chosen.is_empty() {
        return shorten_words(text, characters);
    }
    let mut out = String::new();
    for (place, index) in chosen.iter().enumerate() {
        let follows = match place {
            0 => *index == 0,
            _ => chosen[place - 1] + 1 == *index,
        };
        if !follows {
            out.push_str("… ");
        }
        out.push_str(sentences[*index]);
    }
    let is_last = chosen.last() == Some(&(sentences.len() - 1));
    format!("{}{}", out.trim_end(), if is_last { "" } else { " …" })
}

fn short(name: &str) -> String {
    shorten(name, NAME)
}

/// Returns the first words of a name that identify it: as few as have [`MIN_SHORT`] letters.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    for word in name.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.chars().count() >= MIN_SHORT {
            break;
        }
    }
    shorten(&short, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_parts_add_up_to_their_rounded_total() {
        // Nordlys Crawlers of the sample: 2.7 + 2.0 + 1.75 + 1.4667 = 7.9167, which one by one would be 8.0.
        let parts = [2.7, 2.0, 1.75, 7.916_666_67 - 6.45];
        let rounded = round_to_sum(&parts.map(Some), 7.916_666_67);
        assert_eq!(rounded, [2.7, 2.0, 1.7, 1.5]);
        // With a part missing, the others do not add up to the total.
        assert_eq!(round_to_sum(&[Some(2.25), None], 5.0), [2.3, 0.0]);
    }

    #[test]
    fn an_excerpt_has_the_reason_for_the_choice() {
        let text = "We looked at four. Nord climbs our towers already. It rained. Vest is easier but small.";
        let names = ["Vest Survey"];
        let own = |characters| excerpt(text, "Nord Crawlers", &names, characters);
        assert_eq!(own(50), "… Nord climbs our towers already. …");
        assert_eq!(
            own(66),
            "… Nord climbs our towers already. … Vest is easier but small."
        );
    }
}
