//! Putting the file together: pages and subset fonts through printpdf, then, on its lopdf document, what it lacks: the
//! structure tree, links, nested outline, language, title, XMP, and a file id that repeats.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{FontMetrics, ParsedFont, PdfDocument, PdfFont, PdfPage, PdfSaveOptions};
use sha2::{Digest, Sha256};

use super::PdfError;
use super::flow::Entry;
use super::page::{Page, font_id};
use super::tags::{Child, Tags};
use super::text::Engine;
use super::theme::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::plan::Plan;

const POINTS_TO_MM: f32 = 25.4 / 72.0;

pub fn write(
    plan: &Plan,
    engine: &Engine,
    pages: Vec<Page>,
    tags: Tags,
    outline: &[Entry],
) -> Result<Vec<u8>, PdfError> {
    let mut pdf = PdfDocument::new(&plan.cover.title);
    for (index, used) in engine.used.iter().enumerate() {
        let failed = || PdfError::Font(format!("number {index}"));
        let subset = subsetter::subset(used.data.data.as_ref(), used.data.index, &used.remapper)
            .map_err(|_| failed())?;
        let widths = used.widths().ok_or_else(failed)?;
        let name = format!("{}+PlanFont{index}", subset_tag(index));
        let advances: BTreeMap<u16, u16> = widths
            .advances
            .iter()
            .enumerate()
            .map(|(id, width)| (id as u16, *width))
            .collect();
        let metrics = FontMetrics {
            ascent: widths.ascent,
            descent: widths.descent,
        };
        let font = ParsedFont::with_glyph_data(
            subset,
            0,
            Some(name),
            BTreeMap::new(),
            advances,
            widths.units_per_em,
            metrics,
        );
        pdf.resources
            .fonts
            .map
            .insert(font_id(index), PdfFont::new(font));
    }
    let (width, height) = (
        printpdf::Mm(PAGE_WIDTH * POINTS_TO_MM),
        printpdf::Mm(PAGE_HEIGHT * POINTS_TO_MM),
    );
    let mut rest = Vec::with_capacity(pages.len());
    for mut page in pages {
        pdf.pages
            .push(PdfPage::new(width, height, std::mem::take(&mut page.ops)));
        rest.push(page);
    }
    // Subsets are ours already: printpdf embeds what it is given.
    let options = PdfSaveOptions {
        subset_fonts: false,
        ..PdfSaveOptions::default()
    };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    finish(&mut document, plan, &rest, &tags, outline)?;
    document.compress();
    let mut bytes = Vec::new();
    document
        .save_to(&mut bytes)
        .map_err(|error| PdfError::Write(error.to_string()))?;
    Ok(bytes)
}

