//! Cover, table of contents, section headings, running heads, and running feet.

use super::block::{self, references::anchor};
use super::flow::{Entry, Flow, section_anchor};
use super::page::{Link, Target};
use super::tags::Child;
use super::text::{Paragraph, Style};
use super::theme::*;
use crate::plan::{Block, ISSUES, Section};

/// Height of the colored band on the cover, as a share of the paper height.
const COVER_PART: f32 = 0.56;
/// Padding of the white panel behind a logo.
const PANEL: f32 = 10.0;
/// Maximum width and height of the logo.
const LOGO: (f32, f32) = (180.0, 56.0);

pub fn cover(flow: &mut Flow) {
    flow.new_page();
    let plan = flow.plan;
    let edge = (flow.look.paper.height * COVER_PART / STEP).round() * STEP;
    if let Some(page) = flow.pages.last_mut() {
        page.no_running_heads = true;
    }
    flow.artifact(|page| {
        page.band(0.0, edge, Color::Primary);
        page.rect(MARGIN, edge - 5.0, 114.0, 5.0, Color::Accent);
    });
    let below = logo(flow);
    if !plan.cover.consultant.is_empty() {
        let style = LEAD.strong().color(Color::White);
        place(
            flow,
            "P",
            &plan.cover.consultant,
            style,
            (MARGIN, below),
            WIDTH,
        );
    }
    // Title and name are aligned to the edge of the band, regardless of their number of lines.
    let title = flow.engine.shape(&plan.cover.title, TITLE, WIDTH);
    let name = flow.engine.shape(&plan.cover.subtitle, NAME, WIDTH);
    let name_y = edge - 18.0 * STEP - name.height();
    let title_y = name_y - 4.0 * STEP - title.height();
    let node = flow.node("H1");
    flow.draw(node, |page| page.paragraph(&title, MARGIN, title_y));
    let node = flow.node("P");
    flow.draw(node, |page| page.paragraph(&name, MARGIN, name_y));
    if !plan.cover.note.is_empty() {
        let style = LEAD.color(Color::White);
        let below = (MARGIN, edge - 15.0 * STEP);
        place(flow, "P", &plan.cover.note, style, below, WIDTH);
    }

    let deepest = cover_facts(flow, edge);
    if let Some((draft, note)) = &plan.draft {
        let style = HEADLINE.color(Color::Bad);
        let below = place(
            flow,
            "P",
            draft,
            style,
            (MARGIN, deepest + 7.0 * STEP),
            WIDTH,
        );
        let words = flow.engine.shape(note, BODY, WIDTH);
        let node = flow.node("P");
        let area = (MARGIN, below, MARGIN + words.width, below + words.height());
        let target = Target::Anchor(anchor(ISSUES));
        flow.link(node, target, note.clone(), area, |page| {
            page.paragraph(&words, MARGIN, below)
        });
    }
    imprint(flow);
    flow.y = flow.bottom();
}

/// Draws the logo and returns the top of the consultant's name.
fn logo(flow: &mut Flow) -> f32 {
    let Some(logo) = &flow.look.logo else {
        return 20.0 * STEP;
    };
    let width = LOGO.0.min(LOGO.1 * logo.aspect);
    let height = width / logo.aspect;
    let (alt, node) = (flow.plan.cover.logo_text.clone(), flow.node("Figure"));
    flow.tags.describe(node, alt);
    let top = 16.0 * STEP;
    if logo.panel {
        flow.artifact(|page| {
            let (width, height) = (width + 2.0 * PANEL, height + 2.0 * PANEL);
            page.rect(MARGIN - PANEL, top - PANEL, width, height, Color::White)
        });
    }
    flow.draw(node, |page| page.logo(MARGIN, top, width, height));
    top + height + 4.0 * STEP
}

