"""Prints what the hidden sheet calculates as JSON: the points of each subject of each score, and for each rule whether it is
broken, with its cell and message: live.py WORKBOOK.xlsx"""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], data_only=True)
sheet = next(sheet for sheet in book if sheet["A5"].value == "score")
points, last = [], None
for row in sheet.iter_rows(min_row=6, max_col=9, values_only=True):
    if row[0] is None:
        break
    # The points stand in the first row of the dimensions of a subject.
    subject = row[:2]
    is_first = subject != last or row[2] == first
    if is_first:
        first = row[2]
        points.append(row[8] if isinstance(row[8], (int, float)) else None)
    last = subject
rules = []
for row in sheet.iter_rows(min_row=6, min_col=14, max_col=18, values_only=True):
    if row[0] is None:
        break
    rules.append([row[0] == 1, row[2], row[4]])
print(json.dumps([points, rules]))
