//! Fills the plan layout with a client's data, block by block. A block without data is left out. A section without
//! blocks becomes one line of text.

mod agenda;
mod change;
mod choice;
mod deal;
mod evidence;
mod fields;
mod gaps;
mod issues;
mod numbers;
mod risks;
mod schedule;
mod scores;
mod summary;
mod worth;

use super::advise::Advised;
use super::block::*;
use super::model::*;
use crate::analysis::Analysis;
use crate::answers::Answers;
use crate::benchmark::Benchmarks;
use crate::facts::Facts;
use crate::questionnaire::{BlockDef, Line, Questionnaire, SectionDef, WordsDef};
use crate::record::*;
use crate::score::{Score, Scorecard};
use crate::text::{list_items, shorten_words};

/// Maximum number of statements under a headline.
const MAX_POINTS: usize = 3;
/// Maximum length of a headline and of a line under it, in characters. The appendix shows quoted answers in full.
const HEADLINE: usize = 160;
const LINE: usize = 320;
/// Maximum number of items of a list in the client's own words.
const MAX_ITEMS: usize = 12;

/// The data that blocks can use.
pub struct Filler<'a> {
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
    pub scorecard: &'a Scorecard,
    pub analysis: &'a Analysis,
    pub advised: &'a Advised,
    /// The record, still without the email.
    pub record: &'a Record,
    pub benchmarks: Option<&'a Benchmarks>,
    pub facts: &'a Facts<'a>,
}

/// Returns the sections of a plan or of its notes.
pub fn fill(filler: &Filler, defs: &[SectionDef]) -> Vec<Section> {
    let facts = filler.facts;
    let is_last = |def: &SectionDef| !def.last_when.is_empty() && facts.all_hold(&def.last_when);
    let (last, usual): (Vec<&SectionDef>, Vec<&SectionDef>) = defs
        .iter()
        .filter(|def| facts.all_hold(&def.when))
        .partition(|def| is_last(def));
    let sections = usual.into_iter().chain(last);
    sections.filter_map(|def| filler.section(def)).collect()
}

