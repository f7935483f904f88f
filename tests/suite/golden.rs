//! User-visible output as reviewable golden files: issues, results, and the text of the plan.

use std::fmt::Write;

use partnerbook::plan::{Block, Plan, Section};
use partnerbook::record::{Output, Outputs};

use crate::common;

#[test]
fn results_of_every_sample() {
    let questionnaire = common::questionnaire();
    for name in common::SAMPLES {
        let mut record = common::plan_of_sample(questionnaire, name).record;
        record.outputs = Outputs {
            plan: Some(Output {
                relative_path: "plans/x.pdf".into(),
                sha256: "0f".into(),
            }),
            calendar: Some(Output {
                relative_path: "calendars/x.ics".into(),
                sha256: "1e".into(),
            }),
            notes: None,
        };
        let line = serde_json::to_string_pretty(&record).unwrap();
        common::golden(&format!("{name}.json"), &(line + "\n"));
    }
}

#[test]
fn text_of_every_plan() {
    let questionnaire = common::questionnaire();
    for name in common::SAMPLES {
        common::golden(
            &format!("{name}.plan.txt"),
            &text(&common::plan_of_sample(questionnaire, name)),
        );
    }
}

#[test]
fn issues_for_people() {
    for name in ["verano-solar", "mapleworks-foundry"] {
        let output = common::partnerbook(
            &[
                "check",
                "--date",
                "2026-11-23",
                &format!("samples/{name}.xlsx"),
            ],
            &common::root(),
        );
        assert_eq!(output.status.code(), Some(1));
        common::golden(
            &format!("{name}.check.txt"),
            &String::from_utf8(output.stdout).unwrap(),
        );
    }
}

/// Formats the plan as plain text, block by block.
pub fn text(plan: &Plan) -> String {
    let mut out = format!("{}\n{}\n", plan.cover.title, plan.cover.subtitle);
    for (label, fact) in &plan.cover.facts {
        writeln!(out, "{label}: {fact}").unwrap();
    }
    writeln!(out, "{}", plan.cover.note).unwrap();
    out + &sections_text(plan.sections.iter())
}

/// Formats sections as plain text.
pub fn sections_text<'a>(sections: impl Iterator<Item = &'a Section>) -> String {
    let mut out = String::new();
    for section in sections {
        writeln!(out, "\n# {} | {}", section.title, section.headline).unwrap();
        for line in section.lead.iter().chain(&section.points) {
            writeln!(out, "{line}").unwrap();
        }
        for block in &section.blocks {
            write_block(&mut out, block);
        }
    }
    out
}