/// Draws the bottom of the cover: the contact details.
fn imprint(flow: &mut Flow) {
    let contacts = flow.plan.cover.contact.iter();
    let lines: Vec<_> = contacts.filter(|own| !own.text.is_empty()).collect();
    let shaped: Vec<_> = lines
        .iter()
        .map(|own| flow.engine.shape(&own.text, SMALL, WIDTH))
        .collect();
    let height: f32 = shaped.iter().map(|text| text.height() + STEP).sum();
    let mut y = flow.look.paper.height - 10.0 * STEP - height;
    for (own, words) in lines.into_iter().zip(&shaped) {
        let node = flow.node("P");
        match &own.uri {
            Some(uri) => {
                let area = (MARGIN, y, MARGIN + words.width, y + words.height());
                let uri = Target::Uri(uri.clone());
                flow.link(node, uri, own.text.clone(), area, |page| {
                    page.paragraph(words, MARGIN, y)
                });
            }
            None => flow.draw(node, |page| page.paragraph(words, MARGIN, y)),
        }
        y += words.height() + STEP;
    }
}

/// Draws the cover facts in columns, label above text. Longer texts get wider columns if all fit on one line.
///
/// Returns the bottom of the tallest column.
fn cover_facts(flow: &mut Flow, edge: f32) -> f32 {
    const GAP: f32 = 20.0;
    const TEXT: Style = LEAD.strong().color(Color::Ink);
    let facts = &flow.plan.cover.facts;
    let wishes: Vec<f32> = facts
        .iter()
        .map(|(label, text)| {
            let (label, text) = (
                flow.engine.widths(label, SMALL),
                flow.engine.widths(text, TEXT),
            );
            label.1.max(text.1) + 1.0
        })
        .collect();
    let room = WIDTH - GAP * facts.len().saturating_sub(1) as f32;
    let even = room / facts.len().max(1) as f32;
    let wanted: f32 = wishes.iter().sum();
    let (top, mut deepest) = (edge + 12.0 * STEP, edge + 12.0 * STEP);
    let mut x = MARGIN;
    for ((label, text), wish) in facts.iter().zip(&wishes) {
        let width = if wanted <= room {
            wish + (room - wanted) / facts.len() as f32
        } else {
            even
        };
        let below = place(flow, "P", label, SMALL, (x, top), width);
        deepest = deepest.max(place(flow, "P", text, TEXT, (x, below + STEP), width));
        x += width + GAP;
    }
    deepest
}

/// Draws a text and returns its bottom.
fn place(
    flow: &mut Flow,
    role: &'static str,
    text: &str,
    style: Style,
    (x, y): (f32, f32),
    width: f32,
) -> f32 {
    let paragraph = flow.engine.shape(text, style, width);
    let node = flow.node(role);
    flow.draw(node, |page| page.paragraph(&paragraph, x, y));
    y + paragraph.height()
}

/// Draws a section without answers: its title next to a short text.
pub fn empty_section(flow: &mut Flow, section: &Section) {
    const TITLE_WIDTH: f32 = 150.0;
    let title = flow.engine.shape(
        &section.title,
        BODY.strong().color(Color::Primary),
        TITLE_WIDTH,
    );
    let words: Vec<&str> = section
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Quiet(line) => Some(line.as_str()),
            _ => None,
        })
        .collect();
    let words = flow.engine.shape(
        &words.join(" "),
        BODY.color(Color::Quiet),
        WIDTH - TITLE_WIDTH - 12.0,
    );
    flow.section.clone_from(&section.title);
    flow.gap(2.0 * STEP);
    flow.snap_to_grid();
    flow.need(title.height().max(words.height()));
    begin_section(flow, section);
    let y = flow.y;
    let node = flow.node("H1");
    flow.draw(node, |page| page.paragraph(&title, MARGIN, y));
    let node = flow.node("P");
    flow.draw(node, |page| {
        page.paragraph(&words, MARGIN + TITLE_WIDTH + 12.0, y)
    });
    flow.y += title.height().max(words.height());
}

