//! Texts of the portfolio workbook, in the words of the questionnaire.

use serde::Deserialize;

use super::diagnostic::Source;
use super::text_sections::{check_braces, check_names, names, text_sections};
use crate::text::{fill, upper_first};

/// The built-in texts.
const BUILT_IN: &str = include_str!("../../../templates/portfolio.toml");

/// Excel's limit for the length of a sheet name, in characters.
const MAX_SHEET_NAME: usize = 31;

text_sections! {
    /// Texts of the portfolio workbook.
    PortfolioTexts,
    /// `portfolio.toml`: texts of the portfolio workbook. A text that is left out is the English one.
    PortfolioFile;
    /// What the portfolio is about.
    nouns: NounsTexts, NounsRaw {
        client clients candidate candidates
    }
    /// Names of the sheets.
    sheets: SheetsTexts, SheetsRaw {
        dashboard clients status compare revenue roadmap upcoming metrics change commitments resolved issue_types
        issues answers answer_list about chart_data
    }
    /// What each sheet contains, on the sheet About.
    contents: ContentsTexts, ContentsRaw {
        dashboard clients status compare score ranking revenue roadmap upcoming metrics change commitments resolved
        issue_types issues answers answer_list about chart_data
    }
    /// Headings of columns and labels of figures.
    columns: ColumnsTexts, ColumnsRaw {
        activity as_entered band band_of best_of best_points candidate candidates cell choice_against_best
        client clients commitments_kept commitments_missed commitments_upcoming complete copy_sent currency current date days_left
        decision difference difference_entered due due_soon email errors expected field file first_quartile fix found
        from gap growth_after_cost handed_out indicative industry investment issues_new issues_remaining issues_resolved
        key_answers last_day late marked_not_applicable mean_points means median metric month multiple
        multiple_entered next_step note notes number outcome overdue own_choice owner payback payback_difference
        payback_entered pays_back place plan points points_in previous previously_found profile question rank rank_first
        rank_top ratings_asked ratings_given reached reason return_multiple returned returns reverse_scored score_points
        section sent severity sheet_in_file shown since state status target target_entered text third_quartile
        today today_entered total r#type unit urgency urgent value version versus_median warnings workbook
        worksheet
    }
    /// What cells say.
    values: ValuesTexts, ValuesRaw {
        error warning note urgent needs_attention planned done kept missed upcoming level indicative knocked_out yes
        no_payback behind case_behind case_only case_unrated case_none case_clear case_narrow case_level case_close elsewhere next_hand_out next_remind next_wait next_correct next_report
        next_send next_nothing next_enroll
    }
    /// Notes below the titles, and other sentences.
    notes: NotesTexts, NotesRaw {
        page sorted sorted_by_name dashboard one_client some_clients dashboard_title clients status empty_roster compare_title
        compare compare_choose score score_reversed ranking no_candidates revenue_title revenue revenue_marked
        multiple_differs payback_differs roadmap no_roadmap as_of upcoming nothing_due metrics no_targets
        change_title change commitments no_commitments resolved none_resolved issues no_issues issue_types_live
        issue_types answers answers_unlisted answer_list chart_data
    }
    /// The sheet About.
    about: AboutTexts, AboutRaw {
        title created questionnaire sheets method failures repeated repeated_files inputs scores score dimension
        weights weight weight_reversed bands band late_payback urgency
    }
    /// Figures at the top of the dashboard.
    tiles: TilesTexts, TilesRaw {
        complete scored return_multiple pay_back overdue errors warnings
    }
    /// Titles, axes, and descriptions of the charts.
    charts: ChartsTexts, ChartsRaw {
        ranking by_dimension dimension mean average bands against axis both sample ends first issues issues_unit
        multiple multiple_unit calculated entered money money_unit money_unknown investment returns three_best
        best client_and_candidate kinds kind rank_first rank_next urgency activities urgent needs_attention
        means means_unit means_described described doughnut scatter stacked_bars bars none and
    }
}

