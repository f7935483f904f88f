//! Whether the numbers arrive by the last day: targets, the pipeline, and what must be built.

use chrono::{Duration, NaiveDate};

use super::Filler;
use crate::analysis::{Build, Edition, WorkingDays};
use crate::display;
use crate::facts::NAME;
use crate::plan::block::*;
use crate::questionnaire::{
    BlockDef, FormatString, Formula, Kind, Local, TermDef, TimelineRowDef, Value, ValueBarDef,
};
use crate::text::shorten;

/// Days between two dates on the axis of a timeline.
const TICK_DAYS: i64 = 28;
/// Maximum number of dates on the axis.
const MAX_TICKS: i64 = 12;

impl Filler<'_> {
    pub fn targets(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Targets {
            title,
            headings,
            basis,
            not_asked,
            current,
        } = def
        else {
            return Vec::new();
        };
        let is_current = self.facts.all_hold(current);
        let rows = self.record.targets.iter().map(|target| {
            // The unit of an amount is next to its name, so that the columns stay narrow.
            let unit = self.amount_unit(target.index);
            let text = |value: &Option<(f64, String)>| match value {
                Some((_, text)) => text.trim_end_matches(&unit).trim_end().to_owned(),
                None if self.asks_today(target.index) => "–".to_owned(),
                None => not_asked.clone(),
            };
            let lines = basis.get(target.index);
            let basis = lines.map(|lines| self.first(lines)).unwrap_or_default();
            let change = match target.change.as_str() {
                known if is_current && !known.is_empty() => known.replace('-', "−"),
                _ => "–".to_owned(),
            };
            vec![
                TableCell::strong(format!("{} {unit}", target.label).trim_end()),
                TableCell::text(text(&target.today)),
                TableCell::strong(text(&target.target)),
                TableCell::text(change),
                TableCell::text(basis),
            ]
        });
        let mut blocks = self.table(title, headings, rows.collect());
        if let Some(Block::Table { table, .. }) = blocks.first_mut() {
            for column in &mut table.columns[1..4] {
                column.1 = Align::Right;
            }
        }
        blocks
    }

    /// Returns whether the questionnaire asks for today's value of a target.
    fn asks_today(&self, index: usize) -> bool {
        let target = self.questionnaire.targets.get(index);
        target.is_some_and(|def| def.today.is_some())
    }

    /// Returns the unit of a target that is an amount, such as "/ month".
    pub(super) fn amount_unit(&self, index: usize) -> String {
        let target = self.questionnaire.targets.get(index);
        let field = target.map(|def| self.questionnaire.field(def.target));
        let amount = field.filter(|field| matches!(field.kind, Kind::Money { .. }));
        amount.map_or(String::new(), |field| {
            display::unit(self.questionnaire, field)
        })
    }

    pub fn equation(&self, title: &str, factors: &[TermDef], result: &TermDef) -> Vec<Block> {
        let term = |def: &TermDef| {
            Some((
                self.facts.finish(&def.value)?,
                self.facts.finish(&def.label)?,
            ))
        };
        let factors: Option<Vec<(String, String)>> = factors.iter().map(term).collect();
        let block = factors
            .zip(term(result))
            .map(|(factors, result)| Block::Equation {
                title: title.to_owned(),
                factors,
                result,
            });
        block.into_iter().collect()
    }

    pub fn against_target(
        &self,
        bars: &[ValueBarDef],
        target: &Formula,
        label: &FormatString,
    ) -> Vec<Block> {
        let bar = |def: &ValueBarDef| {
            Some((
                def.label.clone(),
                self.facts.number_of(&def.value)?,
                self.facts.finish(&def.text)?,
                self.first(&def.note),
            ))
        };
        let bars: Vec<_> = bars.iter().filter_map(bar).collect();
        let target = self.facts.number_of(target).zip(self.facts.finish(label));
        match target {
            Some(target) if !bars.is_empty() => {
                vec![Block::AgainstTarget(Box::new(AgainstTarget {
                    bars,
                    target,
                }))]
            }
            _ => Vec::new(),
        }
    }

    /// Shows what must be built by the last day, and other bars, on a time axis. Nothing once that day has passed.
    pub fn builds(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Builds {
            title,
            caption,
            start,
            late,
            length,
            end,
            rows,
            marks,
        } = def
        else {
            return Vec::new();
        };
        if self.analysis.edition == Edition::Closing {
            return Vec::new();
        }
        let schedule = &self.analysis.schedule;
        let builds = self.analysis.builds.iter();
        let mut bars: Vec<TimelineRow> = builds
            .filter_map(|build| self.build_row(build, (start, late.as_ref()), length))
            .collect();
        // Points say something only with a caption that explains them.
        if caption.is_empty() {
            bars.iter_mut().for_each(|bar| bar.value.clear());
        }
        bars.extend(rows.iter().filter_map(|row| self.timeline_row(row)));
        if bars.is_empty() {
            return Vec::new();
        }
        let from = bars
            .iter()
            .map(|bar| bar.from)
            .fold(schedule.start, NaiveDate::min);
        let to = bars
            .iter()
            .map(|bar| bar.to)
            .fold(schedule.end, NaiveDate::max);
        let step = TICK_DAYS * ((to - schedule.start).num_days() / (TICK_DAYS * MAX_TICKS) + 1);
        let ticks = (0..)
            .map(|index| schedule.start + Duration::days(step * index))
            .take_while(|day| *day <= to)
            .map(|day| (day, display::short_date(self.questionnaire, day)));
        let mut lines: Vec<(NaiveDate, String, bool)> = marks
            .iter()
            .filter_map(|mark| {
                let date = self.date_of(&mark.date)?;
                Some((date, self.facts.finish(&mark.label)?, false))
            })
            .collect();
        lines.push((schedule.end, self.first(end), true));
        vec![Block::Timeline(Box::new(Timeline {
            title: title.clone(),
            caption: self.first(caption),
            from,
            to,
            ticks: ticks.collect(),
            marks: lines,
            rows: bars,
        }))]
    }

    fn build_row(
        &self,
        build: &Build,
        (start, late): (&FormatString, Option<&FormatString>),
        length: &[FormatString; 2],
    ) -> Option<TimelineRow> {
        let end = self.analysis.schedule.end;
        let today = self.analysis.today;
        let late = late.filter(|_| build.latest_start < today);
        let (from, to) = match late {
            Some(_) => {
                let from = WorkingDays(&self.questionnaire.roadmap).after(today);
                (from, from + (end - build.latest_start))
            }
            None => (build.latest_start, end),
        };
        let date = display::short_date(self.questionnaire, from);
        let weeks = display::number(self.questionnaire, build.weeks, 1);
        let local = |fact: Local| match fact {
            Local::Date => Some(date.clone()),
            Local::Count => Some(weeks.clone()),
            _ => None,
        };
        Some(TimelineRow {
            label: shorten(&build.name, NAME),
            value: display::fixed(self.questionnaire, build.points, 1),
            from,
            to,
            start_text: self.facts.finish_with(late.unwrap_or(start), local)?,
            end_text: self
                .facts
                .finish_with(&length[usize::from(weeks != "1")], local)?,
            limit: (to > end).then_some(end),
        })
    }

    fn timeline_row(&self, def: &TimelineRowDef) -> Option<TimelineRow> {
        let (from, to) = (self.date_of(&def.from)?, self.date_of(&def.to)?);
        let end = self.analysis.schedule.end;
        (from <= to).then_some(())?;
        Some(TimelineRow {
            label: self.facts.finish(&def.label)?,
            value: String::new(),
            from,
            to,
            start_text: self.facts.finish(&def.start)?,
            end_text: self.facts.finish(&def.end)?,
            limit: (to > end).then_some(end),
        })
    }

    pub(super) fn date_of(&self, formula: &Formula) -> Option<NaiveDate> {
        match self.facts.formula(formula)? {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }
}
