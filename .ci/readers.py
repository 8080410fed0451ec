"""Reads a run's files as other people's programs do.

Arguments: standard.xml strict.xml results.json evidence.pcapng.
"""

import json
import sys

import junitparser
import xunitparserx
from lxml import etree
from pcapng import FileScanner, blocks

standard, strict, results, evidence = sys.argv[1:]
for path in (standard, strict):
    root = etree.parse(path).getroot()
    cases = root.findall("testsuite/testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert cases and len(set(names)) == len(names), "names are not unique"
    assert all(len("".join(name)) <= 512 for name in names)
    for element in [root, *root.findall("testsuite")]:
        inside = element.findall(".//testcase")
        for attribute, child in (("tests", None), ("failures", "failure"), ("errors", "error")):
            count = len(inside) if child is None else sum(c.find(child) is not None for c in inside)
            assert int(element.get(attribute)) == count, (element.tag, attribute)
    for case in cases:
        verdicts = [c for c in case if c.tag in ("failure", "error", "skipped")]
        assert len(verdicts) <= 1
        for verdict in verdicts:
            assert (verdict.text or "").startswith(verdict.get("message", "")), names
    assert sum(len(suite) for suite in junitparser.JUnitXml.fromfile(path)) == len(cases)
    suite, _ = xunitparserx.parse(path)
    assert suite.countTestCases() == len(cases)
    print(f"{path}: {len(cases)} cases, read by lxml, junitparser and xunitparserx")

# What junit-10.xsd does not know is not in the strict dialect.
root = etree.parse(strict).getroot()
assert not root.findall(".//testcase/properties")
for case in root.iter("testcase"):
    assert "file" not in case.attrib and "line" not in case.attrib
for element in [root, *root.findall("testsuite")]:
    assert element.tag != "testsuites" or not {"skipped", "timestamp"} & set(element.attrib)

# The annotated capture: interfaces and addresses have names, losses are counted, and every mark that
# is a frame has its words beside a frame that was stamped then.
with open(results) as file:
    found = json.load(file)
with open(evidence, "rb") as file:
    content = list(FileScanner(file))
interfaces = [b for b in content if isinstance(b, blocks.InterfaceDescription)]
assert interfaces and all(i.options["if_name"] and i.options["if_description"] for i in interfaces)
assert all(i.options["if_tsresol"] == b"\t" for i in interfaces), "not nanoseconds"
names = {n for b in content if isinstance(b, blocks.NameResolution)
         for record in b.records for n in record["names"]}
assert {"vip", "a", "b", "client"} <= names, names
last = {b.interface_id: b for b in content if isinstance(b, blocks.InterfaceStatistics)}
assert len(last) == len(interfaces)
assert all(b.options["isb_ifdrop"] == 0 and b.options["isb_ifrecv"] > 0 for b in last.values())
comments = {}
for block in content:
    if isinstance(block, blocks.EnhancedPacket):
        for comment in block.options.get_all("opt_comment") if "opt_comment" in block.options else []:
            stamp = (block.timestamp_high << 32) + block.timestamp_low
            comments[comment.split(",")[0]] = stamp
for number, trial in enumerate(found["trials"], start=1):
    marks = trial["marks"]
    wanted = {mark: marks[mark] for mark in ("t1", "t2", "t4")}
    wanted["t3"] = next(iter(marks["t3"].values()), None)
    for mark, stamp in wanted.items():
        if stamp:
            key = f"trial {number} '{trial['name']}': {mark}"
            assert comments[key] in stamp["wall"], key
assert comments
print(f"{evidence}: {len(comments)} commented frames, read by python-pcapng")
