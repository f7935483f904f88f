"""Prints the points on the hidden sheet as a JSON list, one per subject of each score: live.py WORKBOOK.xlsx"""

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
print(json.dumps(points))
