//! Cover, contents, section headings, running heads and feet.

use super::flow::{Entry, Flow, SMALL};
use super::page::Link;
use super::tags::Child;
use super::text::Style;
use super::theme::*;
use crate::plan::Section;

const COVER_EDGE: f32 = PAGE_HEIGHT * 0.56;

pub fn cover(flow: &mut Flow) {
    flow.new_page();
    let plan = flow.plan;
    if let Some(page) = flow.pages.last_mut() {
        page.bare = true;
    }
    flow.artifact(|page| {
        page.rect(0.0, 0.0, PAGE_WIDTH, COVER_EDGE, NAVY);
        page.rect(MARGIN, COVER_EDGE - 5.0, 114.0, 5.0, TEAL);
    });
    if !plan.cover.consultant.is_empty() {
        place(
            flow,
            "P",
            &plan.cover.consultant,
            Style::new(11.0).strong().color(WHITE),
            (MARGIN, 72.0),
            WIDTH,
        );
    }
    // Title and name stand on the edge, however many lines they take.
    let title = flow.engine.shape(
        &plan.cover.title,
        Style::new(36.0).strong().color(WHITE).leading(1.18),
        WIDTH,
    );
    let name = flow.engine.shape(
        &plan.cover.subtitle,
        Style::new(17.0).color(GREY_BLUE).leading(1.35),
        WIDTH,
    );
    let name_y = COVER_EDGE - 62.0 - name.height();
    let title_y = name_y - 14.0 - title.height();
    let node = flow.node("H1");
    flow.draw(node, |page| page.paragraph(&title, MARGIN, title_y));
    let node = flow.node("P");
    flow.draw(node, |page| page.paragraph(&name, MARGIN, name_y));

    let deepest = cover_facts(flow);
    if let Some(draft) = &plan.draft {
        place(
            flow,
            "P",
            draft,
            Style::new(20.0).strong().color(RED),
            (MARGIN, deepest + 24.0),
            WIDTH,
        );
    }
    place(
        flow,
        "P",
        &plan.cover.note,
        SMALL,
        (MARGIN, PAGE_HEIGHT - 58.0),
        WIDTH,
    );
    flow.y = BOTTOM;
}

/// Label and text side by side; a long text gets more of the width. Returns where the deepest ends.
fn cover_facts(flow: &mut Flow) -> f32 {
    const GAP: f32 = 20.0;
    const TEXT: Style = Style::new(10.5).strong().leading(1.4);
    let facts = &flow.plan.cover.facts;
    let wishes: Vec<f32> = facts
        .iter()
        .map(|(label, text)| {
            flow.engine
                .widths(text, TEXT)
                .1
                .max(flow.engine.widths(label, SMALL).1)
                + 1.0
        })
        .collect();
    let room = WIDTH - GAP * facts.len().saturating_sub(1) as f32;
    let even = room / facts.len().max(1) as f32;
    let wanted: f32 = wishes.iter().sum();
    let mut x = MARGIN;
    let mut deepest: f32 = COVER_EDGE + 44.0;
    for ((label, text), wish) in facts.iter().zip(&wishes) {
        let width = if wanted <= room {
            wish + (room - wanted) / facts.len() as f32
        } else {
            even
        };
        place(flow, "P", label, SMALL, (x, COVER_EDGE + 44.0), width);
        deepest = deepest.max(place(flow, "P", text, TEXT, (x, COVER_EDGE + 59.0), width));
        x += width + GAP;
    }
    deepest
}

/// Places a text; returns where it ends.
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

/// A page for the contents, which are known at the end.
pub fn reserve_contents(flow: &mut Flow) {
    flow.section.clone_from(&flow.plan.contents);
    flow.new_page();
    let node = flow.node("Sect");
    flow.contents = Some((flow.page_index(), node));
    flow.y = BOTTOM;
}

