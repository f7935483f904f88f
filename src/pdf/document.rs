//! Putting the file together: fonts and page tree through printpdf, then, on its lopdf document, what it lacks: compact page
//! contents, the structure tree, links, nested outline, language, title, XMP, and a file id that repeats.

use std::collections::{BTreeMap, HashMap};

use flate2::{Compress, CompressError, Compression, FlushCompress, Status};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use pdf_writer::Content;
use printpdf::{
    Codepoint, FontId, FontMetrics, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Pt, TextItem,
};
use sha2::{Digest, Sha256};

use super::flow::Entry;
use super::page::{LOGO, Page, Target, font_name};
use super::tags::{Child, Scope, Tags};
use super::text::{Engine, UsedFont};
use super::theme::STEP;
use super::{Logo, Look, PdfError};
use crate::plan::Plan;

const POINTS_TO_MM: f32 = 25.4 / 72.0;
/// How hard streams are deflated: beyond this, time grows faster than files shrink.
const LEVEL: u32 = 2;
/// Objects that share a compressed stream.
const OBJECTS_PER_STREAM: usize = 4_000;

/// What was laid out.
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
    pdf.resources
        .xobjects
        .map
        .extend(look.logo.as_ref().and_then(Logo::resource));
    let (width, height) = (
        printpdf::Mm(look.paper.width * POINTS_TO_MM),
        printpdf::Mm(look.paper.height * POINTS_TO_MM),
    );
    // Only so that printpdf learns which glyphs are used, and what they stand for: `contents` takes their place.
    for _ in &layout.pages {
        pdf.pages
            .push(PdfPage::new(width, height, std::mem::take(&mut ops)));
    }
    // Subsets are ours already: printpdf embeds what it is given.
    let options = PdfSaveOptions {
        subset_fonts: false,
        ..PdfSaveOptions::default()
    };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    finish(&mut document, plan, look, layout)?;
    compress(&mut document).map_err(|error| PdfError::Write(error.to_string()))?;
    let mut bytes = Vec::new();
    let options = lopdf::SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(OBJECTS_PER_STREAM)
        .compression_level(LEVEL)
        .build();
    document
        .save_with_options(&mut bytes, options)
        .map_err(|error| PdfError::Write(error.to_string()))?;
    Ok(bytes)
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

/// Shows each glyph of a font once, with the text it stands for.
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

/// Deflates every stream that may be.
fn compress(document: &mut Document) -> Result<(), CompressError> {
    // One for all: its tables are large, and most streams are small.
    let mut deflate = Compress::new(Compression::new(LEVEL), true);
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else {
            continue;
        };
        if !stream.allows_compression || stream.dict.has(b"Filter") {
            continue;
        }
        deflate.reset();
        // The bound of zlib's own compressBound: no stream grows beyond it.
        let most = stream.content.len() + stream.content.len() / 1_000 + 1_024;
        let mut packed = Vec::with_capacity(most);
        let status = deflate.compress_vec(&stream.content, &mut packed, FlushCompress::Finish)?;
        if status == Status::StreamEnd && packed.len() < stream.content.len() {
            packed.shrink_to_fit();
            stream.set_content(packed);
            stream.dict.set("Filter", "FlateDecode");
        }
    }
    Ok(())
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
    look: &Look,
    layout: Layout,
) -> Result<(), PdfError> {
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
    if let Some(form) = look.logo.as_ref().and_then(|logo| logo.form(document)) {
        add_form(document, &ids, form);
    }
    let places = Places {
        ids: &ids,
        height: look.paper.height,
        shift: look.paper.shift(),
        anchors: &anchors,
    };
    let links = add_links(document, &pages, &places);
    let tree = add_structure(document, &pages, &tags, &ids, &links)?;
    let outlines = add_outline(document, &outline, &places);
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
        &plan.cover.consultant,
        &plan.confidentiality,
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

/// Where things are in the document.
struct Places<'a> {
    ids: &'a [ObjectId],
    height: f32,
    shift: f32,
    anchors: &'a HashMap<String, (usize, f32)>,
}

impl Places<'_> {
    fn destination(&self, page: usize, y: f32) -> Object {
        Object::Array(vec![
            self.ids.get(page).copied().unwrap_or_default().into(),
            Object::Name(b"XYZ".to_vec()),
            Object::Null,
            Object::Real((self.height - y + 3.0 * STEP).min(self.height)),
            Object::Null,
        ])
    }

    /// What a link does; nothing when it leads nowhere.
    fn action(&self, target: &Target) -> Option<(&'static str, Object)> {
        match target {
            Target::Place(page, y) => Some(("Dest", self.destination(*page, *y))),
            Target::Anchor(name) => {
                let (page, y) = self.anchors.get(name)?;
                Some(("Dest", self.destination(*page, *y)))
            }
            Target::Uri(uri) => {
                let uri = Object::String(uri.clone().into_bytes(), StringFormat::Literal);
                let action = dictionary! { "Type" => "Action", "S" => "URI", "URI" => uri };
                Some(("A", action.into()))
            }
        }
    }
}

