//! OpenDocument files with repeated, nested, false, or endless content.

use super::archive::{Archive, Packed};
use super::{Case, case};

use crate::common;

const CONTENT: &str = "content.xml";
const HEAD: &str = concat!(
    "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" ",
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" ",
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>",
);
const TAIL: &str = "</office:spreadsheet></office:body></office:document-content>";
const TABLE: &str = "<table:table table:name=\"S\">";
const CELL: &str = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
const NOT_OURS: &str = "too few of its questions";

fn fixture() -> Archive {
    Archive::of(
        &std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.ods")).unwrap(),
    )
}

fn with(content: &[u8]) -> Vec<u8> {
    fixture().with(CONTENT, Packed::of(content)).bytes()
}

/// Creates a file with one table of these rows.
fn table(rows: &str) -> Vec<u8> {
    with(format!("{HEAD}{TABLE}{rows}</table:table>{TAIL}").as_bytes())
}

/// Creates a file from a head, a block repeated `times` times, and a tail.
fn grown(head: &str, block: &str, times: usize, tail: &str) -> Vec<u8> {
    let at_once = (1 << 16) / block.len() + 1;
    let packed = Packed::repeated(
        format!("{HEAD}{TABLE}{head}").as_bytes(),
        block.repeat(at_once).as_bytes(),
        times / at_once + 1,
        tail.as_bytes(),
    );
    fixture().with(CONTENT, packed).bytes()
}

