"""Holds what a run has left against the schemas that say what a run leaves.

Arguments: the program, a run's folder.
"""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft7Validator

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def validator(kind):
    text = subprocess.run([program, "schema", kind], capture_output=True, text=True, check=True).stdout
    schema = json.loads(text)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def check(kind, document, place):
    errors = sorted(validators[kind].iter_errors(document), key=str)
    assert not errors, f"{place}: {errors[0].message} at {list(errors[0].absolute_path)}"


validators = {kind: validator(kind) for kind in ("results", "journal")}
check("results", json.loads((folder / "results.json").read_text()), "results.json")
events = {}
with open(folder / "journal.jsonl", encoding="utf-8") as file:
    for number, line in enumerate(file, start=1):
        document = json.loads(line)
        # Of the many frames and probes a part will do.
        events[document["event"]] = events.get(document["event"], 0) + 1
        if events[document["event"]] <= 200:
            check("journal", document, f"journal.jsonl:{number}")
assert "run-began" in events and "blow" in events and "run-ended" in events, events
print(f"{folder}: results.json and {sum(events.values())} lines of {len(events)} kinds are as the schemas say")