pub fn contents(flow: &mut Flow) {
    let Some((index, node)) = flow.contents else {
        return;
    };
    let heading = flow.engine.shape(
        &flow.plan.contents,
        Style::new(22.0).strong().color(NAVY).leading(1.2),
        WIDTH,
    );
    let title = flow.tags.add(node, "H1");
    let toc = flow.tags.add(node, "TOC");
    let entries: Vec<Entry> = flow
        .outline
        .iter()
        .filter(|entry| entry.level == 0)
        .cloned()
        .collect();
    let mut y = TOP;
    flow.pages[index].tagged(&mut flow.tags, title, index, |page| {
        page.paragraph(&heading, MARGIN, y)
    });
    y += heading.height() + 18.0;
    // A storyboard with very many sections gets closer lines rather than a second page.
    let step = ((BOTTOM - y) / entries.len().max(1) as f32).min(27.0);
    for entry in entries {
        let item = flow.tags.add(toc, "TOCI");
        let link_node = flow.tags.add(item, "Link");
        let style = Style::new(10.5_f32.min(step * 0.6)).leading(1.3);
        let words = flow.engine.shape(&entry.title, style, WIDTH - 60.0);
        let number = flow
            .engine
            .shape_line(&(entry.page + 1).to_string(), style.color(QUIET).tabular());
        let page = &mut flow.pages[index];
        page.tagged(&mut flow.tags, link_node, index, |page| {
            if let Some(line) = words.lines.first() {
                page.text_line(&words, line, MARGIN, y);
            }
            page.paragraph_right(&number, MARGIN + WIDTH, y);
        });
        page.artifact(|page| {
            page.line(
                (MARGIN, y + step * 0.72),
                (MARGIN + WIDTH, y + step * 0.72),
                0.5,
                LINE,
                0.0,
            )
        });
        page.links.push(Link {
            area: (MARGIN, y, MARGIN + WIDTH, y + step * 0.72),
            target: (entry.page, entry.y),
            description: entry.title.clone(),
        });
        let link = Child::Link {
            page: index,
            index: page.links.len() - 1,
        };
        flow.tags.push(link_node, link);
        y += step;
    }
}

pub fn section_heading(flow: &mut Flow, section: &Section) {
    let headline = flow.engine.shape(
        &section.headline,
        Style::new(20.0).strong().color(NAVY).leading(1.22),
        WIDTH,
    );
    let lead = section.lead.as_ref().map(|lead| {
        flow.engine.shape(
            lead,
            Style::new(11.0).color(SOFT).leading(1.5),
            WIDTH * 0.94,
        )
    });
    let height = headline.height() + lead.as_ref().map_or(0.0, |lead| lead.height() + 6.0);
    // Pages that begin from here on carry this section's title; one that began before keeps its own.
    flow.section.clone_from(&section.title);
    if section.new_page {
        flow.new_page();
    } else {
        flow.gap(34.0);
        // A heading at the foot of a page wants something below it.
        flow.need(height + 110.0);
    }
    let (y, page) = (flow.y, flow.page_index());
    flow.outline.push(Entry {
        title: section.title.clone(),
        page,
        y,
        level: 0,
    });
    flow.parent = flow.tags.root();
    flow.parent = flow.node("Sect");
    let node = flow.node("H1");
    flow.draw(node, |page| page.paragraph(&headline, MARGIN, y));
    flow.y += headline.height() + 6.0;
    if let Some(lead) = lead {
        let (node, y) = (flow.node("P"), flow.y);
        flow.draw(node, |page| page.paragraph(&lead, MARGIN, y));
        flow.y += lead.height();
    }
    flow.y += 12.0;
}

/// Heads and feet, once the number of pages is known.
pub fn running_heads(flow: &mut Flow) {
    let count = flow.pages.len();
    let plan = flow.plan;
    for index in 0..count {
        if flow.pages[index].bare {
            continue;
        }
        let small = SMALL.leading(1.3);
        let half = WIDTH / 2.0 - 10.0;
        let left = flow.engine.shape(&plan.footer, small, half);
        let right = flow
            .engine
            .shape(&flow.pages[index].section.clone(), small, half);
        let number = flow
            .engine
            .shape_line(&format!("{} / {count}", index + 1), small.tabular());
        let imprint = flow.engine.shape(&plan.imprint, small, half);
        let draft = plan.draft.as_ref().map(|draft| {
            flow.engine
                .shape_line(draft, Style::new(9.0).strong().color(RED).leading(1.3))
        });
        flow.pages[index].artifact(|page| {
            // Only the first line: a name of many lines must not run into the page.
            for (paragraph, y, is_right) in [
                (&left, 30.0, false),
                (&right, 30.0, true),
                (&imprint, PAGE_HEIGHT - 40.0, false),
                (&number, PAGE_HEIGHT - 40.0, true),
            ] {
                if let Some(line) = paragraph.lines.first() {
                    page.text_line(
                        paragraph,
                        line,
                        if is_right {
                            MARGIN + WIDTH - line.width
                        } else {
                            MARGIN
                        },
                        y,
                    );
                }
            }
            page.line(
                (MARGIN, PAGE_HEIGHT - 48.0),
                (MARGIN + WIDTH, PAGE_HEIGHT - 48.0),
                0.5,
                LINE,
                0.0,
            );
            if let Some((draft, line)) = draft
                .as_ref()
                .and_then(|draft| Some((draft, draft.lines.first()?)))
            {
                page.text_line(
                    draft,
                    line,
                    MARGIN + (WIDTH - line.width) / 2.0,
                    PAGE_HEIGHT - 40.5,
                );
            }
        });
    }
}
