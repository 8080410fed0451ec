"""Holds `takeover validate` and the JSON Schema of plans against each other, plan by plan.

Arguments: the program, a folder for the plans. Every plan of Plans/ is taken as it stands and changed in
many ways, one change at a time. What validate takes, the schema takes; what the schema refuses, validate
refuses; and what validate refuses for a reason that a schema can tell, the schema refuses.
"""

import copy
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys

from ruamel.yaml import YAML

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
yaml = YAML(typ="safe", pure=True)
# What a schema cannot tell: relations between places, and words with a meaning of their own.
BEYOND = {
    "TK001", "TK002", "TK003", "TK004", "TK015", "TK018", "TK019", "TK022", "TK023", "TK024",
    "TK025", "TK026", "TK027", "TK028", "TK030", "TK031",
}


def bases():
    for path in sorted(pathlib.Path("Plans").rglob("*.yaml")):
        if not {"sites", "labs", "ci", ".schema"} & set(path.parts):
            yield path, yaml.load(path.read_text())


def first(plan):
    return plan["trials"][0]


# Each is a name and a change of a plan; it need not fit every plan.
def drop(key):
    return f"without {key}", lambda plan: plan.pop(key)


def put(key, value):
    return f"{key}: {value!r}", lambda plan: plan.__setitem__(key, value)


def trial_drop(key):
    return f"trial without {key}", lambda plan: first(plan).pop(key)


def trial_put(key, value):
    return f"trial with {key}: {value!r}", lambda plan: first(plan).__setitem__(key, value)


def expect_put(key, value):
    return f"expect {key}: {value!r}", lambda plan: first(plan)["expect"].__setitem__(key, value)


CHANGES = [
    # Good ones, most of them.
    drop("why"), drop("tags"), put("why", "because"), put("why", 7), put("tags", ["nightly", "a-1"]),
    put("lease", "30s"), put("lease", "1.5m"), put("stop-if", {"nobody-holds": "30s"}),
    put("stop-if", {"no-verdict": 3}), put("observe", []),
    put("observe", [{"name": "x", "command": "true"}]),
    put("observe", [{"name": "x", "on": "here", "command": ["true", "a"], "every": "100ms"}]),
    trial_put("repeat", 3), trial_put("phase", 0.5), trial_put("phase", "stratified"),
    trial_put("settle", "500ms"), trial_put("recover", "1h"), trial_put("tags", []),
    trial_put("target", "standby"), trial_put("expect", "as-configured"), trial_drop("expect"),
    expect_put("transitions", 2), expect_put("takeover-within", "0.5s"),
    # Bad ones, all of them.
    drop("version"), drop("name"), drop("trials"), put("version", 2), put("version", "1"),
    put("name", "Not A Name"), put("name", "x" * 25), put("name", ["a"]), put("nmae", "x"),
    put("tags", "nightly"), put("tags", ["UPPER"]), put("trials", []), put("trials", {}),
    put("lease", 30), put("lease", "30"), put("lease", "soon"), put("stop-if", {}),
    put("stop-if", {"nobody": "30s"}), put("stop-if", {"no-verdict": 0}),
    put("observe", [{"name": "x"}]), put("observe", [{"name": "x", "command": []}]),
    put("site", []), put("why", ["a"]),
    trial_drop("fault"), trial_drop("name"), trial_drop("hold"), trial_put("fault", "kill-proces"),
    trial_put("fault", ["stop-service"]), trial_put("hold", 6), trial_put("hold", "6"),
    trial_put("hold", "-1s"), trial_put("hold", "6 s"), trial_put("no-such-key", "x"),
    trial_put("repeat", 0), trial_put("repeat", "3"), trial_put("repeat", 1.5),
    trial_put("repeat", 20000), trial_put("phase", 1), trial_put("phase", "sometimes"),
    trial_put("phase", -0.1), trial_put("allow-outage", "yes"), trial_put("allow-outage", 1),
    trial_put("also", []), trial_put("also", [{"fault": "nope"}]), trial_put("also", "x"),
    trial_put("expect", {}), trial_put("expect", "as-it-likes"), trial_put("expect", ["x"]),
    trial_put("target", "The Holder"), trial_put("tags", [["x"]]),
    expect_put("takeover-witin", "1s"), expect_put("takeover-within", 1),
    expect_put("takeover-within", True), expect_put("transitions", "many"),
    expect_put("transitions", -1), expect_put("single-holder", "never"),
]


def write():
    shutil.copytree("Plans", folder / "Plans", dirs_exist_ok=True)
    names = {}
    for number, (path, plan) in enumerate(bases()):
        # Every plan as it is, and a share of the changes, so that each comes to several plans.
        share = [c for i, c in enumerate(CHANGES) if (i + number) % 5 == 0]
        for index, (words, change) in enumerate([("as it is", lambda plan: None)] + share):
            changed = copy.deepcopy(plan)
            try:
                change(changed)
            except (KeyError, TypeError, AttributeError):
                continue
            text = io.StringIO()
            yaml.dump(changed, text)
            file = folder / path.parent / f"{path.stem}.{index}.changed.yaml"
            file.write_text(text.getvalue())
            names[str(file)] = f"{path}: {words}"
    return names


names = write()
files = sorted(names)
said = subprocess.run([program, "validate", *files], capture_output=True, text=True).stderr
codes = {file: set() for file in files}
for line in said.splitlines():
    found = re.match(r"(?:takeover: )?(.*?\.changed\.yaml)(?::\d+:\d+)?: error(?:\[(TK\d+)\])?", line)
    if found and found[1] in codes:
        codes[found[1]].add(found[2] or "site")
schema = folder / "plan.json"
schema.write_text(subprocess.run([program, "schema", "plan"], capture_output=True, text=True).stdout)
checker = pathlib.Path(sys.executable).parent / "check-jsonschema"
answer = subprocess.run(
    [str(checker), "--schemafile", str(schema), "-o", "json", *files],
    capture_output=True, text=True)
report = json.loads(answer.stdout)
assert not report.get("parse_errors"), report["parse_errors"]
refused = {error["filename"] for error in report["errors"]}

wrong = []
for file in files:
    reasons = codes[file] - {"site"}
    if file in refused and not reasons:
        wrong.append(f"only the schema refuses {names[file]}")
    if reasons - BEYOND and file not in refused:
        wrong.append(f"only validate refuses {names[file]}: {sorted(reasons)}")
good = sum(not codes[file] - {"site"} for file in files)
bad = len(files) - good
print("\n".join(wrong))
assert not wrong, f"{len(wrong)} of {len(files)} plans"
assert len(files) >= 200 and good >= 50 and bad >= 100, (len(files), good, bad)
print(f"validate and the schema agree on {good} good plans and {bad} bad ones")
