//! Excel templates out, partnership plans and a portfolio workbook back.
//!
//! A **questionnaire** ([`questionnaire`]) holds the worksheets as data. From it come the blank workbook ([`template`]), the reader
//! ([`intake`]), the checks ([`check`]), the scores ([`score`]), and the plan ([`plan`]) with everything made from it.
//! The way of the data, one way only:
//!
//! ```text
//! questionnaire ──► template ──► workbook, filled in by the client
//!     │
//!     ▼
//! workbook ─► intake ─► Answers ─► check ─► Issues ┐
//!                          └─────► score ─► Scorecard ├─► plan::Plan ─► pdf · portfolio · calendar · results · dataset ─► outbox
//!                    today's date, earlier results ──┘
//! ```
//!
//! Reading and writing touch files; everything between is pure. Renderers see a [`plan::Plan`] and never a workbook.
//! A plan may compare its client with an earlier run ([`record`]) and with all clients ([`benchmark`]).
//! [`batch`] does it for many files at once and remembers what it made from what; [`output`] writes files whole or not at all;
//! [`outbox`] brings the plans to the clients, each once; [`config`] is what a consultant sets once. [`cli`] is the command
//! line and the only room that prints.
//!
//! ```
//! use partnerbook::{questionnaire::Questionnaire, template};
//!
//! let questionnaire = Questionnaire::built_in()?;
//! let blank = template::workbook(&questionnaire, &template::Prefill::blank(&questionnaire), &partnerbook::look::Palette::DEFAULT)?;
//! assert!(blank.starts_with(b"PK"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

pub mod annotate;
pub mod answers;
pub mod batch;
pub mod benchmark;
mod bounded;
pub mod brand;
pub mod calendar;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
#[cfg(feature = "dataset")]
pub mod dataset;
pub mod display;
pub mod email_address;
mod excel;
pub mod facts;
mod fingerprint;
pub mod intake;
pub mod issue;
pub mod look;
#[cfg(feature = "mail")]
pub mod outbox;
pub mod output;
mod panics;
pub mod pdf;
pub mod plan;
pub mod portfolio;
pub mod questionnaire;
pub mod record;
pub mod score;
pub mod sheet_map;
pub mod statistics;
pub mod template;
pub mod text;
