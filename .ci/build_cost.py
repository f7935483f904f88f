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
compiled = sum(unit["duration"] > 0 for unit in units)
if compiled < figures["units"] / 2:
    print("This build was not cold: its cost is not judged.")
    sys.exit(0)

faults = []
if len(units) > TOLERANCE * figures["units"]:
    faults.append(f"units: {len(units)}, more than a tenth above {figures['units']}")
reference = figures["reference"]
taken = {f"{unit['name']} {unit['version']}": unit["duration"] for unit in units if not unit["target"]}
if missing := reference.keys() - taken.keys():
    faults.append(f"{', '.join(sorted(missing))}: no longer built; measure the reference crates of build-cost.toml again")
else:
    slower = sum(taken[crate] for crate in reference) / sum(reference.values())
    normal = seconds / slower
    print(f"The machine took {slower:.2f} times the reference; at its speed the build takes {normal:.0f} s.")
    if normal > TOLERANCE * figures["seconds"]:
        faults.append(f"seconds: {normal:.0f}, more than a tenth above {figures['seconds']}")
for fault in faults:
    print(fault)
if faults:
    print("Find a lighter way, or change .ci/build-cost.toml in the commit that needs it (CONTRIBUTING.md, Build time).")
sys.exit(1 if faults else 0)
