"""Prints every computed cell of a workbook as JSON, by the id in its row and its column's place: what another program worked out.

usage: computed.py WORKBOOK.xlsx FIELD...
"""
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], data_only=True)
found = {}
for field in sys.argv[2:]:
    defined = book.defined_names["pb_" + field.replace(".", "__")]
    sheet, address = next(iter(defined.destinations))
    value = book[sheet][address.replace("$", "")].value
    found[field] = value if isinstance(value, (int, float)) else None
print(json.dumps(found))
