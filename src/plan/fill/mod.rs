//! Fills the plan layout with a client's data, block by block. A block without data is left out. A section without
//! blocks becomes one line of text.

mod change;
mod evidence;
mod fields;
mod figures;
mod issues;
mod risks;
mod roadmap;
mod scores;
mod steps;

use super::block::*;
use super::model::*;
use crate::answers::Answers;
use crate::benchmark::Benchmarks;
use crate::display;
use crate::facts::Facts;
use crate::questionnaire::{
    BlockDef, EXACT, Extreme, FieldKey, ListDef, Questionnaire, SectionDef, TileDef, Tone,
};
use crate::record::*;
use crate::score::{Score, Scorecard};
use crate::text::shorten;

/// Maximum length of a headline and of a lead, in characters. The appendix shows quoted answers in full.
const HEADLINE: usize = 140;
const LEAD: usize = 420;

/// The data that blocks can use.
pub struct Filler<'a> {
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
    pub scorecard: &'a Scorecard,
    /// The record, still without the email.
    pub record: &'a Record,
    pub benchmarks: Option<&'a Benchmarks>,
    pub facts: &'a Facts<'a>,
    pub actions: &'a [Action],
}

/// Returns all sections of the plan.
pub fn fill(filler: &Filler) -> Vec<Section> {
    filler
        .questionnaire
        .plan_layout
        .section
        .iter()
        .filter_map(|def| filler.section(def))
        .collect()
}

