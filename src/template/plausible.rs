//! Plausible answers, so that the author of a questionnaire sees a filled-in workbook and its plan.

use chrono::{Days, NaiveDate};

use super::{Cell, Prefill};
use crate::questionnaire::{FieldKey, Kind, Questionnaire};

/// Number of different clients that can be made up.
pub const CLIENTS: usize = 3;
const OWNERS: [&str; 4] = ["Ada Ames", "Ben Bell", "Cam Cole", "Dee Dunn"];
const NAMES: [&str; CLIENTS] = ["Alder & Co", "Birch Ltd", "Cedar Inc"];

impl Prefill {
    /// Returns answers of a made-up client: the first answers nearly all questions, the others leave out some.
    /// `today` is the date of the dates.
    pub fn plausible(questionnaire: &Questionnaire, client: usize, today: NaiveDate) -> Self {
        let mut prefill = Self::blank(questionnaire);
        let client = client % CLIENTS;
        let identity = &questionnaire.identity;
        let names: Vec<FieldKey> = questionnaire
            .scores
            .iter()
            .flat_map(|score| &score.subjects)
            .filter_map(|subject| subject.name)
            .collect();
        let activities = questionnaire.roadmap.activities.iter();
        let owners: Vec<FieldKey> = activities.filter_map(|own| own.owner).collect();
        let mut dates = 0;
        for (place, (key, field)) in questionnaire.inputs().enumerate() {
            let is_left_out = client > 0 && place % (9 - 2 * client) == client;
            let is_known = [identity.email, identity.currency].contains(&Some(key));
            if is_left_out && !is_known && key != identity.company || field.optional {
                continue;
            }
            // Spreads the values without a pattern that a reader sees.
            let share = ((place * 7 + client * 5) % 11) as f64 / 10.0;
            let section = &questionnaire.worksheets[field.sheet].sections[field.section];
            let cell = match &field.kind {
                _ if key == identity.company => Cell::Text(NAMES[client].to_owned()),
                _ if names.contains(&key) => match section.columns.get(field.column) {
                    Some(column) => Cell::Text(format!("{} {}", column.label, NAMES[client])),
                    None => continue,
                },
                _ if Some(key) == identity.choice => match names.first() {
                    Some(first) => match prefill.get(*first) {
                        Some(name) => name.clone(),
                        None => continue,
                    },
                    None => Cell::Text(field.label.clone()),
                },
                Kind::Choice { list } => {
                    let options = questionnaire.choices[*list].listed();
                    let place = (place + client) % options.len().max(1);
                    let Some(option) = options.get(place) else {
                        continue;
                    };
                    Cell::Text(option.clone())
                }
                Kind::Choices { list } => {
                    let options = questionnaire.choices[*list].options.iter().take(2);
                    Cell::Text(options.cloned().collect::<Vec<String>>().join(", "))
                }
                Kind::Rating { .. } => {
                    Cell::Number((field.range().1 * (0.4 + 0.5 * share)).round())
                }
                Kind::Money { per } => {
                    let months = per.map_or(1.0, |period| questionnaire.periods[period].months);
                    Cell::Number((4_000.0 + 9_000.0 * share).round() * months)
                }
                Kind::Percent => {
                    Cell::Number((field.range().1.min(60.0) * (0.2 + share / 2.0)).round())
                }
                // The parts of a split follow each other.
                Kind::Share => Cell::Number(if field.row % 2 == 0 { 60.0 } else { 40.0 }),
                Kind::Count { .. } | Kind::Quantity { .. } => {
                    Cell::Number((2.0 + 18.0 * share).round().min(field.range().1))
                }
                Kind::Multiple | Kind::Ratio => Cell::Number(1.0 + (10.0 * share).round() / 5.0),
                // Later questions have later dates: an end after its start.
                Kind::Date => {
                    dates += 1;
                    Cell::Date(today + Days::new(7 * dates))
                }
                Kind::Email => Cell::Text(format!("client{}@example.com", client + 1)),
                Kind::Url => Cell::Text("www.example.com".to_owned()),
                Kind::Phone => Cell::Text("+44 20 7946 0000".to_owned()),
                Kind::Text if owners.contains(&key) => {
                    Cell::Text(OWNERS[place % OWNERS.len()].to_owned())
                }
                Kind::Text | Kind::LongText => Cell::Text(format!("({})", field.label)),
                Kind::ComputedScore { .. } | Kind::ComputedRoi => continue,
            };
            prefill.set(key, cell);
        }
        prefill
    }
}
