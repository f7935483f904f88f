//! Assembles the PDF file.
//!
//! printpdf creates fonts and the page tree. The rest is added to its lopdf document: compact page contents, structure
//! tree, links, nested outline, language, title, XMP, and a reproducible file ID.

mod links;
mod metadata;
mod outline;
mod save;
mod structure;

use std::collections::{BTreeMap, HashMap};

use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};
use pdf_writer::Content;
use printpdf::{
    Codepoint, FontId, FontMetrics, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Pt, TextItem,
};
use sha2::{Digest, Sha256};

use self::links::{Places, add_links};
use self::metadata::{CREATOR, add_metadata, author, plan_title, text};
use self::outline::add_outline;
use self::save::Written;
use self::structure::add_structure;
use super::flow::Entry;
use super::page::{LOGO, Page, font_name};
use super::tags::Tags;
use super::text::{Engine, UsedFont};
use super::{Look, PdfError};
use crate::plan::Plan;

const POINTS_TO_MM: f32 = 25.4 / 72.0;
/// The laid-out pages with their structure, outline, and anchors.
pub struct Layout {
    pub pages: Vec<Page>,
    pub tags: Tags,
    pub outline: Vec<Entry>,
    pub anchors: HashMap<String, (usize, f32)>,
}

pub fn write(
    plan: &Plan,
    look: &Look,
    engine: &Engine,
    layout: Layout,
) -> Result<Vec<u8>, PdfError> {
    let mut pdf = PdfDocument::new(&plan.cover.title);
    let mut ops = vec![Op::StartTextSection];
    for (index, used) in engine.used.iter().enumerate() {
        let font = FontId(font_name(index));
        ops.extend(every_glyph(&font, used));
        let subset =
            subset(index, used).ok_or_else(|| PdfError::Font(format!("number {index}")))?;
        pdf.resources.fonts.map.insert(font, PdfFont::new(subset));
    }
    ops.push(Op::EndTextSection);
    let (width, height) = (
        printpdf::Mm(look.paper.width * POINTS_TO_MM),
        printpdf::Mm(look.paper.height * POINTS_TO_MM),
    );
    // These operations only register the used glyphs and their text in printpdf. `set_contents` replaces them.
    for _ in &layout.pages {
        pdf.pages
            .push(PdfPage::new(width, height, std::mem::take(&mut ops)));
    }
    // The fonts are already subsets, so printpdf embeds them unchanged.
    let options = PdfSaveOptions {
        subset_fonts: false,
        ..PdfSaveOptions::default()
    };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    let elements = finish(&mut document, plan, look, layout)?;
    save::save(&document, elements).map_err(|error| PdfError::Write(error.to_string()))
}

fn subset(index: usize, used: &UsedFont) -> Option<ParsedFont> {
    let subset =
        subsetter::subset(used.face.data.as_ref(), used.face.index, &used.remapper).ok()?;
    let widths = used.widths()?;
    let name = format!("{}+PlanFont{index}", subset_tag(index));
    let advances: BTreeMap<u16, u16> = (0..).zip(widths.advances).collect();
    let metrics = FontMetrics {
        ascent: widths.ascent,
        descent: widths.descent,
    };
    Some(ParsedFont::with_glyph_data(
        subset,
        0,
        Some(name),
        BTreeMap::new(),
        advances,
        widths.units_per_em,
        metrics,
    ))
}

/// Shows each glyph of a font once, with its text.
fn every_glyph(font: &FontId, used: &UsedFont) -> [Op; 2] {
    let glyphs = (0..used.remapper.num_gids()).map(|gid| Codepoint {
        gid,
        offset: 0.0,
        cid: used.texts.get(&gid).cloned(),
    });
    [
        Op::SetFont {
            font: PdfFontHandle::External(font.clone()),
            size: Pt(1.0),
        },
        Op::ShowText {
            items: vec![TextItem::GlyphIds(glyphs.collect())],
        },
    ]
}

