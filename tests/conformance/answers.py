"""answers.csv and answers.parquet before DuckDB and pandas: both hold the same answers, typed, and those of results.jsonl's clients.

usage: answers.py OUT_FOLDER
"""

import json
import sys
from pathlib import Path

import duckdb
import pandas

out = Path(sys.argv[1])
clients = [json.loads(line) for line in (out / "results.jsonl").read_text("utf-8").splitlines()]
columns = [
    ("client", "VARCHAR"), ("file", "VARCHAR"), ("worksheet", "VARCHAR"), ("section", "VARCHAR"), ("question", "VARCHAR"), ("field", "VARCHAR"),
    ("type", "VARCHAR"), ("unit", "VARCHAR"), ("state", "VARCHAR"), ("client_currency", "VARCHAR"), ("number", "DOUBLE"), ("date", "DATE"),
    ("text", "VARCHAR"), ("as_entered", "VARCHAR"), ("sheet", "VARCHAR"), ("cell", "VARCHAR"),
]
parquet, csv = str(out / "answers.parquet"), str(out / "answers.csv")
described = [(name, kind) for name, kind, *_ in duckdb.execute(f"DESCRIBE SELECT * FROM '{parquet}'").fetchall()]
assert described == columns, described

# The types are the documented ones; DuckDB's guesses would do for most, and pandas reads the same.
types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in columns) + "}"
read_csv = f"read_csv('{csv}', header = true, columns = {types}, quote = '\"', escape = '\"', new_line = '\\r\\n')"
rows = duckdb.execute(f"SELECT count(*), count(DISTINCT client), count(DISTINCT field) FROM '{parquet}'").fetchone()
assert rows[0] == rows[2] * len(clients), rows
# Where a spreadsheet would take a text for a formula, the CSV has an apostrophe before it.
sign = r"'(^|[;\t\n\r]) *''([=+@＝＋－＠-])'"
plain = ", ".join(
    f"regexp_replace(coalesce({name}, ''), {sign}, '\\1\\2', 'g')" if kind == "VARCHAR" else name for name, kind in columns
)
texts = ", ".join(f"coalesce({name}, '')" if kind == "VARCHAR" else name for name, kind in columns)
for one, other in (("parquet", "csv"), ("csv", "parquet")):
    source = {"parquet": f"SELECT {texts} FROM '{parquet}'", "csv": f"SELECT {plain} FROM {read_csv}"}
    missing = duckdb.execute(f"SELECT count(*) FROM ({source[one]} EXCEPT ALL {source[other]})").fetchone()[0]
    assert missing == 0, f"{missing} rows of {one} are not in {other}"

frame, typed = pandas.read_csv(csv, dtype=str, keep_default_na=False), pandas.read_parquet(parquet)
assert list(frame.columns) == list(typed.columns) == [name for name, _ in columns]
assert len(frame) == len(typed) == rows[0]
for line in clients:
    own = typed[typed["file"] == line["source"]["file"]]
    answered, expected = line["completeness"]["answered"], line["completeness"]["expected"]
    assert answered <= (own["state"].isin(["answered", "not_applicable"])).sum() and expected <= len(own), line["client"]["name"]
    # A rating that the results hold the mean of: out of 10, as a number.
    ratings = own[own["type"] == "rating"]["number"].dropna()
    assert ratings.between(0, 10).all()
    for candidate in (subject for score in line["scores"] if score["ranked"] for subject in score["subjects"]):
        assert (own["text"] == candidate["name"]).any() or candidate["name"].startswith(("Candidate", "Integration")), candidate["name"]
print(f"{rows[0]} answers of {len(clients)} clients agree in DuckDB and pandas")
