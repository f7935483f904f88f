//! Plan → PDF: a small layout layer of our own over printpdf's low-level operations.
//!
//! `fonts` are parsed once a process; each worker has a [`Renderer`]. `text` shapes and breaks lines, `page` draws,
//! `flow` fills pages, `table` and `block` lay out what a plan has, `tags` builds the structure that screen
//! readers follow, and `document` puts the file together.

mod block;
mod document;
mod flow;
mod fonts;
mod furniture;
mod page;
mod table;
mod tags;
mod text;
mod theme;

pub use fonts::Fonts;

use crate::plan::Plan;

/// A plan could not be made into a PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font cannot be used.
    #[error("the font {0} cannot be used")]
    Font(String),
    /// The file could not be put together.
    #[error("the PDF cannot be put together: {0}")]
    Write(String),
}

/// Makes PDFs, one after another; each worker has its own.
pub struct Renderer {
    engine: text::Engine,
}

impl Renderer {
    /// A renderer with these fonts.
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            engine: text::Engine::new(fonts),
        }
    }

    /// The plan as a PDF file. The same plan gives the same bytes.
    ///
    /// # Errors
    /// When a font cannot be subset, or the file cannot be written.
    pub fn render(&mut self, plan: &Plan) -> Result<Vec<u8>, PdfError> {
        self.engine.start_document();
        let mut flow = flow::Flow::new(&mut self.engine, plan);
        furniture::cover(&mut flow);
        furniture::reserve_contents(&mut flow);
        for section in &plan.sections {
            furniture::section_heading(&mut flow, section);
            for block in &section.blocks {
                block::draw(&mut flow, block);
            }
        }
        furniture::contents(&mut flow);
        furniture::running_heads(&mut flow);
        let flow::Flow {
            pages,
            tags,
            outline,
            ..
        } = flow;
        document::write(plan, &self.engine, pages, tags, &outline)
    }
}
