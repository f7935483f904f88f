//! User-visible output as reviewable golden files: issues, results, and the text of the plan.

use std::fmt::Write;

use partnerbook::plan::{Block, Plan};
use partnerbook::record::{Output, Outputs};

use crate::common;

#[test]
fn results_of_every_sample() {
    let questionnaire = common::questionnaire();
    for name in common::SAMPLES {
        let mut record = common::plan_of_sample(&questionnaire, name).record;
        record.outputs = Outputs {
            plan: Some(Output {
                relative_path: "plans/x.pdf".into(),
                sha256: "0f".into(),
            }),
            calendar: Some(Output {
                relative_path: "calendars/x.ics".into(),
                sha256: "1e".into(),
            }),
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
            &text(&common::plan_of_sample(&questionnaire, name)),
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
fn text(plan: &Plan) -> String {
    let mut out = format!("{}\n{}\n", plan.cover.title, plan.cover.subtitle);
    for (label, fact) in &plan.cover.facts {
        writeln!(out, "{label}: {fact}").unwrap();
    }
    writeln!(out, "{}", plan.cover.note).unwrap();
    for section in &plan.sections {
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
        Block::Ranking { rows, .. } => rows
            .iter()
            .for_each(|row| line(format!("{} ({}) {}", row.label, row.note, row.total))),
        Block::Notes(notes) => notes.iter().for_each(|note| line(format!("* {note}"))),
        other => line(format!("{other:#?}")),
    }
}