fn whole() -> String {
    let bytes = std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.ods")).unwrap();
    String::from_utf8(common::parts(&bytes).remove(CONTENT).unwrap()).unwrap()
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("columns-repeated.ods", NOT_OURS, || {
            table(
                "<table:table-row><table:table-cell table:number-columns-repeated=\"4294967295\"/></table:table-row>",
            )
        }),
        case(
            "filled-columns-repeated.ods",
            "too few of its questions",
            || {
                table(
                    "<table:table-row><table:table-cell table:number-columns-repeated=\"4294967295\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
                )
            },
        ),
        case(
            "columns-repeated-beyond-counting.ods",
            "a count in it is no number",
            || {
                table(
                    "<table:table-row><table:table-cell table:number-columns-repeated=\"99999999999999999999999\"/></table:table-row>",
                )
            },
        ),
        case(
            "columns-repeated-less-than-never.ods",
            "a count in it is no number",
            || {
                table(
                    "<table:table-row><table:table-cell table:number-columns-repeated=\"-1\"/></table:table-row>",
                )
            },
        ),
        case("rows-repeated.ods", NOT_OURS, || {
            table(
                "<table:table-row table:number-rows-repeated=\"4294967295\"><table:table-cell/></table:table-row>",
            )
        }),
        case("filled-rows-repeated.ods", "more than 400000 cells", || {
            table(&format!(
                "<table:table-row table:number-rows-repeated=\"1048576\">{CELL}</table:table-row>"
            ))
        }),
        case("filled-rows-and-columns-repeated.ods", "far away", || {
            table(
                "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
            )
        }),
        case("corner-cells.ods", "far away", || {
            table(&format!(
                "<table:table-row>{CELL}</table:table-row><table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>{CELL}</table:table-row>"
            ))
        }),
        case(
            "only-the-last-corner.ods",
            "too few of its questions",
            || {
                table(&format!(
                    "<table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>{CELL}</table:table-row>"
                ))
            },
        ),
        case("a-text-repeated.ods", "more memory", || {
            table(&format!(
                "<table:table-row><table:table-cell table:number-columns-repeated=\"16000\" office:value-type=\"string\"><text:p>{}</text:p></table:table-cell></table:table-row>",
                "x".repeat(100_000)
            ))
        }),
        case("spaces-in-a-text.ods", "too long", || {
            table(
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>a<text:s text:c=\"4294967295\"/></text:p></table:table-cell></table:table-row>",
            )
        }),
        case("spaces-again-and-again.ods", "more memory", || {
            grown(
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>",
                "<text:s text:c=\"9999\"/>",
                400_000,
                &format!("</text:p></table:table-cell></table:table-row></table:table>{TAIL}"),
            )
        }),
        case(
            "rows-by-the-million.ods",
            "too few of its questions",
            || {
                grown(
                    "",
                    "<table:table-row/>",
                    800_000,
                    &format!("</table:table>{TAIL}"),
                )
            },
        ),
        case(
            "cells-by-the-million.ods",
            "too few of its questions",
            || {
                grown(
                    "<table:table-row>",
                    "<table:table-cell/>",
                    800_000,
                    &format!("</table:table-row></table:table>{TAIL}"),
                )
            },
        ),
        case(
            "tables-by-the-hundred-thousand.ods",
            "more than 256",
            || {
                grown(
                    "</table:table>",
                    "<table:table table:name=\"t\"/>",
                    300_000,
                    TAIL,
                )
            },
        ),
        case("tables-within-tables.ods", "nested too deeply", || {
            grown(
                "",
                "<table:table table:name=\"t\"><table:table-row><table:table-cell>",
                100_000,
                "",
            )
        }),
        case("a-table-in-a-cell.ods", NOT_OURS, || {
            table(&format!(
                "<table:table-row><table:table-cell><table:table table:name=\"t\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table></table:table-cell></table:table-row><table:table-row>{CELL}</table:table-row>"
            ))
        }),
        case("rows-within-rows.ods", "nested too deeply", || {
            grown("", "<table:table-row>", 300_000, "")
        }),
        case(
            "groups-within-groups.ods",
            "too few of its questions",
            || {
                let depth = 100;
                table(&format!(
                    "{}<table:table-row>{CELL}</table:table-row>{}",
                    "<table:table-row-group>".repeat(depth),
                    "</table:table-row-group>".repeat(depth)
                ))
            },
        ),
        case("ends-in-a-table.ods", "ends in the middle", || {
            with(format!("{HEAD}{TABLE}<table:table-row>").as_bytes())
        }),
        case("ends-in-a-text.ods", "ends in the middle", || {
            with(format!("{HEAD}{TABLE}<table:table-row><table:table-cell office:value-type=\"string\"><text:p>word").as_bytes())
        }),
        case("ends-in-a-tag.ods", "damaged", || {
            with(format!("{HEAD}{TABLE}<table:table-row table:number").as_bytes())
        }),
        case("never-ends.ods", "ends in the middle", || {
            grown(
                "",
                "<table:table-row><table:table-cell/></table:table-row>",
                200_000,
                "",
            )
        }),
        case("never-opens.ods", "damaged", || {
            grown("", "</table:table>", 100_000, "")
        }),
        case("ends-halfway.ods", "damaged", || {
            let whole = whole();
            with(&whole.as_bytes()[..whole.len() / 2])
        }),
        case("entities-that-multiply.ods", "entities of its own", || {
            let entities: String = (1..20)
                .map(|level| {
                    format!(
                        "<!ENTITY a{level} \"{}\">",
                        format!("&a{};", level - 1).repeat(10)
                    )
                })
                .collect();
            with(
                format!(
                    "<!DOCTYPE x [<!ENTITY a0 \"lol\">{entities}]>{HEAD}{TABLE}</table:table>{TAIL}"
                )
                .as_bytes(),
            )
        }),
        case("entities-from-files.ods", "entities of its own", || {
            with(format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{HEAD}{TABLE}</table:table>{TAIL}").as_bytes())
        }),
        case("names-by-the-hundred-thousand.ods", "read", || {
            let names = "<table:named-range table:name=\"pb_client__about__company\" table:cell-range-address=\"$Client.$C$7\"/>".repeat(100_000);
            let content = whole().replacen(
                "<table:named-expressions>",
                &format!("<table:named-expressions>{names}"),
                1,
            );
            with(content.as_bytes())
        }),
        case("no-content.ods", "not an Excel workbook", || {
            fixture().without(CONTENT).bytes()
        }),
        case("empty-content.ods", "too few of its questions", || {
            with(b"")
        }),
        case("content-of-zeros.ods", "too few of its questions", || {
            with(&[0; 100_000])
        }),
        case("content-of-1-gb.ods", "MB unpacked", || {
            fixture()
                .with(CONTENT, Packed::repeated(b"", &[b' '; 1 << 20], 1024, b""))
                .bytes()
        }),
        case("encrypted.ods", "password", || {
            let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
            fixture()
                .with("META-INF/manifest.xml", Packed::of(manifest))
                .bytes()
        }),
        case("a-kind-of-a-gigabyte.ods", "read", || {
            fixture()
                .with(
                    "mimetype",
                    Packed::repeated(
                        b"application/vnd.oasis.opendocument.spreadsheet",
                        &[b' '; 1 << 20],
                        1024,
                        b"",
                    ),
                )
                .bytes()
        }),
        case("linked-tables.ods", NOT_OURS, || {
            table(
                "<table:table-source xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"file:///etc/passwd\" table:table-name=\"x\"/><table:table-row><table:table-cell/></table:table-row>",
            )
        }),
        case(
            "a-tag-of-many-attributes.ods",
            "too few of its questions",
            || {
                let attributes: String = (0..300_000)
                    .map(|index| format!(" a{index}=\"\""))
                    .collect();
                table(&format!(
                    "<table:table-row{attributes}>{CELL}</table:table-row>"
                ))
            },
        ),
        case("percent-far-away.ods", "too few of its questions", || {
            table(
                "<table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell table:number-columns-repeated=\"16380\"/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"percentage\" office:value=\"NaN\"/><table:table-cell office:value-type=\"currency\" office:currency=\"€\" office:value=\"1e999\"/></table:table-row>",
            )
        }),
    ]
}
