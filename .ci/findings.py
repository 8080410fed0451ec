"""Reads the linter's SARIF as other people's programs do.

Arguments: findings.sarif findings.json, the same findings in both.

pydantic-sarif is made from the schema of SARIF 2.1.0 and refuses what that one does not know;
sarif-tools is what users count and compare findings with.
"""

import json
import sys

from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log
from sarif import loader

path, other = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read()
Log.model_validate_json(text)
log = json.loads(text)
with open(other, encoding="utf-8") as file:
    wanted = json.load(file)["findings"]

assert log["version"] == "2.1.0" and "2.1.0" in log["$schema"]
(run,) = log["runs"]
rules = run["tool"]["driver"]["rules"]
assert rules and len({rule["id"] for rule in rules}) == len(rules), "a rule has two entries"
assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
assert [result["ruleId"] for result in run["results"]] == [finding["code"] for finding in wanted]
assert run["results"]
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"], result
    assert result["message"]["text"] and result["locations"], result
    for location in result["locations"] + result.get("relatedLocations", []):
        place = location["physicalLocation"]
        assert place["region"]["startLine"] >= 1 and place["region"]["startColumn"] >= 1, result
        assert "\\" not in place["artifactLocation"]["uri"], result

read = loader.load_sarif_file(path)
assert read.get_distinct_tool_names() == ["takeover lint"]
assert read.get_result_count() == len(wanted)
counts = read.get_report().get_issue_count_for_severity
for level in ("error", "warning", "note"):
    count = sum(finding["severity"] == level for finding in wanted)
    assert counts(level) == count, (level, counts(level), count)
print(f"{path}: {len(wanted)} results of {len(rules)} rules, read by pydantic-sarif and sarif-tools")