/// Gives printpdf's pages what was drawn on ours.
fn set_contents(document: &mut Document, pages: &mut [Page], ids: &[ObjectId]) {
    for (page, id) in pages.iter_mut().zip(ids) {
        let drawn = std::mem::replace(&mut page.content, Content::new())
            .finish()
            .into_vec();
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

/// Adds a form to the resources that all pages share.
fn add_form(document: &mut Document, ids: &[ObjectId], form: ObjectId) {
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
        shared.set(LOGO, form);
    }
}

/// Link annotations, page by page; a link that leads nowhere stays plain text. Their place in the parent tree comes after
/// the pages'.
fn add_links(
    document: &mut Document,
    pages: &[Page],
    places: &Places,
) -> Vec<Vec<Option<(ObjectId, usize)>>> {
    let mut next = pages.len();
    let mut all = Vec::new();
    for (page, id) in pages.iter().zip(places.ids) {
        let mut annotations = Vec::new();
        for link in &page.links {
            let Some((key, action)) = places.action(&link.target) else {
                annotations.push(None);
                continue;
            };
            let (left, top, right, bottom) = link.area;
            let rect: Vec<Object> = [
                left + places.shift,
                places.height - bottom,
                right + places.shift,
                places.height - top,
            ]
            .map(Object::Real)
            .to_vec();
            let mut annotation = dictionary! {
                "Type" => "Annot",
                "Subtype" => "Link",
                "Rect" => rect,
                "Border" => vec![0.into(), 0.into(), 0.into()],
                "F" => 4,
                "Contents" => text(&link.description),
                "StructParent" => next as i64,
            };
            annotation.set(key, action);
            annotations.push(Some((document.add_object(annotation), next)));
            next += 1;
        }
        let references: Vec<Object> = annotations
            .iter()
            .flatten()
            .map(|(id, _)| Object::Reference(*id))
            .collect();
        if let Ok(Object::Dictionary(dictionary)) = document.get_object_mut(*id) {
            if references.is_empty() {
                dictionary.remove(b"Annots");
            } else {
                dictionary.set("Annots", references);
            }
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
    links: &[Vec<Option<(ObjectId, usize)>>],
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
        // Content on the element's own page is named by its number alone: most elements have no other.
        let own_page = element.children.iter().find_map(|child| match child {
            Child::Content { page, .. } => Some(*page),
            _ => None,
        });
        let mut kids = Vec::with_capacity(element.children.len());
        for child in &element.children {
            kids.push(match child {
                Child::Content { page, mcid } if Some(*page) == own_page => (*mcid as i64).into(),
                Child::Node(node) => Object::Reference(ids[Tags::index(*node)]),
                Child::Content { page, mcid } => Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => page_ids[*page], "MCID" => *mcid as i64 }),
                Child::Link { page, index: link } => {
                    let Some((annotation, number)) = links[*page][*link] else {
                        continue;
                    };
                    link_owners.insert(number, ids[index]);
                    Object::Dictionary(dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page_ids[*page] })
                }
            });
        }
        let kids = match kids.pop() {
            Some(only) if kids.is_empty() => only,
            last => {
                kids.extend(last);
                kids.into()
            }
        };
        let mut dictionary = dictionary! { "S" => Object::Name(element.role.as_bytes().to_vec()), "P" => parents[index], "K" => kids };
        if let Some(page) = own_page {
            dictionary.set("Pg", page_ids[page]);
        }
        if let Some(alt) = &element.alt {
            dictionary.set("Alt", text(alt));
        }
        if element.role == "TH" {
            let scope = match element.scope {
                Scope::Column => "Column",
                Scope::Row => "Row",
            };
            dictionary.set("A", dictionary! { "O" => "Table", "Scope" => scope });
        }
        if let Some(bounds) = element.bounds {
            let area: Vec<Object> = bounds.map(Object::Real).to_vec();
            dictionary.set(
                "A",
                dictionary! { "O" => "Layout", "BBox" => area, "Placement" => "Block" },
            );
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
    let next = pages.len() + links.iter().flatten().flatten().count();
    let tree = dictionary! { "Type" => "StructTreeRoot", "K" => vec![Object::Reference(ids[0])], "ParentTree" => dictionary! { "Nums" => numbers }, "ParentTreeNextKey" => next as i64 };
    document.objects.insert(root, Object::Dictionary(tree));
    Ok(root)
}

/// The outline: sections, and within them their headings, folded.
fn add_outline(document: &mut Document, entries: &[Entry], places: &Places) -> Option<ObjectId> {
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
            let mut item = dictionary! { "Title" => text(&entries[index].title), "Parent" => parent, "Dest" => places.destination(entries[index].page, entries[index].y) };
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
