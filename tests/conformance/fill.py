"""Fills a blank workbook with answers the way a careless program does: with openpyxl, by defined names, numbers as numbers.

usage: fill.py BLANK.xlsx ANSWERS.json OUT.xlsx
"""
import datetime
import json
import sys

import openpyxl

blank, answers, out = sys.argv[1:]
book = openpyxl.load_workbook(blank)
cells = {}
for name, defined in book.defined_names.items():
    if name.startswith("pb_"):
        sheet, address = next(iter(defined.destinations))
        cells[name[3:].replace("__", ".")] = book[sheet][address.replace("$", "")]
for field, value in json.load(open(answers, encoding="utf-8")).items():
    cell = cells[field]
    if "%" in cell.number_format and isinstance(value, (int, float)):
        value = value / 100
    if isinstance(value, str) and "yyyy" in cell.number_format and value[:1].isdigit():
        value = datetime.date.fromisoformat(value)
    cell.value = value
book.save(out)
