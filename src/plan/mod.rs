//! Answers + scores + issues + dates → [`Plan`]: all that a report says, as pure data. Renderers see nothing else.

mod block;
mod build;
mod change;
mod earlier;
mod fill;
mod message;
mod model;
mod recommend;
mod roadmap;
mod variables;

pub use block::*;
pub use build::{Compared, Inputs, Sender, build};
pub use change::*;
pub use earlier::*;
pub use model::*;