/// Returns the six capital letters that mark a subset (ISO 32000-1, 9.6.4).
fn subset_tag(index: usize) -> String {
    let mut rest = index;
    (0..6)
        .map(|_| {
            let letter = char::from(b'A' + (rest % 26) as u8);
            rest /= 26;
            letter
        })
        .collect()
}

fn finish(
    document: &mut Document,
    plan: &Plan,
    look: &Look,
    layout: Layout,
) -> Result<Vec<Written>, PdfError> {
    let Layout {
        mut pages,
        tags,
        outline,
        anchors,
    } = layout;
    let ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    if ids.len() != pages.len() {
        return Err(PdfError::Write("pages were lost".into()));
    }
    set_contents(document, &mut pages, &ids);
    if let Some(logo) = look.logo.as_ref().and_then(|logo| logo.add_to(document)) {
        add_logo(document, &ids, logo);
    }
    let places = Places {
        ids: &ids,
        height: look.paper.height,
        shift: crate::pdf::theme::shift(look.paper),
        anchors: &anchors,
    };
    let links = add_links(document, &pages, &places);
    let (tree, elements) = add_structure(document, &pages, &tags, &ids, &links)?;
    let outlines = add_outline(document, &outline, &places);
    let metadata = add_metadata(document, plan);
    let info = document.add_object(dictionary! {
        "Title" => text(&plan_title(plan)),
        "Author" => text(author(plan)),
        "Creator" => text(CREATOR),
        "Producer" => text(CREATOR),
        "CreationDate" => Object::String(format!("D:{}000000Z", plan.record.report_date.format("%Y%m%d")).into_bytes(), StringFormat::Literal),
    });
    let catalog = document
        .catalog_mut()
        .map_err(|error| PdfError::Write(error.to_string()))?;
    catalog.set("Lang", text(&plan.record.questionnaire.language));
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    catalog.set("StructTreeRoot", tree);
    catalog.set("Metadata", metadata);
    catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
    catalog.set("PageLayout", Object::Name(b"SinglePage".to_vec()));
    if let Some(outlines) = outlines {
        catalog.set("Outlines", outlines);
    }
    document.trailer.set("Info", info);
    // The ID is derived from the inputs of the plan, so the same inputs give the same ID.
    let mut hash = Sha256::new();
    for part in [
        plan.record.source.sha256.as_str(),
        &plan.record.report_date.to_string(),
        &plan_title(plan),
        &plan.cover.consultant,
        &plan.confidentiality,
    ] {
        hash.update(part.as_bytes());
    }
    let id = Object::String(hash.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(elements)
}

/// Replaces the contents of printpdf's pages with the drawn contents.
fn set_contents(document: &mut Document, pages: &mut [Page], ids: &[ObjectId]) {
    for (page, id) in pages.iter_mut().zip(ids) {
        let drawn = std::mem::replace(&mut page.content, Content::new()).finish();
        let contents = document
            .get_dictionary(*id)
            .and_then(|page| page.get(b"Contents"))
            .and_then(Object::as_reference);
        if let Some(Object::Stream(stream)) =
            contents.ok().and_then(|id| document.objects.get_mut(&id))
        {
            stream.set_content(drawn);
        }
    }
}

/// Adds the logo to the resources that all pages share.
fn add_logo(document: &mut Document, ids: &[ObjectId], logo: ObjectId) {
    let shared = |document: &Document| {
        let page = document.get_dictionary(*ids.first()?).ok()?;
        let resources = page.get(b"Resources").and_then(Object::as_reference).ok()?;
        let resources = document.get_dictionary(resources).ok()?;
        resources
            .get(b"XObject")
            .and_then(Object::as_reference)
            .ok()
    };
    if let Some(Ok(shared)) = shared(document).map(|id| document.get_dictionary_mut(id)) {
        shared.set(LOGO, logo);
    }
}
