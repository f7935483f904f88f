//! Ladder and matrix: sections as steps, and candidates as bubbles.

use super::Filler;
use crate::display;
use crate::facts::{NAME, PLACES};
use crate::plan::block::*;
use crate::text::shorten;

impl Filler<'_> {
    /// Shows one step per section. Steps without answers are left out. Fewer than two steps are not shown.
    pub fn ladder(&self, title: &str, ids: &[String], figure: &str, asks: &str) -> Vec<Block> {
        let answer = |section: &str, row: &str| {
            let key = self.questionnaire.key(&format!("{section}.{row}"))?;
            let text = display::value(self.questionnaire, self.answers, key)?;
            Some((self.questionnaire.field(key).row_label.clone(), text))
        };
        let steps: Vec<Step> = ids
            .iter()
            .filter_map(|id| {
                let (figure, asks) = (answer(id, figure), answer(id, asks));
                if figure.is_none() && asks.is_none() {
                    return None;
                }
                let (figure_label, figure) = figure.unwrap_or((String::new(), "–".into()));
                Some(Step {
                    label: self.questionnaire.section(id)?.title.clone(),
                    figure,
                    figure_label,
                    asks: asks.map_or_else(|| "–".into(), |(_, text)| text),
                })
            })
            .collect();
        if steps.len() < 2 {
            return Vec::new();
        }
        vec![Block::Ladder {
            title: title.to_owned(),
            steps,
        }]
    }

    /// Shows one bubble per subject that has ratings for both axes.
    pub fn matrix(
        &self,
        title: &str,
        score: &str,
        rows: &[String; 3],
        axes: &[String; 3],
    ) -> Vec<Block> {
        let Some(index) = self.questionnaire.score(score) else {
            return Vec::new();
        };
        let subjects = &self.scorecard.scores[index].subjects;
        let rating = |row: &str, column: usize| {
            let key = *self.questionnaire.row(row)?.cells.get(column)?;
            self.answers.number(key)
        };
        let bubbles: Vec<Bubble> = subjects
            .iter()
            .filter_map(|subject| {
                let [x, y, size] = [0, 1, 2].map(|i| rating(&rows[i], subject.column));
                let text = axes.iter().zip([x, y, size]).filter_map(|(axis, value)| {
                    let value = display::number(self.questionnaire, value?, PLACES);
                    Some(format!("{axis} {value}"))
                });
                Some(Bubble {
                    label: shorten(&subject.name, NAME),
                    text: text.collect::<Vec<_>>().join(", "),
                    x: x?,
                    y: y?,
                    size,
                })
            })
            .collect();
        if bubbles.is_empty() {
            return Vec::new();
        }
        vec![Block::Matrix {
            title: title.to_owned(),
            axes: axes.clone(),
            bubbles,
        }]
    }
}
