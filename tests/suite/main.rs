//! All tests that need only Rust, in one executable. Each further executable would link the whole library again.

#[path = "../common/mod.rs"]
mod common;

#[cfg(target_os = "linux")]
mod accounts;
mod annotate;
mod answers_csv;
mod architecture;
mod batch;
mod cases;
mod command;
mod compared;
mod crashes;
mod editions;
mod edits;
mod engagement;
mod gallery_decision;
mod gallery_roadmap;
mod golden;
mod honest;
mod hostile;
mod intake;
mod layout;
mod other_questionnaires;
mod outbox;
mod plan_properties;
mod plan_values;
mod reference;
mod rules;
mod scores;
mod seed;
mod shards;
mod template;
mod values;
