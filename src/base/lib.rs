//! What the library `partnerbook` builds on: the questionnaire, and the modules below it.
//!
//! A crate of its own, because cargo compiles it beside the dependencies of the library. Use it through `partnerbook`,
//! which exports its public modules.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::too_many_lines
    )
)]

pub mod bounded;
pub mod excel;
pub mod fingerprint;
pub mod questionnaire;
pub mod text;