/// Six capitals that mark a subset (ISO 32000-1, 9.6.4).
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
    pages: &[Page],
    tags: &Tags,
    outline: &[Entry],
) -> Result<(), PdfError> {
    let page_ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    if page_ids.len() != pages.len() {
        return Err(PdfError::Write("pages were lost".into()));
    }
    let links = add_links(document, pages, &page_ids);
    let tree = add_structure(document, pages, tags, &page_ids, &links)?;
    let outlines = add_outline(document, outline, &page_ids);
    let metadata = add_metadata(document, plan);
    let info = document.add_object(dictionary! {
        "Title" => text(&plan_title(plan)),
        "Author" => text(author(plan)),
        "Creator" => text(CREATOR),
        "Producer" => text(CREATOR),
        "CreationDate" => Object::String(format!("D:{}000000Z", plan.made.format("%Y%m%d")).into_bytes(), StringFormat::Literal),
    });
    let catalog = document
        .catalog_mut()
        .map_err(|error| PdfError::Write(error.to_string()))?;
    catalog.set("Lang", text(&plan.programme.language));
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
    // The id repeats with the inputs: it is made of what the plan was made of.
    let mut hash = Sha256::new();
    for part in [
        plan.source.sha256.as_str(),
        &plan.made.to_string(),
        &plan_title(plan),
        &plan.imprint,
    ] {
        hash.update(part.as_bytes());
    }
    let id = Object::String(hash.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(())
}

const CREATOR: &str = concat!("partnerbook ", env!("CARGO_PKG_VERSION"));

fn plan_title(plan: &Plan) -> String {
    format!("{}, {}", plan.cover.title, plan.cover.subtitle)
}

fn author(plan: &Plan) -> &str {
    if plan.cover.consultant.is_empty() {
        &plan.client.name
    } else {
        &plan.cover.consultant
    }
}

/// A text as PDF holds it: UTF-16 with a mark, where it is more than ASCII.
fn text(words: &str) -> Object {
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    Object::String(
        units.flat_map(u16::to_be_bytes).collect(),
        StringFormat::Hexadecimal,
    )
}

fn destination(page_ids: &[ObjectId], page: usize, y: f32) -> Object {
    let target = page_ids.get(page).copied().unwrap_or_default();
    Object::Array(vec![
        target.into(),
        Object::Name(b"XYZ".to_vec()),
        Object::Null,
        Object::Real((PAGE_HEIGHT - y + 12.0).min(PAGE_HEIGHT)),
        Object::Null,
    ])
}

/// Link annotations, page by page. Their place in the parent tree comes after the pages'.
fn add_links(
    document: &mut Document,
    pages: &[Page],
    page_ids: &[ObjectId],
) -> Vec<Vec<(ObjectId, usize)>> {
    let mut next = pages.len();
    let mut all = Vec::new();
    for (page, id) in pages.iter().zip(page_ids) {
        let mut annotations = Vec::new();
        for link in &page.links {
            let (left, top, right, bottom) = link.area;
            let rect: Vec<Object> = [left, PAGE_HEIGHT - bottom, right, PAGE_HEIGHT - top]
                .map(Object::Real)
                .to_vec();
            let annotation = document.add_object(dictionary! {
                "Type" => "Annot",
                "Subtype" => "Link",
                "Rect" => rect,
                "Border" => vec![0.into(), 0.into(), 0.into()],
                "F" => 4,
                "Contents" => text(&link.description),
                "Dest" => destination(page_ids, link.target.0, link.target.1),
                "StructParent" => next as i64,
            });
            annotations.push((annotation, next));
            next += 1;
        }
        if let Ok(Object::Dictionary(dictionary)) = document.get_object_mut(*id)
            && !annotations.is_empty()
        {
            dictionary.set(
                "Annots",
                annotations
                    .iter()
                    .map(|(id, _)| Object::Reference(*id))
                    .collect::<Vec<_>>(),
            );
        }
        all.push(annotations);
    }
    all
}

/// The structure tree (ISO 32000-1, 14.7): elements, and for each page the way back from its marked contents.
fn add_structure(
    document: &mut Document,
    pages: &[Page],
    tags: &Tags,
    page_ids: &[ObjectId],
    links: &[Vec<(ObjectId, usize)>],
) -> Result<ObjectId, PdfError> {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tags
        .elements()
        .iter()
        .map(|_| document.new_object_id())
        .collect();
    let mut parents = vec![root; ids.len()];
    for (index, element) in tags.elements().iter().enumerate() {
        for child in &element.children {
            if let Child::Node(node) = child {
                parents[Tags::index(*node)] = ids[index];
            }
        }
    }
    let mut link_owners: BTreeMap<usize, ObjectId> = BTreeMap::new();
    for (index, element) in tags.elements().iter().enumerate() {
        let mut kids = Vec::new();
        for child in &element.children {
            kids.push(match child {
                Child::Node(node) => Object::Reference(ids[Tags::index(*node)]),
                Child::Content { page, mcid } => Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => page_ids[*page], "MCID" => *mcid as i64 }),
                Child::Link { page, index: link } => {
                    let (annotation, number) = links[*page][*link];
                    link_owners.insert(number, ids[index]);
                    Object::Dictionary(dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page_ids[*page] })
                }
            });
        }
        let mut dictionary = dictionary! { "Type" => "StructElem", "S" => Object::Name(element.role.as_bytes().to_vec()), "P" => parents[index], "K" => kids };
        if let Some(alt) = &element.alt {
            dictionary.set("Alt", text(alt));
        }
        if element.role == "TH" {
            dictionary.set("A", dictionary! { "O" => "Table", "Scope" => "Column" });
        }
        document
            .objects
            .insert(ids[index], Object::Dictionary(dictionary));
    }
    let mut numbers = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let owners: Vec<Object> = page
            .contents
            .iter()
            .map(|node| Object::Reference(ids[Tags::index(*node)]))
            .collect();
        let array = document.add_object(owners);
        numbers.extend([Object::Integer(number as i64), array.into()]);
        if let Ok(Object::Dictionary(dictionary)) = document.get_object_mut(page_ids[number]) {
            dictionary.set("StructParents", number as i64);
            dictionary.set("Tabs", Object::Name(b"S".to_vec()));
        }
    }
    for (number, owner) in link_owners {
        numbers.extend([Object::Integer(number as i64), owner.into()]);
    }
    let next = pages.len() + links.iter().map(Vec::len).sum::<usize>();
    let tree = dictionary! { "Type" => "StructTreeRoot", "K" => vec![Object::Reference(ids[0])], "ParentTree" => dictionary! { "Nums" => numbers }, "ParentTreeNextKey" => next as i64 };
    document.objects.insert(root, Object::Dictionary(tree));
    Ok(root)
}

