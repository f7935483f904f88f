"""A consolidated workbook before openpyxl and LibreOffice: every formula has a cached result, and LibreOffice works out the
same; every chart's ranges hold what results.jsonl holds; every sheet has a title, print setup and no clipped heading.

usage: portfolio.py OUT_FOLDER SCRATCH_FOLDER
"""

import json
import re
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
EACH_END = 15

# openpyxl says that it drops data bars and sparklines; what is checked here needs neither.
warnings.filterwarnings("ignore", category=UserWarning)


def close(a, b):
    if a in (None, "") and b in (None, ""):
        return True
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
    return a == b


def recalculated(workbook, scratch):
    """The workbook as LibreOffice works it out."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(scratch / "recalculated"), str(workbook)],
        check=True, capture_output=True,
    )
    return scratch / "recalculated" / workbook.name


def formulas(workbook, scratch):
    """Cached results of all formulas against LibreOffice's own."""
    live = openpyxl.load_workbook(workbook)
    cached = openpyxl.load_workbook(workbook, data_only=True)
    # openpyxl keeps no cached result, so that LibreOffice has to work out all.
    bare = scratch / "bare.xlsx"
    live.save(bare)
    theirs = openpyxl.load_workbook(recalculated(bare, scratch), data_only=True)
    count = 0
    for sheet in live.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                ours = cached[sheet.title][cell.coordinate].value
                there = theirs[sheet.title][cell.coordinate].value
                assert close(ours, there), f"{sheet.title}!{cell.coordinate} {cell.value}: {ours} here, {there} there"
                # An empty text is a result too; it says so in the file.
                assert ours is not None or '""' in cell.value, f"{sheet.title}!{cell.coordinate} {cell.value}: no result"
    return count


def sorted_by_its_reader(workbook, scratch):
    """The client that is chosen keeps its figures when somebody sorts the sheet of the clients."""
    book = openpyxl.load_workbook(workbook)
    if "Compare" not in book.sheetnames:
        return
    ours = openpyxl.load_workbook(workbook, data_only=True)["Compare"]
    clients = book["Clients"]
    top = next(row for row in range(1, clients.max_row) if clients.cell(row, 1).value == "Client") + 1
    rows = [[cell.value for cell in row] for row in clients.iter_rows(min_row=top)]
    for row, values in zip(clients.iter_rows(min_row=top), reversed(rows)):
        for cell, value in zip(row, values):
            cell.value = value
    turned = scratch / "turned.xlsx"
    book.save(turned)
    theirs = openpyxl.load_workbook(recalculated(turned, scratch), data_only=True)["Compare"]
    for row in range(6, theirs.max_row + 1):
        here, there = ours.cell(row, 2).value, theirs.cell(row, 2).value
        assert close(here, there), f"Compare!B{row}: {here}, and {there} after sorting"


def column(reference, cached):
    sheet, cells = reference.rsplit("!", 1)
    sheet = sheet.strip("'").replace("''", "'")
    rows = cached[sheet][cells.replace("$", "")]
    rows = rows if isinstance(rows, tuple) else ((rows,),)
    return [cell.value for row in rows for cell in row]