fn write_block(out: &mut String, block: &Block) {
    let mut line = |text: String| writeln!(out, "{text}").unwrap();
    match block {
        Block::Tiles(tiles) => tiles.iter().for_each(|tile| {
            line(format!(
                "[{}] {} {} | {}",
                tile.label, tile.value, tile.unit, tile.note
            ))
        }),
        Block::Text { title, paragraphs } => {
            line(format!("## {}", title.as_deref().unwrap_or("")));
            paragraphs
                .iter()
                .for_each(|paragraph| line(paragraph.clone()));
        }
        Block::Quiet(text) => line(format!("({text})")),
        Block::Bars { bars, .. } => bars
            .iter()
            .for_each(|bar| line(format!("{} {}", bar.label, bar.text))),
        Block::Lists(lists) => {
            for list in lists {
                line(format!("## {}", list.title));
                list.own.iter().for_each(|own| line(format!("- {own}")));
            }
        }
        Block::Fields { title, groups } => {
            line(format!("## {}", title.as_deref().unwrap_or("")));
            for group in groups {
                line(format!(
                    "### {} {}",
                    group.heading.as_deref().unwrap_or(""),
                    group.title
                ));
                group
                    .rows
                    .iter()
                    .for_each(|(label, text)| line(format!("{label}: {text}")));
                group
                    .unanswered
                    .iter()
                    .for_each(|text| line(format!("({text})")));
            }
        }
        Block::Table { title, table } => {
            line(format!("## {}", title.as_deref().unwrap_or("")));
            line(
                table
                    .columns
                    .iter()
                    .map(|(heading, _)| heading.clone())
                    .collect::<Vec<_>>()
                    .join(" | "),
            );
            table.rows.iter().for_each(|row| {
                line(
                    row.iter()
                        .map(|cell| format!("{} {}", cell.text, cell.note).trim().to_owned())
                        .collect::<Vec<_>>()
                        .join(" | "),
                )
            });
        }
        Block::Sentences(sentences) => sentences
            .iter()
            .for_each(|(label, sentence)| line(format!("{label}: {sentence}"))),
        Block::Ranking { rows, .. } => rows.iter().for_each(|row| {
            line(format!(
                "{} {} ({}) {}",
                row.rank, row.label, row.note, row.total
            ))
        }),
        Block::Notes(notes) => notes.iter().for_each(|note| line(format!("* {note}"))),
        Block::Reasons { title, rows } => {
            line(format!("## {title}"));
            rows.iter().for_each(|row| {
                line(format!("{}: {} {}", row.label, row.text, at(&row.section)));
            });
        }
        Block::Moves { title, moves } => {
            line(format!("## {title}"));
            moves.iter().for_each(|own| {
                line(format!(
                    "- {} | {} | {}",
                    own.text, own.owner, own.date_text
                ));
            });
        }
        Block::Requests { title, requests } => {
            line(format!("## {title}"));
            requests
                .iter()
                .for_each(|own| line(format!("- {} {}", own.text, at(&own.section))));
        }
        Block::Bridge {
            title,
            caption,
            bars,
        } => {
            line(format!("## {title} | {caption}"));
            for bar in bars {
                let inside = bar.inside.join(" ");
                line(format!(
                    "{}: {} ({} to {}, {:?}) {inside}",
                    bar.label, bar.text, bar.from, bar.to, bar.kind
                ));
            }
        }
        Block::Balances(own) => {
            line(format!("## {} | {}", own.title, own.caption));
            for panel in &own.panels {
                let last = panel.own.last().unwrap();
                line(format!(
                    "{} {} | {} | {last:.0} at the end",
                    panel.title, panel.verdict, panel.note
                ));
            }
        }
        Block::Gauges {
            title,
            gauges,
            table,
        } => {
            line(format!("## {title}"));
            gauges
                .iter()
                .for_each(|own| line(format!("{} {}", own.figure, own.text)));
            table.iter().for_each(|table| line(cells(&table.rows)));
        }
        Block::Cards { title, cards } => {
            line(format!("## {title}"));
            for card in cards {
                let text = card.text.replace('\n', " / ");
                line(format!("[{}] {} | {text}", card.label, card.strong));
            }
        }
        Block::Pairs(own) => {
            line(format!(
                "## {} | {}",
                own.title,
                own.names.join(" against ")
            ));
            for (label, [(_, first), (_, second)]) in &own.rows {
                line(format!("{label}: {first} against {second}"));
            }
            if let Some(quote) = &own.quote {
                line(format!("{}: “{}” {}", quote.title, quote.text, quote.note));
            }
        }
        Block::Quadrants(own) => {
            line(format!("## {} | {}", own.title, own.caption));
            for point in &own.points {
                line(format!(
                    "{}: {:.2}, {:.2}{}",
                    point.label,
                    point.x,
                    point.y,
                    if point.strong { " *" } else { "" }
                ));
            }
            own.aside
                .iter()
                .for_each(|(name, text)| line(format!("{name} {text}")));
        }
        Block::Timeline(own) => {
            line(format!("## {} | {}", own.title, own.caption));
            for row in &own.rows {
                line(format!(
                    "{} {}: {} to {} | {} | {}",
                    row.label, row.value, row.from, row.to, row.start_text, row.end_text
                ));
            }
        }
        Block::EffortGrid(own) => {
            line(format!("## {}", own.title));
            for (row, name) in own.cells.iter().zip(&own.rows) {
                for (cell, column) in row.iter().zip(&own.columns) {
                    let names: Vec<&str> = cell.iter().map(|item| &*item.label).collect();
                    if !names.is_empty() {
                        line(format!("{name}, {column}: {}", names.join(", ")));
                    }
                }
            }
            for (title, words) in &own.words {
                line(format!("{title}: {}", words.join(" ")));
            }
        }
        Block::GapCards { title, cards, .. } => {
            line(format!("## {title}"));
            for card in cards {
                line(format!(
                    "{} {}: {}, {} | {} {} | {} {}",
                    card.number,
                    card.name,
                    card.rating_text,
                    card.status,
                    card.why,
                    card.good,
                    card.first,
                    card.who
                ));
            }
        }
        Block::TierBars(own) => {
            line(format!("## {} | {}", own.title, own.caption));
            for tier in &own.tiers {
                line(format!(
                    "{} {}: {} kept, {} left",
                    tier.label, tier.note, tier.kept_text, tier.left_text
                ));
            }
        }
        Block::Offer { title, pieces } => {
            let words: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
            line(format!("## {title}\n{words}"));
        }
        Block::Equation {
            title,
            factors,
            result,
        } => {
            let factors: Vec<String> = factors
                .iter()
                .map(|(number, label)| format!("{number} {label}"))
                .collect();
            line(format!("## {title}"));
            line(format!(
                "{} = {} {}",
                factors.join(" × "),
                result.0,
                result.1
            ));
        }
        Block::AgainstTarget(own) => {
            for (label, _, text, note) in &own.bars {
                line(format!("{label}: {text} {note}"));
            }
            line(own.target.1.clone());
        }
        Block::Schedule(own) => {
            line(format!("## {}", own.title));
            for row in &own.rows {
                line(format!(
                    "{} {} | {} | {} to {} | {} {} {:?} {}",
                    row.number,
                    row.label,
                    row.owner,
                    row.bar.0,
                    row.bar.1,
                    row.due_text,
                    row.expected_text,
                    row.state,
                    row.urgency
                ));
            }
            for (_, name, date) in &own.reviews {
                line(format!("{name}: {date}"));
            }
        }
        Block::Load(own) => {
            line(format!("## {}", own.title));
            for row in &own.rows {
                line(format!(
                    "{}: {} open, {} at once",
                    row.owner, row.open, row.peak
                ));
            }
        }
        Block::RiskBoard(own) => {
            line(format!("## {}", own.list_title));
            for risk in &own.risks {
                line(format!(
                    "{} × {}: {} | {} | {} | {}",
                    risk.likelihood,
                    risk.impact,
                    risk.title,
                    risk.consequence,
                    risk.mitigation,
                    risk.owner
                ));
            }
            own.more
                .2
                .iter()
                .for_each(|title| line(format!("+ {title}")));
        }
    }
}

/// Names the section that a reason or a request refers to.
fn at(section: &Option<String>) -> String {
    section
        .as_ref()
        .map_or_else(String::new, |id| format!("(→ {id})"))
}

fn cells(rows: &[Vec<partnerbook::plan::TableCell>]) -> String {
    let row = |row: &Vec<partnerbook::plan::TableCell>| {
        let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
        texts.join(" | ")
    };
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
