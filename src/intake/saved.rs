//! Reads from the document properties when a workbook was last saved.

use std::io::Read;

use chrono::{DateTime, NaiveDateTime};

use super::compound;
use super::format::Format;
use super::package::Package;

/// Maximum size of the part with the properties, in bytes.
const MAX_SIZE: u64 = 1 << 20;
/// The stream of an xls with its properties, and the property with the time of the last save (MS-OLEPS 2.25.1).
const SUMMARY: &str = "\u{5}SummaryInformation";
const LAST_SAVED: u32 = 13;

/// Returns the time of the last save. Returns `None` if the property is missing or invalid.
pub(super) fn last_saved(
    format: Format,
    bytes: &[u8],
    package: Option<&Package>,
) -> Option<NaiveDateTime> {
    match (format, package) {
        (Format::Xlsx | Format::Xlsb, Some(package)) => {
            in_xml(&package.text("docProps/core.xml", MAX_SIZE)?, "modified")
        }
        (Format::Ods, Some(package)) => in_xml(&package.text("meta.xml", MAX_SIZE)?, ":date"),
        (Format::Xls, _) => in_summary(bytes),
        (_, None) => None,
    }
}

/// Returns the time in the first element whose name ends with `name`.
fn in_xml(xml: &[u8], name: &str) -> Option<NaiveDateTime> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut is_open = false;
    loop {
        match reader.read_event().ok()? {
            quick_xml::events::Event::Eof => return None,
            quick_xml::events::Event::Start(start) => {
                is_open = start.name().as_ref().ends_with(name);
            }
            quick_xml::events::Event::Text(text) if is_open => {
                let text = text.xml10_content();
                let moment =
                    DateTime::parse_from_rfc3339(text.trim()).map(|moment| moment.naive_utc());
                // OpenDocument omits the time zone.
                return moment.ok().or_else(|| {
                    NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M:%S%.f").ok()
                });
            }
            _ => {}
        }
    }
}

/// Reads the property of an xls: units of 100 ns since 1601.
fn in_summary(bytes: &[u8]) -> Option<NaiveDateTime> {
    let file = compound::open(bytes).ok()?;
    let mut file = file;
    let mut stream = Vec::new();
    file.open_stream(SUMMARY)
        .ok()?
        .take(MAX_SIZE)
        .read_to_end(&mut stream)
        .ok()?;
    let number = |at: usize| {
        let bytes = stream.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    };
    let section = number(44)? as usize;
    let count = number(section.checked_add(4)?)?.min(1_000);
    let entries = (0..count as usize).filter_map(|index| {
        let at = section.checked_add(8 + 8 * index)?;
        Some((number(at)?, number(at + 4)? as usize))
    });
    let (_, offset) = entries.into_iter().find(|(id, _)| *id == LAST_SAVED)?;
    let at = section.checked_add(offset)?;
    let ticks = u64::from(number(at + 4)?) | u64::from(number(at + 8)?) << 32;
    const TICKS: u64 = 10_000_000;
    const FROM_1601_TO_1970: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / TICKS).ok()? - FROM_1601_TO_1970;
    DateTime::from_timestamp(seconds, 0).map(|moment| moment.naive_utc())
}
