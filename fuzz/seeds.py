#!/usr/bin/env python3
"""Makes the first inputs of every target, in corpus/, from the samples, the fixtures and the table of typed values."""

import pathlib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BETWEEN = b"\n--part--\n"
XLSX = [
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
]
XLSB = [
    "xl/worksheets/sheet1.bin",
    "xl/sharedStrings.bin",
    "xl/styles.bin",
    "xl/workbook.bin",
    "xl/_rels/workbook.bin.rels",
    "[Content_Types].xml",
]


def seed(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def parts(path, names):
    with zipfile.ZipFile(path) as archive:
        held = set(archive.namelist())
        return BETWEEN.join(archive.read(name) if name in held else b"" for name in names)


def xls_stream(path):
    """The workbook's stream, where its sectors follow one another, as most writers lay them."""
    content = path.read_bytes()
    start = content.find(bytes([0x09, 0x08, 0x10, 0x00]))
    return content[start:] if start >= 0 else b""


SMALL = {
    "xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>1+1</f>'
    b'<v>2</v></c><c r="C1" t="inlineStr"><is><t>8/10</t></is></c><c r="D1" t="e"><v>#N/A</v></c></row></sheetData></worksheet>',
    "xl/worksheets/sheet2.xml": b"<worksheet><sheetData/></worksheet>",
    "xl/sharedStrings.xml": b'<sst uniqueCount="1"><si><r><t>Client</t></r></si></sst>',
    "xl/styles.xml": b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0%"/></numFmts><cellXfs><xf numFmtId="0"/>'
    b'<xf numFmtId="164"/></cellXfs></styleSheet>',
    "xl/workbook.xml": b'<workbook><sheets><sheet name="Client" sheetId="1" r:id="r1"/><sheet name="B" sheetId="2" r:id="r2"/>'
    b"</sheets><definedNames><definedName name=\"pb_client__about__company\">'Client'!$C$6</definedName></definedNames></workbook>",
    "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/><Relationship Id="r2" '
    b'Target="worksheets/sheet2.xml"/></Relationships>',
    "[Content_Types].xml": b"<Types/>",
}

SMALL_ODS = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:'
    b'tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    b'<office:spreadsheet><table:table table:name="Client"><table:table-row table:number-rows-repeated="2">'
    b'<table:table-cell table:number-columns-repeated="3"/></table:table-row><table:table-row><table:table-cell '
    b'office:value-type="percentage" office:value="0.25"/><table:table-cell office:value-type="string"><text:p>8/10<text:s '
    b'text:c="3"/>or so</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-12-01"/>'
    b'<table:table-cell office:value-type="currency" office:currency="EUR" office:value="12000"/><table:table-cell '
    b'table:formula="of:=[.A1]"/></table:table-row></table:table><table:named-expressions><table:named-range '
    b'table:name="pb_client__about__company" table:cell-range-address="$Client.$C$6"/></table:named-expressions></office:spreadsheet>'
    b"</office:body></office:document-content>"
)

seed("ods", "small", SMALL_ODS)
seed("xlsx", "small", BETWEEN.join(SMALL[name] for name in XLSX))
for sample in sorted((ROOT / "samples").glob("*.xlsx")):
    seed("xlsx", sample.name, sample.read_bytes())
    seed("xlsx", sample.stem + ".parts", parts(sample, XLSX))
for fixture in sorted((ROOT / "tests/fixtures").iterdir()):
    if fixture.suffix == ".xlsb":
        seed("xlsb", fixture.name, fixture.read_bytes())
        seed("xlsb", fixture.stem + ".parts", parts(fixture, XLSB))
    elif fixture.suffix == ".xls":
        seed("xls", fixture.name, fixture.read_bytes())
        seed("xls", fixture.stem + ".stream", xls_stream(fixture))
    elif fixture.suffix == ".ods":
        seed("ods", fixture.name, fixture.read_bytes())
        seed("ods", fixture.stem + ".content", parts(fixture, ["content.xml"]))
for number, line in enumerate((ROOT / "tests/fixtures/values.tsv").read_text("utf-8").splitlines()):
    columns = line.split("\t")
    if not line.startswith("#") and len(columns) > 1:
        for index, column in enumerate(columns[:3]):
            for kind in (0, 90, 170, 250):
                seed("values", f"{number}-{index}-{kind}", bytes([kind]) + column.encode())
