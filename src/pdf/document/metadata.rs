//! Document metadata: title, author, language, and the PDF/UA-1 claim.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};
use quick_xml::escape::escape;

use crate::plan::Plan;

pub const CREATOR: &str = concat!("partnerbook ", env!("CARGO_PKG_VERSION"));

pub fn plan_title(plan: &Plan) -> String {
    let cover = &plan.cover;
    let title = format!("{}, {}", cover.title, cover.subtitle);
    match cover.note.as_str() {
        "" => title,
        note => format!("{title} ({note})"),
    }
}

pub fn author(plan: &Plan) -> &str {
    if plan.cover.consultant.is_empty() {
        &plan.record.client.name
    } else {
        &plan.cover.consultant
    }
}

/// Encodes a text as a PDF string: ASCII as is, other text as UTF-16 with a byte order mark.
pub fn text(words: &str) -> Object {
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    Object::String(
        units.flat_map(u16::to_be_bytes).collect(),
        StringFormat::Hexadecimal,
    )
}

/// Adds the XMP metadata, which also claims PDF/UA-1.
pub fn add_metadata(document: &mut Document, plan: &Plan) -> ObjectId {
    let made = plan.record.report_date.format("%Y-%m-%dT00:00:00Z");
    let xmp = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language><xmp:CreatorTool>{CREATOR}</xmp:CreatorTool><xmp:CreateDate>{made}</xmp:CreateDate><pdf:Producer>{CREATOR}</pdf:Producer><pdfuaid:part>1</pdfuaid:part>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>",
        escape(plan_title(plan)),
        escape(author(plan)),
        escape(plan.record.questionnaire.language.as_str()),
    );
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "Metadata");
    dictionary.set("Subtype", "XML");
    // Uncompressed, so that tools can find the metadata without decoding streams.
    document.add_object(Stream::new(dictionary, xmp.into_bytes()).with_compression(false))
}
