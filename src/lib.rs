//! Creates Excel workbooks for clients, and partnership plans and a portfolio workbook from their answers.
//!
//! A **questionnaire** ([`questionnaire`]) contains the worksheets, scores, rules, and texts as data.
//! The data flows one way:
//!
//! ```text
//! questionnaire ──► template ──► workbook, filled in by the client
//!     │
//!     ▼
//! workbook ─► intake ─► Answers ─► check ─► Issues        ┐
//!                          ├─────► score ─► Scorecard     ├─► plan ─► Record + Plan ─► pdf · calendar · dataset · portfolio
//!                          └─────► analysis ─► Analysis   │                               └─► outbox
//!                 report date, previous records ──────────┘
//! ```
//!
//! Reading and writing access files; all other steps are pure. Renderers use a [`plan::Plan`] or a [`record::Record`],
//! never a workbook. [`sheet_map`] defines the positions of fields in a workbook. [`facts`] gives the values that texts
//! and conditions refer to. [`batch`] processes many files and caches what it created from which input; [`output`]
//! writes files atomically.
//!
//! The features `cli`, `mail`, and `dataset` add the command line, emails, and CSV and Parquet files.
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
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::too_many_lines
    )
)]

#[cfg(feature = "mail")]
pub mod account;
pub mod analysis;
pub mod annotate;
pub mod answers;
pub mod batch;
pub mod benchmark;
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
#[cfg(feature = "engagement")]
pub mod engagement;
pub mod facts;
pub mod intake;
pub mod issue;
#[cfg(feature = "mail")]
mod keyring;
pub mod look;
#[cfg(feature = "mail")]
pub mod outbox;
pub mod output;
mod panics;
pub mod pdf;
pub mod plan;
pub mod portfolio;
pub mod record;
pub mod score;
pub mod sheet_map;
pub mod statistics;
pub mod template;

pub use partnerbook_base::{questionnaire, text};

use partnerbook_base::{bounded, excel, fingerprint};
