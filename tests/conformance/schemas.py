"""Checks the files of a questionnaire against the JSON schemas in its folder: schemas.py FOLDER."""

import json
import pathlib
import sys
import tomllib

import jsonschema

folder = pathlib.Path(sys.argv[1])
checked = 0
for file in sorted(folder.glob("**/*.toml")):
    name = "worksheet" if file.parent.name == "worksheets" else file.stem
    schema = json.loads((folder / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    for error in validator.iter_errors(content):
        place = "/".join(str(part) for part in error.absolute_path)
        print(f"{file.relative_to(folder)}: {place}: {error.message[:200]}")
    checked += 1
print(f"{checked} files")