def charts(workbook, cached):
    """Title, alternative text and series of each chart: names and values as its ranges hold them."""
    found = {}
    with zipfile.ZipFile(workbook) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        for name in names:
            tree = ElementTree.fromstring(archive.read(name))
            title = "".join(text.text for text in tree.find(f"{C}chart/{C}title").iter(f"{A}t"))
            axes = [axis for kind in ("catAx", "valAx") for axis in tree.iter(f"{C}{kind}")]
            pictures = tree.find(f".//{C}doughnutChart") is not None or tree.find(f".//{C}radarChart") is not None
            assert pictures or (axes and all(axis.find(f"{C}title") is not None for axis in axes)), f"{title}: an axis without a title"
            series = []
            for one in tree.iter(f"{C}ser"):
                ranges = {}
                for kind in ("cat", "val", "xVal", "yVal"):
                    reference = one.find(f"{C}{kind}//{C}f")
                    if reference is None:
                        continue
                    values = column(reference.text, cached)
                    assert any(value is not None for value in values), f"{title}: an empty range"
                    for point in one.find(f"{C}{kind}").iter(f"{C}pt"):
                        index, text = int(point.get("idx")), point.find(f"{C}v").text
                        same = values[index] == text or kind != "cat" and close(values[index], float(text))
                        assert same, f"{title}: {text} is cached for {values[index]}"
                    ranges[kind] = values
                series.append(ranges)
            assert series, f"{title}: no series"
            found.setdefault(title, series)
        drawings = [name for name in archive.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
        for name in drawings:
            for frame in ElementTree.fromstring(archive.read(name)).iter(f"{XDR}cNvPr"):
                assert frame.get("descr"), f"{name}: a chart without alternative text"
    return found


def same_name(shown, name):
    if name == "…":
        return shown == name
    # A long name is cut, and keeps its ends.
    head, cut, tail = shown.partition("…")
    return name.startswith(head) and name.endswith(tail) if cut else shown == name


def compare(title, found, wanted):
    """The chart of this title against (name, values…) rows."""
    if not wanted:
        assert not any(own == title or own.startswith(f"{title},") for own in found), f"{title} is drawn without data"
        return 0
    series = next((series for own, series in found.items() if own == title or own.startswith(f"{title}, ")), None)
    assert series, f"no chart is called {title}: {list(found)}"
    names = series[0]["cat"]
    assert len(names) == len(wanted), f"{title}: {len(names)} rows, not {len(wanted)}"
    for index, (name, *values) in enumerate(wanted):
        assert same_name(names[index], name), f"{title}: {names[index]} stands where {name} should"
        for own, value in zip(series, values):
            assert close(own["val"][index], value), f"{title}, {name}: {own['val'][index]}, not {value}"
    return 1


def ends(rows):
    return rows if len(rows) <= 2 * EACH_END else rows[:EACH_END] + [("…",)] + rows[-EACH_END:]


def flat(line):
    """The line with the scores of the client alone, and with its candidates, each with their score's id, label and points."""
    scores, candidates = [], []
    for score in line["scores"]:
        for subject in score["subjects"]:
            band = subject["band"] and subject["band"]["label"]
            own = {**subject, "band": band, "score": score["id"], "label": score["label"], "out_of": score["out_of"]}
            (candidates if score["ranked"] else scores).append(own)
    return {**line, "scores": scores, "selection": candidates}


def main():
    out, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    workbook = out / "portfolio.xlsx"
    lines = [flat(json.loads(line)) for line in (out / "results.jsonl").read_text("utf-8").splitlines()]
    cached = openpyxl.load_workbook(workbook, data_only=True)
    found = charts(workbook, cached)
    checked = 0
    times = Counter(line["client"]["name"].casefold() for line in lines)

    def name(line):
        # Clients of one name are told apart by their files.
        own = line["client"]["name"]
        return f"{own} ({Path(line['source']['file']).stem})" if times[own.casefold()] > 1 else own

    first, second = ([(line, line["scores"][index]) for line in lines] for index in (0, 1))
    by_name = sorted(first, key=lambda pair: name(pair[0]).lower())
    best_first = sorted(by_name, key=lambda pair: -(pair[1]["points"] if pair[1]["points"] is not None else -1))
    order = [name(line) for line, _ in best_first]
    place = {client: index for index, client in enumerate(order)}

    def ranked(pairs, values):
        scored = [(line, score) for line, score in pairs if score["points"] is not None]
        scored.sort(key=lambda pair: (-pair[1]["points"], place[name(pair[0])]))
        return ends([(name(line), *values(score)) for line, score in scored])

    if len(lines) > 1:
        label = lambda pairs: pairs[0][1]["label"]
        checked += compare(f"{label(first)} ranking", found, ranked(first, lambda score: [score["points"]]))
        checked += compare(f"{label(second)} by dimension", found, ranked(second, lambda score: [part["points"] for part in score["dimensions"]]))
        bands = {}
        for _, score in first:
            if score["points"] is not None:
                low, count = bands.get(score["band"], (score["points"], 0))
                bands[score["band"]] = (min(low, score["points"]), count + 1)
        bands = sorted(bands.items(), key=lambda band: -band[1][0])
        checked += compare(f"Clients by band of {label(first)}", found, [(band, count) for band, (_, count) in bands])
        pairs = {name(line): score["points"] for line, score in second}
        points = [(score["points"], pairs[name(line)]) for line, score in best_first if None not in (score["points"], pairs[name(line)])]
        scatter = next(series for title, series in found.items() if title.startswith(f"{label(second)} against"))
        assert list(zip(scatter[0]["xVal"], scatter[0]["yVal"])) == points, "the scatter chart's points"
        checked += 1
    finance = [(line, line["finance"]) for line, _ in best_first]
    roi = [(name(line), own["multiple"], own["entered_multiple"]) for line, own in finance if own["multiple"] is not None]
    roi.sort(key=lambda row: -row[1])
    checked += compare("Return multiple", found, ends(roi))
    currencies = {}
    for line, own in finance:
        if None not in (own["investment"], own["return"]):
            currencies.setdefault(line["client"]["currency"], []).append((name(line), own["investment"], own["return"]))
    # A currency of one client is drawn only where all are.
    if any(len(rows) > 1 for rows in currencies.values()):
        currencies = {currency: rows for currency, rows in currencies.items() if len(rows) > 1}
    for currency, rows in sorted(currencies.items(), key=lambda item: (-len(item[1]), item[0] or ""))[:3]:
        rows.sort(key=lambda row: -row[2])
        checked += compare(f"Investment and return, {currency or 'A'} a month", found, ends(rows))
    issues = next((series for title, series in found.items() if title == "Errors and warnings by worksheet"), None)
    for index, severity in enumerate(("errors", "warnings")):
        total = sum(line["counts"][severity] for line in lines)
        drawn = sum(value or 0 for value in issues[index]["val"]) if issues else 0
        assert drawn == total, f"{drawn} {severity} are drawn of {total}"
    checked += issues is not None
    for id in dict.fromkeys(candidate["score"] for line in lines for candidate in line["selection"]):
        kinds = {}
        for line in lines:
            for candidate in line["selection"]:
                if candidate["score"] == id and candidate["kind"] and candidate["rank"]:
                    first_place, others = kinds.get(candidate["kind"], (0, 0))
                    kinds[candidate["kind"]] = (first_place + (candidate["rank"] == 1), others + (1 < candidate["rank"] <= 3))
        drawn = [series for title, series in found.items() if title.endswith(": which kinds win")]
        if kinds:
            shown = next(series for series in drawn if set(series[0]["cat"]) <= set(kinds) | {None})
            for index, kind in enumerate(shown[0]["cat"]):
                assert (shown[0]["val"][index], shown[1]["val"][index]) == kinds[kind], f"{kind} wins {kinds[kind]}"
            checked += 1

    for sheet in cached.worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert sheet["A1"].value, f"{sheet.title} has no title"
        assert sheet.page_setup.orientation in ("landscape", "portrait") and sheet.sheet_properties.pageSetUpPr.fitToPage, f"{sheet.title} has no print setup"
    clients = cached["Clients"]
    shown = [row[0].value for row in clients.iter_rows(min_row=1)]
    assert [text for text in shown[shown.index("Client") + 1:] if text] == order, "the clients stand in another order"
    count = formulas(workbook, scratch)
    sorted_by_its_reader(workbook, scratch)
    print(f"{count} formulas agree, {checked} charts hold the results, {len(found)} charts")


main()