/// Draws the numbers of pages that texts refer to. The pages of all sections must be known.
pub fn page_references(flow: &mut Flow) {
    for reference in std::mem::take(&mut flow.references) {
        // A section without content is not in the plan, so there is nothing to refer to.
        let Some(&(page, y)) = flow.anchors.get(&section_anchor(&reference.section)) else {
            continue;
        };
        let text = format!("{} {}", flow.plan.page_word, page + 1);
        let words = flow
            .engine
            .shape_cut(&text, reference.style, reference.width);
        let (right, top) = reference.place;
        let node = flow.tags.add(reference.parent, "Link");
        let own = &mut flow.pages[reference.page];
        own.tagged(&mut flow.tags, node, reference.page, |page| {
            page.paragraph_right(&words, right, top)
        });
        own.links.push(Link {
            area: (right - words.width, top, right, top + words.height()),
            target: Target::Place(page, y),
            description: text,
        });
        let link = Child::Link {
            page: reference.page,
            index: own.links.len() - 1,
        };
        flow.tags.push(node, link);
    }
}

/// Adds a bookmark, an anchor, and a structure node for a section.
fn begin_section(flow: &mut Flow, section: &Section) {
    flow.anchor(section_anchor(&section.id));
    let (y, page) = (flow.y, flow.page_index());
    flow.outline.push(Entry {
        title: section.title.clone(),
        page,
        y,
        level: 0,
    });
    flow.parent = flow.tags.root();
    flow.parent = flow.node("Sect");
}

/// Width of the texts below a headline. Shorter lines are easier to read.
const HEAD_WIDTH: f32 = WIDTH * 0.94;
/// Distance from a dash to its text.
const DASH: f32 = 11.0;

/// The texts above the content of a section.
struct Head {
    question: Option<Paragraph>,
    headline: Paragraph,
    lead: Option<Paragraph>,
    points: Vec<Paragraph>,
}

impl Head {
    fn shape(flow: &mut Flow, section: &Section) -> Self {
        let lines = flow.spacing.lines;
        let indent = if section.points.len() > 1 { DASH } else { 0.0 };
        let engine = &mut flow.engine;
        let question = Some(&section.question).filter(|question| !question.is_empty());
        let lead = section.lead.as_ref();
        Self {
            question: question.map(|text| engine.shape_limited(text, QUESTION, WIDTH, lines)),
            headline: engine.shape_balanced(&section.headline, HEADLINE, WIDTH),
            lead: lead.map(|text| engine.shape_limited(text, BODY, HEAD_WIDTH, lines)),
            points: section
                .points
                .iter()
                .map(|text| engine.shape_limited(text, BODY, HEAD_WIDTH - indent, lines))
                .collect(),
        }
    }

    fn height(&self) -> f32 {
        let question = self.question.as_ref().map_or(0.0, Paragraph::height);
        let lead = self.lead.as_ref();
        let points: f32 = self.points.iter().map(|point| point.height() + STEP).sum();
        question
            + self.headline.height()
            + 2.0 * STEP
            + lead.map_or(0.0, Paragraph::height)
            + points
    }

    fn draw(&self, flow: &mut Flow) {
        if let Some(question) = &self.question {
            stacked(flow, "P", question);
        }
        stacked(flow, "H1", &self.headline);
        flow.y += 2.0 * STEP;
        if let Some(lead) = &self.lead {
            stacked(flow, "P", lead);
        }
        match self.points.as_slice() {
            [] => {}
            [point] => stacked(flow, "P", point),
            points => dashes(flow, points),
        }
    }
}

/// Draws a paragraph and advances below it.
fn stacked(flow: &mut Flow, role: &'static str, paragraph: &Paragraph) {
    let (node, y) = (flow.node(role), flow.y);
    flow.draw(node, |page| page.paragraph(paragraph, MARGIN, y));
    flow.y += paragraph.height();
}

/// Draws a list with dashes.
fn dashes(flow: &mut Flow, points: &[Paragraph]) {
    let dash = flow
        .engine
        .shape_line("–", BODY.strong().color(Color::Primary));
    let list = flow.node("L");
    for point in points {
        let y = flow.y;
        let item = flow.tags.add(list, "LI");
        let (label, body) = (flow.tags.add(item, "Lbl"), flow.tags.add(item, "LBody"));
        flow.draw(label, |page| page.paragraph(&dash, MARGIN, y));
        flow.draw(body, |page| page.paragraph(point, MARGIN + DASH, y));
        flow.y += point.height() + STEP / 2.0;
    }
    flow.snap_to_grid();
}