impl Filler<'_> {
    fn section(&self, def: &SectionDef) -> Option<Section> {
        let blocks: Vec<Block> = def
            .blocks
            .iter()
            .flat_map(|block| self.block(block))
            .collect();
        if blocks.is_empty() {
            if def.optional {
                return None;
            }
            let quiet = Block::Quiet(self.questionnaire.plan_layout.words.empty_section.clone());
            return Some(Section {
                id: def.id.clone(),
                title: def.title.clone(),
                headline: def.title.clone(),
                question: String::new(),
                lead: None,
                points: Vec::new(),
                one_page: false,
                new_page: false,
                empty: true,
                blocks: vec![quiet],
            });
        }
        Some(Section {
            id: def.id.clone(),
            title: def.title.clone(),
            headline: self.facts.first(&def.headline).map_or_else(
                || def.title.clone(),
                |headline| shorten(&headline, HEADLINE),
            ),
            question: String::new(),
            points: Vec::new(),
            one_page: false,
            lead: self.facts.first(&def.lead).map(|lead| shorten(&lead, LEAD)),
            new_page: def.new_page,
            empty: false,
            blocks,
        })
    }

    /// Builds a block. Each type of block has its own function.
    fn block(&self, def: &BlockDef) -> Vec<Block> {
        match def {
            BlockDef::Tiles { tiles } => vec![Block::Tiles(
                tiles.iter().map(|tile| self.tile(tile)).collect(),
            )],
            BlockDef::Actions { title, count } => self.actions(title, *count),
            BlockDef::Text { title, lines } => self.paragraphs(title.as_ref(), lines),
            BlockDef::Open { title, count, more } => self.open(title, *count, more),
            BlockDef::Bars { title, score } => {
                self.with_score(score, |score| self.bars(title.clone(), score))
            }
            BlockDef::Dots { title, score } => {
                self.with_score(score, |score| self.dots(title, score))
            }
            BlockDef::Lists { lists } => self.lists(lists),
            BlockDef::Fields { title, sections } => self.fields(title.as_deref(), sections),
            BlockDef::Compare { title, sections } => self.compare(title, sections),
            BlockDef::Sentences { sections } => self.sentences(sections),
            BlockDef::Ranking {
                title,
                score,
                headings,
            } => self.ranking(title, score, headings),
            BlockDef::Finance {
                title,
                labels,
                assumption,
            } => self.finance(title, labels, assumption),
            BlockDef::Targets { title, names } => self.targets(title, names),
            BlockDef::Breakdown { title, rest } => self.breakdown(title, rest),
            BlockDef::Payback {
                title,
                months,
                lines,
                axis,
                meets,
                never,
            } => self.payback(title, *months, (lines, axis), (meets, never)),
            BlockDef::Ladder {
                title,
                sections,
                figure,
                asks,
            } => self.ladder(title, sections, figure, asks),
            BlockDef::Matrix {
                title,
                score,
                rows,
                axes,
            } => self.matrix(title, score, rows, axes),
            BlockDef::Risks {
                none,
                ratings,
                risks,
            } => self.risks(none, ratings.as_ref(), risks),
            BlockDef::Owners { title, headings } => self.owners(title, headings),
            BlockDef::Reviews { title, headings } => self.reviews(title, headings),
            BlockDef::Evidence {
                title,
                sections,
                headings,
            } => self.evidence(title, sections, headings),
            BlockDef::Benchmark {
                title,
                score,
                headings,
                note,
            } => self.benchmark(title, score, headings, note),
            BlockDef::ScoreChanges {
                title,
                headings,
                roi,
            } => self.score_changes(title, headings, roi),
            BlockDef::Commitments {
                title,
                headings,
                outcomes,
            } => self.commitments(title, headings, outcomes),
            BlockDef::Resolved {
                title,
                headings,
                note,
            } => self.resolved(title, headings, note),
            BlockDef::Gantt => vec![Block::Gantt],
            BlockDef::Roadmap { title, headings } => self.roadmap_table(title, headings),
            BlockDef::Issues {
                title,
                headings,
                none,
                more,
            } => self.issues_table(title, headings, none, more),
            BlockDef::Method {
                title,
                headings,
                each,
                notes,
            } => self.method(title, headings, each, notes),
        }
    }

    fn with_score(&self, id: &str, block: impl Fn(&Score) -> Option<Block>) -> Vec<Block> {
        self.questionnaire
            .score(id)
            .and_then(|index| block(&self.scorecard.scores[index]))
            .into_iter()
            .collect()
    }

    fn tile(&self, def: &TileDef) -> Tile {
        let value = self.facts.first(&def.value);
        let note = self
            .facts
            .first(&def.note)
            .filter(|_| value.is_some())
            .unwrap_or_default();
        let subject = def
            .score
            .as_deref()
            .and_then(|id| self.questionnaire.score(id))
            .and_then(|index| {
                let score = &self.scorecard.scores[index];
                score
                    .ranking()
                    .first()
                    .copied()
                    .or(score.single())
                    .and_then(|subject| subject.band.clone())
            });
        Tile {
            label: def.label.clone(),
            known: value.is_some(),
            value: value.unwrap_or_else(|| self.questionnaire.plan_layout.words.no_score.clone()),
            unit: def.unit.clone(),
            note,
            tone: subject.map_or(Tone::Plain, |band| band.tone),
        }
    }

    fn actions(&self, title: &str, count: usize) -> Vec<Block> {
        let actions: Vec<Action> = self.actions.iter().take(count).cloned().collect();
        if actions.is_empty() {
            Vec::new()
        } else {
            vec![Block::Actions {
                title: title.to_owned(),
                actions,
            }]
        }
    }

    fn paragraphs(
        &self,
        title: Option<&crate::questionnaire::FormatString>,
        lines: &[crate::questionnaire::Line],
    ) -> Vec<Block> {
        let title = match title {
            // Without a complete title, the data for this block is missing.
            Some(title) => match self.facts.finish(title) {
                Some(title) => Some(shorten(&title, HEADLINE)),
                None => return Vec::new(),
            },
            None => None,
        };
        let paragraphs: Vec<String> = lines
            .iter()
            .filter_map(|line| self.facts.line(line))
            .collect();
        if paragraphs.is_empty() {
            Vec::new()
        } else {
            vec![Block::Text { title, paragraphs }]
        }
    }

    fn lists(&self, defs: &[ListDef]) -> Vec<Block> {
        let lists: Vec<WordList> = defs.iter().filter_map(|def| self.list(def)).collect();
        if lists
            .iter()
            .all(|list| list.own.is_empty() && list.rated.is_empty())
        {
            Vec::new()
        } else {
            vec![Block::Lists(lists)]
        }
    }

    fn list(&self, def: &ListDef) -> Option<WordList> {
        let section = self.questionnaire.section(&def.section)?;
        let own = section
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter(|key| self.answers.get(**key).value.is_value())
            .filter_map(|key| display::value(self.questionnaire, self.answers, *key));
        let score = &self.scorecard.scores[self.questionnaire.score(&def.score)?];
        let mut ratings: Vec<(FieldKey, f64)> = score
            .single()
            .into_iter()
            .flat_map(|subject| {
                subject
                    .dimensions
                    .iter()
                    .filter(|dimension| dimension.applies)
            })
            .flat_map(|dimension| &dimension.ratings)
            .filter_map(|(key, value)| Some((*key, (*value)?)))
            .collect();
        ratings.sort_by(|a, b| {
            if def.from == Extreme::Lowest {
                a.1.total_cmp(&b.1)
            } else {
                b.1.total_cmp(&a.1)
            }
        });
        // A medium rating is neither a strength nor a gap.
        let tells = |rating: f64| match self.questionnaire.rating_band(rating).map(|band| band.tone)
        {
            Some(Tone::Good) => def.from == Extreme::Highest,
            Some(Tone::Bad | Tone::Watch) => def.from == Extreme::Lowest,
            _ => false,
        };
        let rated = ratings
            .into_iter()
            .filter(|(_, rating)| tells(*rating))
            .take(def.count)
            .map(|(key, rating)| self.rating_text(key, rating))
            .collect();
        Some(WordList {
            title: def.title.clone(),
            own: own.collect(),
            from_ratings: self.questionnaire.plan_layout.words.from_ratings.clone(),
            rated,
        })
    }

    /// Formats at most three ratings that share the lowest or highest value.
    fn rating_texts(&self, (keys, counted): &crate::score::Extremes<FieldKey>) -> String {
        let texts: Vec<String> = keys
            .iter()
            .take(3)
            .map(|key| self.rating_text(*key, *counted))
            .collect();
        texts.join("; ")
    }

    /// Formats a rating: "Legal framework 3". A reverse-scored rating also shows how it counts.
    fn rating_text(&self, key: FieldKey, counted: f64) -> String {
        let field = self.questionnaire.field(key);
        let words = &self.questionnaire.plan_layout.words;
        let typed = self.answers.number(key).unwrap_or(counted);
        let number = |value| display::number(self.questionnaire, value, crate::facts::PLACES);
        if (typed - counted).abs() < EXACT {
            format!("{} {}", field.row_label, number(typed))
        } else {
            format!(
                "{} {}, {}\u{a0}{}",
                field.row_label,
                number(typed),
                words.counted,
                number(counted)
            )
        }
    }
}