impl Filler<'_> {
    fn section(&self, def: &SectionDef) -> Option<Section> {
        let blocks: Vec<Block> = def
            .blocks
            .iter()
            .flat_map(|block| self.block(block))
            .collect();
        let points = def.points.iter().filter_map(|line| self.facts.line(line));
        let points: Vec<String> = points
            .take(MAX_POINTS)
            .map(|point| shorten_words(&point, LINE))
            .collect();
        // A headline alone says enough: what is missing, for example.
        let headline = self.facts.first(&def.headline);
        if blocks.is_empty() && (def.optional || (points.is_empty() && headline.is_none())) {
            return (!def.optional).then(|| self.empty_section(def));
        }
        Some(Section {
            id: def.id.clone(),
            title: def.title.clone(),
            question: def
                .question
                .as_ref()
                .and_then(|question| self.facts.finish(question))
                .unwrap_or_default(),
            headline: headline.map_or_else(
                || def.title.clone(),
                |headline| shorten_words(&headline, HEADLINE),
            ),
            lead: self
                .facts
                .first(&def.lead)
                .map(|lead| shorten_words(&lead, LINE)),
            points,
            one_page: def.one_page,
            whole: def.whole,
            new_page: def.new_page,
            empty: false,
            blocks,
        })
    }

    /// Returns a section that says in one line that there are no answers.
    fn empty_section(&self, def: &SectionDef) -> Section {
        let quiet = Block::Quiet(self.questionnaire.plan_layout.words.empty_section.clone());
        Section {
            id: def.id.clone(),
            title: def.title.clone(),
            headline: def.title.clone(),
            question: String::new(),
            lead: None,
            points: Vec::new(),
            one_page: false,
            whole: false,
            new_page: false,
            empty: true,
            blocks: vec![quiet],
        }
    }

    /// Builds a block. Each type of block has its own function.
    fn block(&self, def: &BlockDef) -> Vec<Block> {
        match def {
            BlockDef::Tiles { tiles, count } => self.tiles(tiles, *count),
            BlockDef::Reasons { title, rows } => self.reasons(title, rows),
            BlockDef::Moves { title } => self.moves(title),
            BlockDef::Requests { title, count } => self.requests(title, *count),
            BlockDef::Quiet { lines } => self.quiet(lines),
            BlockDef::Notes { lines } => self.notes(lines),
            BlockDef::Text { title, lines } => self.paragraphs(title.as_ref(), lines),
            BlockDef::Bridge {
                title,
                caption,
                bars,
            } => self.bridge(title, caption, bars),
            BlockDef::Balances { .. } => self.balances(def),
            BlockDef::Gauges {
                title,
                gauges,
                headings,
                rows,
            } => self.gauges(title, gauges, headings, rows),
            BlockDef::Cards { title, cards } => self.cards(title, cards),
            BlockDef::Ranking {
                title,
                caption,
                score,
                apart,
            } => self.ranking(title, caption, score, apart),
            BlockDef::Pairs { .. } => self.pairs(def),
            BlockDef::Types { .. } => self.types(def),
            BlockDef::Builds { .. } => self.builds(def),
            BlockDef::Bars { title, score: id } => {
                self.with_score(id, |score| self.bars(title.clone(), id, score))
            }
            BlockDef::Lists { lists } => self.lists(lists),
            BlockDef::EffortGrid { .. } => self.effort_grid(def),
            BlockDef::GapCards { .. } => self.gap_cards(def),
            BlockDef::TierBars { .. } => self.tier_bars(def),
            BlockDef::Offer { title } => self.offer(title),
            BlockDef::Targets { .. } => self.targets(def),
            BlockDef::Equation {
                title,
                factors,
                result,
            } => self.equation(title, factors, result),
            BlockDef::AgainstTarget {
                bars,
                target,
                label,
            } => self.against_target(bars, target, label),
            BlockDef::Schedule { .. } => self.schedule(def),
            BlockDef::Order { .. } => self.order(def),
            BlockDef::Load { .. } => self.load(def),
            BlockDef::Agenda { .. } => self.agenda(def),
            BlockDef::ReviewCards { .. } => self.review_cards(def),
            BlockDef::RiskBoard { .. } => self.risk_board(def),
            BlockDef::Mismatches { .. } => self.mismatches(def),
            BlockDef::TypeTable { .. } => self.type_table(def),
            BlockDef::RiskTable { .. } => self.risk_table(def),
            BlockDef::Figures { title, headings } => self.figure_table(title, headings),
            BlockDef::Fields { title, sections } => self.fields(title.as_deref(), sections),
            BlockDef::Compare { title, sections } => self.compare(title, sections),
            BlockDef::Sentences { sections } => self.sentences(sections),
            BlockDef::Evidence { .. } => self.evidence(def),
            BlockDef::Benchmark { .. } => self.benchmark(def),
            BlockDef::ScoreChanges { .. } => self.score_changes(def),
            BlockDef::Progress { .. } => self.progress(def),
            BlockDef::Commitments { .. } => self.commitments(def),
            BlockDef::Resolved { .. } => self.resolved(def),
            BlockDef::Issues { .. } => self.issues_table(def),
            BlockDef::Method { .. } => self.method(def),
        }
    }

    fn with_score(&self, id: &str, block: impl Fn(&Score) -> Option<Block>) -> Vec<Block> {
        self.questionnaire
            .score(id)
            .and_then(|index| block(&self.scorecard.scores[index]))
            .into_iter()
            .collect()
    }

    /// Returns the first line that can be printed, or an empty text.
    fn first(&self, lines: &[Line]) -> String {
        self.facts.first(lines).unwrap_or_default()
    }

    /// Returns a table with headings of left-aligned columns. Nothing without rows.
    fn table(&self, title: &str, headings: &[String], rows: Vec<Vec<TableCell>>) -> Vec<Block> {
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = headings
            .iter()
            .map(|heading| (heading.clone(), Align::Left));
        vec![Block::Table {
            title: (!title.is_empty()).then(|| title.to_owned()),
            table: Table {
                columns: columns.collect(),
                rows,
            },
        }]
    }

    /// Returns lists of the client's own words, each with its heading. Lists without a text are left out.
    fn own_words(&self, defs: &[WordsDef]) -> Vec<(String, Vec<String>)> {
        let words = &self.questionnaire.plan_layout.words;
        let lists = defs.iter().map(|def| {
            let section = self.questionnaire.section(&def.section);
            let keys = section
                .into_iter()
                .flat_map(|section| &section.rows)
                .flat_map(|row| &row.cells);
            let texts = keys.filter_map(|key| self.answers.text(*key));
            // The appendix has all of them, in full.
            let items = texts.flat_map(list_items).take(MAX_ITEMS);
            let items = items.map(|item| words.quoted(&shorten_words(&item, LINE)));
            (def.title.clone(), items.collect::<Vec<String>>())
        });
        lists.filter(|(_, items)| !items.is_empty()).collect()
    }

    fn lists(&self, defs: &[WordsDef]) -> Vec<Block> {
        let lists: Vec<WordList> = self
            .own_words(defs)
            .into_iter()
            .map(|(title, own)| WordList { title, own })
            .collect();
        match lists.is_empty() {
            true => Vec::new(),
            false => vec![Block::Lists(lists)],
        }
    }
}

/// Returns whether a sentence has its punctuation mark.
fn is_ended(sentence: &str) -> bool {
    sentence.trim_end().ends_with(['.', '!', '?', '…'])
}