/// Space above the heading of a section in the middle of a page.
pub const SECTION_GAP: f32 = 10.0 * STEP;

pub fn section_heading(flow: &mut Flow, section: &Section, on_new_page: bool) {
    let head = Head::shape(flow, section);
    // New pages have this section's title in the running head. The current page keeps its own.
    flow.section.clone_from(&section.title);
    if on_new_page {
        flow.new_page();
    } else {
        flow.gap(SECTION_GAP);
        flow.snap_to_grid();
        // A heading near the foot of a page needs the start of its content below it.
        let first = section
            .blocks
            .first()
            .map_or(0.0, |first| block::least(flow, first));
        flow.need(head.height() + 6.0 * STEP + first);
    }
    begin_section(flow, section);
    head.draw(flow);
    flow.y += flow.spacing.gap.min(4.0 * STEP);
    flow.heading_end = flow.y;
}

/// Width of the shortest part of the consultant's name that is printed if there is no room for all of it.
const MIN_NAME: f32 = 60.0;

/// Draws running heads and feet. The number of pages must be known.
pub fn running_heads(flow: &mut Flow, confidentiality: &str) {
    let count = flow.pages.len();
    let plan = flow.plan;
    let half = WIDTH / 2.0 - 10.0;
    let height = flow.look.paper.height;
    let (head, foot) = (30.0, height - 40.0);
    let sections = plan.sections.iter().map(|section| section.title.as_str());
    let widest = sections
        .map(|title| flow.engine.widths(title, SMALL).1)
        .fold(60.0, f32::max)
        .min(half);
    let client = flow
        .engine
        .shape_cut(&plan.running_head, SMALL, WIDTH - widest - 20.0);
    let draft = plan.draft.as_ref().map(|(draft, _)| {
        flow.engine
            .shape_cut(draft, SMALL.strong().color(Color::Bad), 60.0)
    });
    // In a draft, DRAFT is in the middle of the foot. Otherwise, the left part may extend to the page number.
    let left = if plan.draft.is_some() {
        half - 40.0
    } else {
        WIDTH - 70.0
    };
    let is_alone = confidentiality.is_empty();
    let confidentiality = flow.engine.shape_cut(confidentiality, SMALL, left);
    // The confidentiality note has priority over the consultant's name, which gets the remaining width.
    let room = left - 6.0 - confidentiality.width;
    let name_width = flow.engine.widths(&plan.cover.consultant, SMALL).1;
    let is_fragment = room < name_width && room < MIN_NAME;
    let consultant = if plan.cover.consultant.is_empty() || is_fragment {
        None
    } else {
        let name = if is_alone {
            plan.cover.consultant.clone()
        } else {
            format!("{} · ", plan.cover.consultant)
        };
        Some(flow.engine.shape_cut(&name, SMALL, room))
    };
    for index in 0..count {
        if flow.pages[index].no_running_heads {
            continue;
        }
        let section = flow.pages[index].section.clone();
        let section = flow.engine.shape_cut(&section, SMALL, widest + 1.0);
        let number = flow
            .engine
            .shape_line(&format!("{} / {count}", index + 1), SMALL.tabular());
        flow.pages[index].artifact(|page| {
            page.paragraph(&client, MARGIN, head);
            page.paragraph_right(&section, MARGIN + WIDTH, head);
            let mut x = MARGIN;
            if let Some(name) = &consultant {
                page.paragraph(name, x, foot);
                // The line width does not include the trailing space after the dot.
                x += name.width + 2.0;
            }
            page.paragraph(&confidentiality, x, foot);
            page.paragraph_right(&number, MARGIN + WIDTH, foot);
            page.rule(foot - 8.0, 0.5, Color::Line);
            if let Some(draft) = &draft {
                page.paragraph_centered(draft, MARGIN + WIDTH / 2.0, foot);
            }
        });
    }
}
