//! Rewrites a sheet part so that calamine can read it: only its cells, with marks for what calamine does not support.
//!
//! The rewrite examines only the relevant places. A second parse of the whole XML would take half as long as
//! calamine.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem::Finder;
use quick_xml::events::Event;

use super::structure::{is_on, push_entity};
use crate::excel::parse_cell;
use crate::intake::book::Position;
use crate::intake::book::content::{ERROR_MARK, STRUCK_MARK};
use quick_xml::escape::escape;

/// The error values that calamine supports. It rejects a workbook with any other error value.
const KNOWN_ERRORS: [&[u8]; 7] = [
    b"#NULL!", b"#DIV/0!", b"#VALUE!", b"#REF!", b"#NAME?", b"#NUM!", b"#N/A",
];

/// A range of a part and its replacement.
type Edit = (Range<usize>, Vec<u8>);

/// Returns the cells of a sheet part, and the positions of formulas without a result. Returns `None` if the part has
/// no cells.
pub fn prepare(part: Vec<u8>) -> Option<(Vec<u8>, HashSet<Position>)> {
    let prefix = prefix_of_root(&part).to_vec();
    let data = element(&part, &prefix, "sheetData")?;
    let close = [b"</", prefix.as_slice(), b"worksheet>"].concat();
    let mut out = Vec::with_capacity(data.len() + 64);
    out.extend([b"<", prefix.as_slice(), b"worksheet>"].concat());
    let cells = &part[data];
    let unresolved = formulas_without_result(cells, &prefix);
    let mut edits = unknown_errors(cells, &prefix);
    edits.extend(extensions(cells, &prefix));
    apply(cells, edits, &mut out);
    out.extend(close);
    Some((mark_struck(out, "is"), unresolved))
}

/// Returns the range from the first start tag to the last end tag with a name, both included. Without an end tag, the
/// range extends to the end of the part.
fn element(part: &[u8], prefix: &[u8], name: &str) -> Option<Range<usize>> {
    let open = [b"<", prefix, name.as_bytes()].concat();
    let start = memchr::memmem::find_iter(part, &open)
        .find(|at| part.get(at + open.len()).copied().is_some_and(ends_name))?;
    let close = [b"</", prefix, name.as_bytes()].concat();
    let tag_end = start + memchr::memchr(b'>', &part[start..])?;
    if part[tag_end - 1] == b'/' {
        return Some(start..tag_end + 1);
    }
    let end = memchr::memmem::rfind(&part[start..], &close).map(|at| at + start);
    let end = end.and_then(|end| Some(end + memchr::memchr(b'>', &part[end..])? + 1));
    Some(start..end.unwrap_or(part.len()))
}

fn apply(part: &[u8], mut edits: Vec<Edit>, out: &mut Vec<u8>) {
    edits.sort_by_key(|(range, _)| range.start);
    let mut from = 0;
    for (range, instead) in edits {
        if range.start >= from {
            out.extend_from_slice(&part[from..range.start]);
            out.extend(instead);
            from = range.end;
        }
    }
    out.extend_from_slice(&part[from..]);
}

/// Returns edits that turn error values that calamine does not support into marked texts.
fn unknown_errors(cells: &[u8], prefix: &[u8]) -> Vec<Edit> {
    let value = [b"<", prefix, b"v>"].concat();
    let mut edits = Vec::new();
    for kind in [&b"t=\"e\""[..], b"t='e'"] {
        for at in memchr::memmem::find_iter(cells, kind) {
            if at == 0 || !cells[at - 1].is_ascii_whitespace() {
                continue;
            }
            let Some(tag_end) = memchr::memchr(b'>', &cells[at..]).map(|end| end + at) else {
                continue;
            };
            let close = [b"</", prefix, b"c>"].concat();
            let end = memchr::memmem::find(&cells[tag_end..], &close)
                .map_or(cells.len(), |end| end + tag_end);
            let Some(start) = memchr::memmem::find(&cells[tag_end..end], &value) else {
                continue;
            };
            let start = tag_end + start + value.len();
            let error = &cells[start..end];
            let error = &error[..memchr::memchr(b'<', error).unwrap_or(error.len())];
            if !KNOWN_ERRORS.contains(&error) {
                edits.push((at..at + kind.len(), b"t=\"str\"".to_vec()));
                edits.push((start..start, ERROR_MARK.to_string().into_bytes()));
            }
        }
    }
    edits
}