impl PortfolioTexts {
    /// Combines the texts of a questionnaire with the built-in ones, and reports texts with values that they cannot
    /// contain and sheet names that Excel does not accept.
    pub(super) fn resolve(source: &Source, own: PortfolioFile) -> Self {
        let built_in = PortfolioFile::built_in();
        let nouns = Self::merged(own.clone(), built_in.clone(), &|own, built_in| {
            own.or(built_in).unwrap_or_default()
        })
        .nouns;
        let nouns = [
            ("client", nouns.client),
            ("clients", nouns.clients),
            ("candidate", nouns.candidate),
            ("candidates", nouns.candidates),
        ];
        let capitals = nouns
            .clone()
            .map(|(name, noun)| (upper_first(name), upper_first(&noun)));
        let nouns = nouns.map(|(name, noun)| (name.to_owned(), noun));
        let nouns: Vec<(&str, &str)> = nouns
            .iter()
            .chain(&capitals)
            .map(|(name, noun)| (name.as_str(), noun.as_str()))
            .collect();
        let text = |own: Option<String>, built_in: Option<String>| {
            let built_in = built_in.unwrap_or_default();
            if let Some(own) = &own {
                let nouns = nouns.iter().map(|(noun, _)| *noun);
                check_names(
                    source,
                    own,
                    &nouns.chain(names(&built_in)).collect::<Vec<_>>(),
                );
                check_braces(source, own);
            }
            fill(&own.unwrap_or(built_in), &nouns)
        };
        let texts = Self::merged(own, built_in, &text);
        texts.check_sheets(source);
        texts.check_words(source);
        texts
    }

    /// Returns a number of clients, such as "1 client" or "12 clients".
    pub fn counted(&self, clients: usize) -> String {
        match clients {
            1 => self.notes.one_client.clone(),
            _ => fill(&self.notes.some_clients, &[("count", &clients.to_string())]),
        }
    }

    /// Returns the names of all sheets but those of the scores.
    pub fn sheet_names(&self) -> [&str; 17] {
        let sheets = &self.sheets;
        [
            &sheets.dashboard,
            &sheets.clients,
            &sheets.status,
            &sheets.compare,
            &sheets.revenue,
            &sheets.roadmap,
            &sheets.upcoming,
            &sheets.metrics,
            &sheets.change,
            &sheets.commitments,
            &sheets.resolved,
            &sheets.issue_types,
            &sheets.issues,
            &sheets.answers,
            &sheets.answer_list,
            &sheets.about,
            &sheets.chart_data,
        ]
    }

    fn check_sheets(&self, source: &Source) {
        let mut seen: Vec<String> = Vec::new();
        for name in self.sheet_names() {
            let length = name.chars().count();
            let problem = if seen.contains(&name.to_lowercase()) {
                format!("two sheets have the name \"{name}\"")
            } else if length > MAX_SHEET_NAME {
                format!(
                    "the sheet name \"{name}\" has {length} characters; Excel accepts {MAX_SHEET_NAME}"
                )
            } else if name.trim().is_empty()
                || name.contains(['[', ']', ':', '*', '?', '/', '\\', '\''])
                || name.eq_ignore_ascii_case("history")
            {
                format!("Excel does not accept \"{name}\" as the name of a sheet")
            } else {
                seen.push(name.to_lowercase());
                continue;
            };
            source.error_in(source.find(name), problem, None);
        }
    }

    /// Checks that words which formulas and colors look for differ.
    fn check_words(&self, source: &Source) {
        let values = &self.values;
        let groups = [
            vec![&values.error, &values.warning, &values.note],
            vec![
                &values.urgent,
                &values.needs_attention,
                &values.planned,
                &values.done,
            ],
            vec![&values.kept, &values.missed, &values.upcoming],
            vec![
                &values.next_hand_out,
                &values.next_remind,
                &values.next_wait,
                &values.next_correct,
                &values.next_report,
                &values.next_send,
                &values.next_nothing,
                &values.next_enroll,
            ],
        ];
        for group in groups {
            for (index, word) in group.iter().enumerate() {
                if group[..index].contains(word) {
                    let message = format!("two different values are called \"{word}\"");
                    source.error_in(source.find(word), message, None);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_text_is_there() {
        let file: PortfolioFile = crate::questionnaire::toml_reader::from_str(BUILT_IN).unwrap();
        PortfolioTexts::merged(file.clone(), file, &|own, _| own.unwrap());
    }
}
