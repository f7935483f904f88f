"""Prints what a cold build cost, and fails when it grew by more than a tenth over the figures in build-cost.toml."""

import json
import pathlib
import re
import sys
import tomllib

TOLERANCE = 1.1

here = pathlib.Path(__file__).parent
figures = tomllib.loads((here / "build-cost.toml").read_text())
page = pathlib.Path(sys.argv[1]).read_text()
units = json.loads(re.search(r"const UNIT_DATA = (\[.*?\]);", page, re.S)[1])
seconds = sum(unit["duration"] for unit in units)
wall = max(unit["start"] + unit["duration"] for unit in units)
print(f"{len(units)} units, {seconds:.0f} s in all, {wall:.0f} s from start to end")
for unit in sorted(units, key=lambda unit: -unit["duration"])[:12]:
    print(f"{unit['duration']:7.1f} s  {unit['name']} {unit['version']}{unit['target']}")
if len(units) < figures["units"] / TOLERANCE:
    print("This build was not cold: its cost is not judged.")
    sys.exit(0)
faults = [
    f"{what}: {value:.0f}, more than a tenth above {figures[what]}"
    for what, value in (("units", len(units)), ("seconds", seconds))
    if value > TOLERANCE * figures[what]
]
for fault in faults:
    print(fault)
if faults:
    print("Find a lighter way, or change .ci/build-cost.toml in the commit that needs it (CONTRIBUTING.md, Build time).")
sys.exit(1 if faults else 0)
