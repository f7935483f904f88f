//! Plan → PDF: a layout layer of our own over printpdf.
//!
//! `fonts` are parsed once a process; each worker has a [`Renderer`]. `text` shapes and breaks lines, `page` draws,
//! `flow` fills pages, `table` and `block` lay out what a plan has, `tags` builds the structure that screen
//! readers follow, and `document` puts the file together.

mod block;
mod document;
mod flow;
mod fonts;
mod logo;
mod page;
mod page_elements;
mod table;
mod tags;
mod text;
mod theme;

pub use fonts::{Fonts, NotAFont, can_print};
pub use logo::{Logo, LogoError};
pub use page::TextBox;
pub use theme::{MARGIN, WIDTH, bottom};

use crate::look::{Palette, Paper};

use crate::plan::Plan;

/// A plan could not be made into a PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font cannot be used.
    #[error("the font {0} cannot be used")]
    Font(String),
    /// The file could not be put together.
    #[error("the PDF cannot be created: {0}")]
    Write(String),
}

/// What all plans of a run look like.
#[derive(Debug, Clone)]
pub struct Look {
    /// Size of the paper.
    pub paper: Paper,
    /// The brand's colors.
    pub palette: Palette,
    /// The brand's logo, on the cover.
    pub logo: Option<Logo>,
}

/// Makes PDFs, one after another; each worker has its own.
pub struct Renderer<'l> {
    engine: text::Engine,
    look: &'l Look,
}

impl<'l> Renderer<'l> {
    /// A renderer with these fonts and this look.
    pub fn new(fonts: &Fonts, look: &'l Look) -> Self {
        Self {
            engine: text::Engine::new(fonts),
            look,
        }
    }

    /// The plan as a PDF file. The same plan and look give the same bytes.
    ///
    /// # Errors
    /// When a font cannot be subset, or the file cannot be written.
    pub fn render(&mut self, plan: &Plan) -> Result<Vec<u8>, PdfError> {
        let look = self.look;
        let flow = self.flow(plan);
        let flow::Flow {
            pages,
            tags,
            outline,
            anchors,
            ..
        } = flow;
        let layout = document::Layout {
            pages,
            tags,
            outline,
            anchors,
        };
        document::write(plan, look, &self.engine, layout)
    }

    /// Where every line of text lies, page by page: for tests of the layout.
    pub fn text_boxes(&mut self, plan: &Plan) -> Vec<Vec<TextBox>> {
        let pages = self.flow(plan).pages;
        pages.into_iter().map(|page| page.boxes).collect()
    }

    fn flow<'a>(&'a mut self, plan: &'a Plan) -> flow::Flow<'a> {
        self.engine.start_document();
        let mut flow = flow::Flow::new(&mut self.engine, plan, self.look);
        page_elements::cover(&mut flow);
        page_elements::reserve_contents(&mut flow);
        for section in &plan.sections {
            if section.empty {
                page_elements::empty_section(&mut flow, section);
                continue;
            }
            page_elements::section_heading(&mut flow, section);
            for block in &section.blocks {
                block::draw(&mut flow, block);
            }
        }
        page_elements::contents(&mut flow);
        page_elements::running_heads(&mut flow);
        flow
    }
}