/// Returns edits that remove the extensions that newer versions of Excel add to cells.
fn extensions(cells: &[u8], prefix: &[u8]) -> Vec<Edit> {
    let open = [b"<", prefix, b"extLst"].concat();
    let close = [b"</", prefix, b"extLst>"].concat();
    let mut edits = Vec::new();
    for start in memchr::memmem::find_iter(cells, &open) {
        let Some(tag_end) = memchr::memchr(b'>', &cells[start..]).map(|end| end + start) else {
            continue;
        };
        let end = if cells[tag_end - 1] == b'/' {
            tag_end + 1
        } else {
            memchr::memmem::find(&cells[tag_end..], &close)
                .map_or(cells.len(), |end| end + tag_end + close.len())
        };
        edits.push((start..end, Vec::new()));
    }
    edits
}

/// Separates struck-out runs from the text of each `container` element. The struck-out text follows a mark that no
/// XML document can contain. A part without struck-out runs is returned unchanged.
pub fn mark_struck(part: Vec<u8>, container: &str) -> Vec<u8> {
    if memchr::memmem::find(&part, b"strike").is_none() {
        return part;
    }
    let mut reader = quick_xml::Reader::from_reader(part.as_slice());
    reader.config_mut().check_end_names = false;
    let mut edits: Vec<Edit> = Vec::new();
    let mut start = None;
    let (mut kept, mut struck) = (String::new(), String::new());
    let (mut is_struck, mut in_text, mut in_phonetic) = (false, false, false);
    loop {
        let before = reader.buffer_position() as usize;
        let Ok(event) = reader.read_event() else {
            break;
        };
        let target = if is_struck { &mut struck } else { &mut kept };
        match event {
            Event::Eof => break,
            Event::Start(tag) => match tag.local_name().as_ref() {
                name if name == container => {
                    start = Some(reader.buffer_position() as usize);
                    kept.clear();
                    struck.clear();
                    is_struck = false;
                }
                "r" => is_struck = false,
                "rPh" => in_phonetic = true,
                "strike" => is_struck = is_on(&tag),
                "t" => in_text = !in_phonetic,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "strike" => is_struck = is_on(&tag),
            Event::Text(text) if in_text => target.push_str(&text.xml10_content()),
            Event::CData(text) if in_text => target.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if in_text => push_entity(&entity, target),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_phonetic = false,
                "r" => is_struck = false,
                name if name == container => {
                    if let Some(start) = start.take()
                        && !struck.is_empty()
                    {
                        let prefix = tag.name();
                        let prefix = prefix.as_ref().rsplit_once(':').map(|(prefix, _)| prefix);
                        let t = prefix.map_or("t".to_owned(), |prefix| format!("{prefix}:t"));
                        let text = escape(format!("{kept}{STRUCK_MARK}{struck}"));
                        let instead = format!(r#"<{t} xml:space="preserve">{text}</{t}>"#);
                        edits.push((start..before, instead.into_bytes()));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let mut out = Vec::with_capacity(part.len());
    apply(&part, edits, &mut out);
    out
}

/// Returns the positions of cells with a formula and no value.
fn formulas_without_result(part: &[u8], prefix: &[u8]) -> HashSet<Position> {
    let mut found = HashSet::new();
    let tag = |before: &[u8], name: &[u8]| [before, prefix, name].concat();
    let formula = Finder::new(&tag(b"<", b"f")).into_owned();
    if formula.find(part).is_none() {
        return found;
    }
    let (cell, value, inline, text) = (
        tag(b"", b"c"),
        tag(b"", b"v"),
        tag(b"", b"is"),
        tag(b"", b"t"),
    );
    let end = tag(b"/", b"c>");
    // Everything before `from` is finished, so each byte is scanned only a few times, whatever the part contains.
    let mut from = 0;
    while let Some(at) = formula.find(&part[from..]).map(|at| at + from) {
        let after = at + formula.needle().len();
        if !part.get(after).copied().is_some_and(ends_name) {
            from = after;
            continue;
        }
        let mut until = part.len();
        let mut is_filled = false;
        for at in memchr::memchr_iter(b'<', &part[after..]) {
            let tag = &part[after + at + 1..];
            if tag.starts_with(&end) {
                until = after + at;
                break;
            }
            is_filled |= tag.starts_with(&text);
            if starts_tag(tag, &value) || starts_tag(tag, &inline) {
                let content = memchr::memchr(b'>', tag).and_then(|close| tag.get(close + 1));
                is_filled |= content.is_some_and(|byte| *byte != b'<');
            }
        }
        let start = memchr::memrchr_iter(b'<', &part[from..at])
            .take(MAX_TAGS_BEFORE)
            .map(|start| &part[from + start + 1..])
            .find(|tag| starts_tag(tag, &cell));
        if !is_filled && let Some(place) = start.and_then(address) {
            found.insert(place);
        }
        from = until;
    }
    found
}

/// Maximum number of tags between the tag of a cell and its formula.
const MAX_TAGS_BEFORE: usize = 8;

/// Returns whether a tag, without its opening bracket, has a name.
fn starts_tag(tag: &[u8], name: &[u8]) -> bool {
    tag.starts_with(name) && tag.get(name.len()).copied().is_some_and(ends_name)
}

/// Returns whether a byte ends the name of a tag.
fn ends_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

/// Returns the namespace prefix of the first element, with its colon. The other elements have the same prefix.
fn prefix_of_root(part: &[u8]) -> &[u8] {
    let root = memchr::memchr_iter(b'<', part)
        .map(|at| &part[at + 1..])
        .find(|tag| tag.first().is_some_and(u8::is_ascii_alphabetic));
    let name = root.map_or(&[][..], |tag| {
        let length = tag.iter().take(64).position(|byte| ends_name(*byte));
        &tag[..length.unwrap_or(0)]
    });
    name.iter()
        .position(|byte| *byte == b':')
        .map_or(&[], |colon| &name[..=colon])
}

/// Returns the address in the tag of a cell: its attribute `r`.
fn address(tag: &[u8]) -> Option<Position> {
    let tag = &tag[..memchr::memchr(b'>', &tag[..tag.len().min(200)])?];
    let at = memchr::memmem::find_iter(tag, b"r=")
        .find(|at| *at > 0 && tag[at - 1].is_ascii_whitespace())?
        + 3;
    let end = at
        + tag
            .get(at..)?
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\''))?;
    parse_cell(std::str::from_utf8(&tag[at..end]).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_without_a_result_are_found_by_their_tags() {
        let xml = r#"<sheetData><row r="1"><c r="A1" s="3"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f><v></v></c>
            <c r="C1"><f t="shared" si="0"/></c><c s="1" r="D1"/><c r="E1"><v>4</v></c><c r="F1"><f>A1</f></c>
            <c r="G1" t="inlineStr"><f>A1</f><is><t>x</t></is></c><c r="H1"><f>""</f><v/></c></row></sheetData>
            <dataValidation><formula1>A1</formula1></dataValidation>"#;
        let mut prefixed = xml.replace("</", "</x:");
        for name in [
            "sheetData",
            "row",
            "c ",
            "f>",
            "f ",
            "v>",
            "v/",
            "is>",
            "t>",
            "formula1",
        ] {
            prefixed = prefixed.replace(&format!("<{name}"), &format!("<x:{name}"));
        }
        for xml in [xml, &prefixed] {
            let found = formulas_without_result(xml.as_bytes(), prefix_of_root(xml.as_bytes()));
            let mut found: Vec<Position> = found.into_iter().collect();
            found.sort_unstable();
            assert_eq!(found, [(0, 1), (0, 2), (0, 5), (0, 7)], "{xml}");
        }
        for broken in [
            "<",
            "<c",
            "<c r=",
            "<c r=\"A1\"><f",
            "<c r=\"A1\"><f></c",
            "</c></c>",
            "<:/c>",
        ] {
            formulas_without_result(broken.as_bytes(), b"");
            prepare(broken.as_bytes().to_vec());
        }
    }

    #[test]
    fn struck_out_runs_are_parted_from_the_text() {
        let part = r#"<sst><si><r><rPr><strike/></rPr><t>1</t></r><r><t>0 &amp; a</t></r></si><si><t>strike</t></si>
            <si><r><rPr><strike val="0"/></rPr><t>all</t></r></si></sst>"#;
        let out = String::from_utf8(mark_struck(part.into(), "si")).unwrap();
        assert!(
            out.contains("<si><t xml:space=\"preserve\">0 &amp; a\u{FFFF}1</t></si>"),
            "{out}"
        );
        assert!(
            out.contains("<si><t>strike</t></si>") && out.contains("<t>all</t>"),
            "{out}"
        );
    }

    #[test]
    fn only_the_cells_of_a_sheet_are_kept() {
        let part = r#"<x:worksheet><x:dimension ref="1:4"/><x:sheetData><x:row><x:c r="A1" t="e"><x:v>#SPILL!</x:v></x:c>
            <x:c r="B1" t="e"><x:v>#N/A</x:v></x:c><x:c r="C1"><x:v>8</x:v><x:extLst><x:ext/></x:extLst></x:c></x:row></x:sheetData><x:pageMargins/></x:worksheet>"#;
        let (out, _) = prepare(part.into()).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.starts_with("<x:worksheet><x:sheetData><x:row>"),
            "{out}"
        );
        assert!(
            out.contains("t=\"str\"><x:v>\u{FFFE}#SPILL!<") && out.contains("t=\"e\"><x:v>#N/A"),
            "{out}"
        );
        assert!(
            out.ends_with("<x:v>8</x:v></x:c></x:row></x:sheetData></x:worksheet>"),
            "{out}"
        );
        assert!(prepare(b"<chartsheet/>".to_vec()).is_none());
    }
}
