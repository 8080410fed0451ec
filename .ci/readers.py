"""Reads a run's JUnit file as other people's programs do. Arguments: standard.xml strict.xml."""

import sys

import junitparser
import xunitparserx
from lxml import etree

standard, strict = sys.argv[1:]
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
