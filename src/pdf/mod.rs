//! Creates the PDF of a plan with a custom layout layer on top of printpdf.
//!
//! `fonts` are loaded once, and each worker has a [`Renderer`]. `text` shapes text and breaks lines, `page` draws,
//! `flow` fills pages, `table` and `block` lay out the blocks of a plan, `tags` builds the structure for screen
//! readers, and `document` assembles the file.
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
//! use partnerbook::{brand::Brand, pdf::Renderer};
//!
//! let brand = Brand::bundled()?;
//! let pdf = Renderer::new(&brand.fonts, &brand.look).render(&plan)?;
//! assert!(pdf.starts_with(b"%PDF-"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block;
mod document;
mod fit;
mod flow;
mod fonts;
mod logo;
mod operands;
mod page;
mod page_elements;
mod spacing;
mod table;
mod tags;
mod text;
mod theme;

pub use fonts::{Fonts, NotAFont, can_print};
pub use logo::{Logo, LogoError};
pub use page::TextBox;
pub use theme::{MARGIN, WIDTH, bottom};

use crate::look::{Palette, Paper};

use crate::plan::{Plan, Section};

/// Reason why a plan cannot be rendered as a PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font cannot be used.
    #[error("the font {0} cannot be used")]
    Font(String),
    /// The file cannot be assembled.
    #[error("the PDF cannot be created: {0}")]
    Write(String),
}

/// Appearance of all plans of a run.
#[derive(Debug, Clone)]
pub struct Look {
    /// Paper size.
    pub paper: Paper,
    /// The brand's colors.
    pub palette: Palette,
    /// The brand's logo, for the cover.
    pub logo: Option<Logo>,
}

/// Renders plans as PDFs. Each worker has its own renderer.
pub struct Renderer<'l> {
    engine: text::Engine,
    look: &'l Look,
}

impl<'l> Renderer<'l> {
    /// Creates a renderer with these fonts and this look.
    pub fn new(fonts: &Fonts, look: &'l Look) -> Self {
        Self {
            engine: text::Engine::new(fonts),
            look,
        }
    }

    /// Renders the plan as a PDF file. The same plan and look produce the same bytes.
    ///
    /// # Errors
    /// Returns an error if a font cannot be subset or the file cannot be assembled.
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

    /// Renders the notes for the consultant as a PDF file, without a cover.
    ///
    /// # Errors
    /// Returns an error if a font cannot be subset or the file cannot be assembled.
    pub fn render_notes(&mut self, plan: &Plan) -> Result<Vec<u8>, PdfError> {
        let look = self.look;
        let flow = self.sections(plan, &plan.notes, &plan.notes_foot, false);
        let layout = document::Layout {
            pages: flow.pages,
            tags: flow.tags,
            outline: flow.outline,
            anchors: flow.anchors,
        };
        document::write(plan, look, &self.engine, layout)
    }

    /// Returns the bounds of all lines of text, by page, for layout tests.
    pub fn text_boxes(&mut self, plan: &Plan) -> Vec<Vec<TextBox>> {
        let pages = self.flow(plan).pages;
        pages.into_iter().map(|page| page.boxes).collect()
    }

    fn flow<'a>(&'a mut self, plan: &'a Plan) -> flow::Flow<'a> {
        self.sections(plan, &plan.sections, &plan.confidentiality, true)
    }

    fn sections<'a>(
        &'a mut self,
        plan: &'a Plan,
        sections: &'a [Section],
        confidentiality: &str,
        cover: bool,
    ) -> flow::Flow<'a> {
        self.engine.start_document();
        let mut flow = flow::Flow::new(&mut self.engine, plan, self.look);
        if cover {
            page_elements::cover(&mut flow);
        }
        for section in sections {
            fit::section(&mut flow, section);
        }
        page_elements::page_references(&mut flow);
        page_elements::running_heads(&mut flow, confidentiality);
        flow
    }
}
