//! Parts of an xlsx file with false, endlessly nested, or oversized content.

use super::archive::{Archive, Packed};
use super::{Case, case};

use crate::common;

const SHEET: &str = "xl/worksheets/sheet2.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const HEAD: &str =
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
const TAIL: &str = "</sheetData></worksheet>";

/// Returns the sample with a part made of a head, a block repeated `times` times, and a tail.
fn grown(part: &str, head: &str, block: &str, times: usize, tail: &str) -> Vec<u8> {
    let block_of_many = block.repeat((1 << 16) / block.len() + 1);
    let blocks = times / ((1 << 16) / block.len() + 1) + 1;
    let packed = Packed::repeated(
        head.as_bytes(),
        block_of_many.as_bytes(),
        blocks,
        tail.as_bytes(),
    );
    Archive::sample().with(part, packed).bytes()
}

fn sheet(rows: &str) -> Vec<u8> {
    let part = format!("{HEAD}{rows}{TAIL}");
    Archive::sample()
        .with(SHEET, Packed::of(part.as_bytes()))
        .bytes()
}

fn changed(part: &str, from: &str, to: &str) -> Vec<u8> {
    let bytes = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    common::with_part(&bytes, part, |text| {
        assert!(text.contains(from), "{part} has no {from}");
        text.replacen(from, to, 1)
    })
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("corner-cells.xlsx", "read", || {
            sheet(
                r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#,
            )
        }),
        case("cells-beyond-the-corner.xlsx", "read", || {
            sheet(r#"<row r="1"><c r="XFE1048577"><v>1</v></c></row>"#)
        }),
        case("cells-far-beyond-the-corner.xlsx", "damaged", || {
            sheet(r#"<row r="1"><c r="ZZZZZZZZZZZZ99999999999999999999"><v>1</v></c></row>"#)
        }),
        case("rows-beyond-the-corner.xlsx", "damaged", || {
            sheet(
                r#"<row r="4294967295"><c><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c></row>"#,
            )
        }),
        case("claims-to-be-wide.xlsx", "read", || {
            let part = format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{TAIL}"#
            );
            Archive::sample()
                .with(SHEET, Packed::of(part.as_bytes()))
                .bytes()
        }),
        case("million-cells.xlsx", "too large or too complex", || {
            grown(
                SHEET,
                &format!("{HEAD}<row>"),
                "<c><v>1</v></c>",
                1_000_000,
                &format!("</row>{TAIL}"),
            )
        }),
        case("millions-of-empty-cells.xlsx", "read", || {
            grown(
                SHEET,
                &format!("{HEAD}<row r=\"1\">"),
                "<c/>",
                3_900_000,
                &format!("</row>{TAIL}"),
            )
        }),
        case("sheet-of-one-row-of-16-mb.xlsx", "read", || {
            grown(
                SHEET,
                &format!("{HEAD}<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>"),
                "word ",
                3_000_000,
                &format!("</t></is></c></row>{TAIL}"),
            )
        }),
        case("formulas-without-end.xlsx", "damaged", || {
            grown(
                SHEET,
                &format!("{HEAD}<row r=\"1\">"),
                "<c r=\"A1\"><f>",
                1_000_000,
                "",
            )
        }),
        case("formulas-without-results.xlsx", "read", || {
            grown(
                SHEET,
                &format!("{HEAD}<row r=\"1\">"),
                "<c><f/></c>",
                1_000_000,
                &format!("</row>{TAIL}"),
            )
        }),
        case("cells-within-cells.xlsx", "damaged", || {
            grown(
                SHEET,
                &format!("{HEAD}<row r=\"1\">"),
                "<c r=\"A1\">",
                1_000_000,
                "",
            )
        }),
        case("nested-sheet.xlsx", "damaged", || {
            grown(SHEET, HEAD, "<a>", 1_000_000, "")
        }),
        case("nested-strings.xlsx", "damaged", || {
            grown(STRINGS, "<sst uniqueCount=\"1\"><si>", "<r>", 1_000_000, "")
        }),
        case("nested-workbook.xlsx", "read", || {
            grown(WORKBOOK, "<workbook><sheets>", "<x>", 1_000_000, "")
        }),
        case("nested-relations.xlsx", "read", || {
            grown(RELATIONS, "<Relationships>", "<x>", 1_000_000, "")
        }),
        case("nested-styles.xlsx", "read", || {
            grown(STYLES, "<styleSheet>", "<x>", 500_000, "")
        }),
        case("strings-by-the-million.xlsx", "read", || {
            grown(STRINGS, "<sst>", "<si><t>a</t></si>", 900_000, "</sst>")
        }),
        case("empty-strings-by-the-million.xlsx", "read", || {
            grown(STRINGS, "<sst>", "<si/>", 3_000_000, "</sst>")
        }),
        case("strings-of-40-mb.xlsx", "more than", || {
            grown(
                STRINGS,
                "<sst>",
                "<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>",
                900_000,
                "</sst>",
            )
        }),
        case("one-string-of-15-mb.xlsx", "damaged", || {
            grown(
                STRINGS,
                "<sst><si><t>",
                "word ",
                3_000_000,
                "</t></si></sst>",
            )
        }),
        case(
            "one-string-400000-times.xlsx",
            "more than 32 MB of text",
            || {
                let cells = Packed::repeated(
                    format!("{HEAD}<row>").as_bytes(),
                    "<c t=\"s\"><v>0</v></c>".repeat(1000).as_bytes(),
                    390,
                    format!("</row>{TAIL}").as_bytes(),
                );
                let long = format!("<si><t>{}</t></si>", "x".repeat(100_000));
                let bytes = changed(STRINGS, "<si>", &format!("{long}<si>"));
                Archive::of(&bytes).with(SHEET, cells).bytes()
            },
        ),
        case(
            "counts-strings-by-the-billion.xlsx",
            "holds more than it can",
            || changed(STRINGS, "uniqueCount=\"", "uniqueCount=\"99999999"),
        ),
        case(
            "counts-strings-beyond-counting.xlsx",
            "holds more than it can",
            || {
                changed(
                    STRINGS,
                    "uniqueCount=\"",
                    "uniqueCount=\"99999999999999999999999",
                )
            },
        ),
        case("strings-that-are-not-there.xlsx", "damaged", || {
            sheet(
                r#"<row r="1"><c r="A1" t="s"><v>4294967295</v></c><c r="B1" t="s"><v>-1</v></c><c r="C1" t="s"><v>x</v></c></row>"#,
            )
        }),
        case("numbers-beyond-numbers.xlsx", "read", || {
            sheet(
                r#"<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c><c r="C1"><v>-inf</v></c><c r="D1" s="1"><v>1e308</v></c></row>"#,
            )
        }),
        case("types-that-do-not-exist.xlsx", "read", || {
            sheet(
                r#"<row r="1"><c r="A1" t="zz"><v>1</v></c><c r="B1" t="b"><v>7</v></c><c r="C1" t="d"><v>not a day</v></c><c r="D1" s="99999999"><v>1</v></c></row>"#,
            )
        }),
        case("styles-by-the-hundred-thousand.xlsx", "read", || {
            grown(
                STYLES,
                "<styleSheet><cellXfs>",
                "<xf/>",
                390_000,
                "</cellXfs></styleSheet>",
            )
        }),
        case("styles-of-one-long-format.xlsx", "read", || {
            let head = format!(
                "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"{}\"/></numFmts><cellXfs>",
                "$".repeat(150_000)
            );
            grown(
                STYLES,
                &head,
                "<xf numFmtId=\"164\"/>",
                3_500,
                "</cellXfs></styleSheet>",
            )
        }),
        case("styles-of-many-fonts.xlsx", "read", || {
            grown(
                STYLES,
                "<styleSheet><fonts>",
                "<font><b/></font>",
                110_000,
                "</fonts></styleSheet>",
            )
        }),
        case("formats-that-do-not-end.xlsx", "read", || {
            let codes = ["[$", "_", "*", "\\", "&quot;", "[", "[$-", "%%%%", ";;;;"];
            let formats: String = codes
                .iter()
                .enumerate()
                .map(|(index, code)| {
                    format!(
                        "<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>",
                        164 + index,
                        code.repeat(99)
                    )
                })
                .collect();
            let xfs: String = (164..173)
                .map(|id| format!("<xf numFmtId=\"{id}\"/>"))
                .collect();
            let part = format!(
                "<styleSheet><numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>"
            );
            Archive::sample()
                .with(STYLES, Packed::of(part.as_bytes()))
                .bytes()
        }),
        case("entities-that-multiply.xlsx", "damaged", || {
            let mut entities = String::from("<!DOCTYPE sst [<!ENTITY a0 \"lol\">");
            for level in 1..20 {
                let before = format!("&a{};", level - 1).repeat(10);
                entities.push_str(&format!("<!ENTITY a{level} \"{before}\">"));
            }
            let part = format!("{entities}]><sst><si><t>&a19;</t></si></sst>");
            Archive::sample()
                .with(STRINGS, Packed::of(part.as_bytes()))
                .bytes()
        }),
        case("entities-from-files.xlsx", "damaged", || {
            let part = "<!DOCTYPE sst [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><sst><si><t>&e;</t></si></sst>";
            Archive::sample()
                .with(STRINGS, Packed::of(part.as_bytes()))
                .bytes()
        }),
        case("entities-from-the-network.xlsx", "read", || {
            changed(
                SHEET,
                "<sheetData>",
                "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\"><sheetData>&x;",
            )
        }),
        case("relations-to-elsewhere.xlsx", "read", || {
            changed(
                RELATIONS,
                "Target=\"worksheets/sheet1.xml\"",
                "Target=\"http://127.0.0.1:9/sheet1.xml\" TargetMode=\"External\"",
            )
        }),
        case("relations-upwards.xlsx", "read", || {
            changed(
                RELATIONS,
                "Target=\"worksheets/sheet1.xml\"",
                "Target=\"../../../../../../etc/passwd\"",
            )
        }),
        case("relations-in-a-circle.xlsx", "read", || {
            changed(
                RELATIONS,
                "Target=\"worksheets/sheet1.xml\"",
                "Target=\"workbook.xml\"",
            )
        }),
        case("one-sheet-5000-times.xlsx", "more than 256", || {
            changed(
                WORKBOOK,
                "<sheets>",
                &format!(
                    "<sheets>{}",
                    "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>".repeat(5000)
                ),
            )
        }),
        case("one-large-sheet-200-times.xlsx", "more than", || {
            let bytes = changed(
                WORKBOOK,
                "<sheets>",
                &format!(
                    "<sheets>{}",
                    "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>".repeat(200)
                ),
            );
            let block = "<c><v>1</v></c>".repeat(1000);
            let cells = Packed::repeated(
                format!("{HEAD}<row>").as_bytes(),
                block.as_bytes(),
                200,
                format!("</row>{TAIL}").as_bytes(),
            );
            Archive::of(&bytes)
                .with("xl/worksheets/sheet1.xml", cells)
                .bytes()
        }),
        case("names-by-the-hundred-thousand.xlsx", "read", || {
            let names = "<definedName name=\"pb_client__about__company\">Client!$C$7</definedName>"
                .repeat(200_000);
            changed(
                WORKBOOK,
                "<definedNames>",
                &format!("<definedNames>{names}"),
            )
        }),
        case("one-name-of-a-megabyte.xlsx", "read", || {
            let name = format!(
                "<definedName name=\"pb.{}\">{}</definedName>",
                "x".repeat(1 << 20),
                "$A".repeat(1 << 20)
            );
            changed(WORKBOOK, "<definedNames>", &format!("<definedNames>{name}"))
        }),
        case("a-tag-of-a-million-attributes.xlsx", "read", || {
            let attributes: String = (0..400_000)
                .map(|index| format!(" a{index}=\"\""))
                .collect();
            changed(SHEET, "<sheetData>", &format!("<sheetData{attributes}>"))
        }),
        case("a-tag-of-one-attribute-400000-times.xlsx", "read", || {
            sheet(&format!(
                "<row{}><c r=\"A1\"><v>1</v></c></row>",
                " r=\"1\"".repeat(400_000)
            ))
        }),
        case("a-remark-without-end.xlsx", "read", || {
            grown(SHEET, "<worksheet><!--", "-", 15_000_000, "")
        }),
        case("raw-text-without-end.xlsx", "read", || {
            grown(SHEET, "<worksheet><![CDATA[", "]", 15_000_000, "")
        }),
        case("a-tag-without-end.xlsx", "read", || {
            grown(SHEET, "<worksheet", " ", 15_000_000, "")
        }),
        case("a-tag-of-nothing-but-opening.xlsx", "read", || {
            grown(SHEET, "", "<", 15_000_000, "")
        }),
        case("letters-of-two-bytes.xlsx", "read", || {
            let part = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{HEAD}{TAIL}");
            let bytes: Vec<u8> = [0xFF, 0xFE]
                .into_iter()
                .chain(part.encode_utf16().flat_map(u16::to_le_bytes))
                .collect();
            Archive::sample().with(SHEET, Packed::of(&bytes)).bytes()
        }),
        case("letters-that-are-none.xlsx", "damaged", || {
            let bytes = [
                HEAD.as_bytes(),
                b"<row><c t=\"str\"><v>\xFF\xFE\xC0\x80\0\0</v></c></row>",
                TAIL.as_bytes(),
            ]
            .concat();
            Archive::sample().with(SHEET, Packed::of(&bytes)).bytes()
        }),
        case("no-workbook-part.xlsx", "read", || {
            Archive::sample().without(WORKBOOK).bytes()
        }),
        case("no-strings.xlsx", "damaged", || {
            Archive::sample().without(STRINGS).bytes()
        }),
        case("no-styles.xlsx", "read", || {
            Archive::sample().without(STYLES).bytes()
        }),
        case("empty-parts.xlsx", "damaged", || {
            let mut archive = Archive::sample();
            archive
                .entries
                .iter_mut()
                .for_each(|(_, part)| *part = Packed::of(b""));
            archive.bytes()
        }),
        case("macros.xlsm", "read", || {
            let content = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
            let bytes = common::with_part(&content, "[Content_Types].xml", |text| {
                text.replace(
                    "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                    "vnd.ms-excel.sheet.macroEnabled.main",
                )
            });
            Archive::of(&bytes)
                .with("xl/vbaProject.bin", Packed::of(&[0xCC; 100_000]))
                .bytes()
        }),
    ]
}