/// The outline: sections, and within them their headings, folded.
fn add_outline(
    document: &mut Document,
    entries: &[Entry],
    page_ids: &[ObjectId],
) -> Option<ObjectId> {
    if entries.is_empty() {
        return None;
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| document.new_object_id()).collect();
    let sections: Vec<usize> = (0..entries.len())
        .filter(|i| entries[*i].level == 0)
        .collect();
    let children = |section: usize| -> Vec<usize> {
        (section + 1..entries.len())
            .take_while(|i| entries[*i].level > 0)
            .collect()
    };
    let add = |document: &mut Document, siblings: &[usize], parent: ObjectId| {
        for (place, &index) in siblings.iter().enumerate() {
            let mut item = dictionary! { "Title" => text(&entries[index].title), "Parent" => parent, "Dest" => destination(page_ids, entries[index].page, entries[index].y) };
            if let Some(previous) = place.checked_sub(1) {
                item.set("Prev", ids[siblings[previous]]);
            }
            if let Some(next) = siblings.get(place + 1) {
                item.set("Next", ids[*next]);
            }
            document
                .objects
                .insert(ids[index], Object::Dictionary(item));
        }
    };
    add(document, &sections, root);
    for &section in &sections {
        let inner = children(section);
        add(document, &inner, ids[section]);
        if let (Some(first), Some(last), Some(Object::Dictionary(item))) = (
            inner.first(),
            inner.last(),
            document.objects.get_mut(&ids[section]),
        ) {
            item.set("First", ids[*first]);
            item.set("Last", ids[*last]);
            item.set("Count", -(inner.len() as i64));
        }
    }
    let (first, last) = (sections.first()?, sections.last()?);
    document.objects.insert(root, Object::Dictionary(dictionary! { "Type" => "Outlines", "First" => ids[*first], "Last" => ids[*last], "Count" => sections.len() as i64 }));
    Some(root)
}

/// XMP: what the document is, and that it claims PDF/UA-1.
fn add_metadata(document: &mut Document, plan: &Plan) -> ObjectId {
    let escape = |words: &str| {
        words
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let made = plan.made.format("%Y-%m-%dT00:00:00Z");
    let xmp = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language><xmp:CreatorTool>{CREATOR}</xmp:CreatorTool><xmp:CreateDate>{made}</xmp:CreateDate><pdf:Producer>{CREATOR}</pdf:Producer><pdfuaid:part>1</pdfuaid:part>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>",
        escape(&plan_title(plan)),
        escape(author(plan)),
        escape(&plan.programme.language),
    );
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "Metadata");
    dictionary.set("Subtype", "XML");
    // Left readable for programs that look for it without unpacking.
    document.add_object(Stream::new(dictionary, xmp.into_bytes()).with_compression(false))
}
