//! Risks: the most important on a grid with what to do, the others in the appendix.

use super::Filler;
use crate::plan::block::*;
use crate::questionnaire::BlockDef;
use crate::record::RiskSummary;

impl Filler<'_> {
    pub fn risk_board(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::RiskBoard {
            grid_title,
            grid_caption,
            levels,
            axes,
            list_title,
            action,
            count,
            more_title,
            more_note,
            more_word,
        } = def
        else {
            return Vec::new();
        };
        let risks = &self.advised.risks;
        if risks.is_empty() {
            return Vec::new();
        }
        let (shown, more) = risks.split_at(risks.len().min(*count));
        let titles = more.iter().map(|risk| risk.title.clone());
        let note = match more.is_empty() {
            true => String::new(),
            false => more_note.clone(),
        };
        vec![Block::RiskBoard(Box::new(RiskBoard {
            grid_title: grid_title.clone(),
            grid_caption: grid_caption.clone(),
            levels: levels.clone(),
            axes: axes.clone(),
            list_title: list_title.clone(),
            action: action.clone(),
            risks: shown.iter().map(|risk| self.risk_item(risk)).collect(),
            more: (self.first(more_title), note, titles.collect()),
            more_places: more
                .iter()
                .map(|risk| (risk.likelihood as usize, risk.impact as usize))
                .collect(),
            more_word: more_word.clone(),
        }))]
    }

    pub fn risk_table(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::RiskTable {
            title,
            skip,
            headings,
        } = def
        else {
            return Vec::new();
        };
        let rows = self.advised.risks.iter().skip(*skip).map(|risk| {
            vec![
                TableCell::strong(&risk.title),
                TableCell::text(&risk.consequence),
                TableCell::text(&risk.mitigation),
                TableCell::text(&risk.owner),
            ]
        });
        self.table(title, headings, rows.collect())
    }

    fn risk_item(&self, risk: &RiskSummary) -> RiskItem {
        RiskItem {
            title: risk.title.clone(),
            consequence: risk.consequence.clone(),
            mitigation: risk.mitigation.clone(),
            owner: risk.owner.clone(),
            owned: risk.owner != self.questionnaire.advice.name_one,
            likelihood: risk.likelihood as usize,
            impact: risk.impact as usize,
        }
    }
}
