//! Answers + scores + issues + dates → [`Plan`]: the content of a plan as pure data. Renderers use nothing else.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! # let plan = partnerbook::plan::build(partnerbook::plan::Inputs {
//! #     questionnaire: &questionnaire,
//! #     answers,
//! #     issues: reading.issues,
//! #     source: partnerbook::record::Source {
//! #         file: "halvorsen-sensors.xlsx".into(),
//! #         path: "samples/halvorsen-sensors.xlsx".into(),
//! #         sha256: reading.sha256,
//! #     },
//! #     today: "2026-11-23".parse()?,
//! #     sender: &partnerbook::plan::Sender::default(),
//! #     compared: partnerbook::plan::Compared::default(),
//! #     prints: partnerbook::pdf::can_print,
//! # });
//! // `plan::build(inputs)` is pure: the same inputs make the same plan.
//! assert_eq!(plan.record.client.name, "Halvorsen Sensors AS");
//! assert!(!plan.sections.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advise;
mod block;
mod build;
mod fill;
mod message;
mod model;
mod plan_facts;
mod roadmap;
mod targets;

pub use block::*;
pub(crate) use build::scores;
pub use build::{Compared, Inputs, Sender, build};
pub use model::*;
