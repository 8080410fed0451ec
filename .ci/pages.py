"""Reads what a run leaves for people and for monitoring as other people's programs do.

Argument: the run's folder, whose plan's first trial fails and whose last passes.
"""

import json
import os
import re
import sys

import html5lib
from lxml import etree
from PIL import Image
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

(folder,) = sys.argv[1:]


def text_of(name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


# The page: valid to the letter, and whole by itself.
page = text_of("report.html")
tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
# What a node got is text, whatever it says.
bare = re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)
outside = r"https?:|//|url\(|@import|<script|javascript:|data:"
assert not re.search(outside, bare), "it refers outside"
ids = [e.get("id") for e in tree.iter() if e.get("id")]
assert len(set(ids)) == len(ids), "an id stands twice"
for link in tree.iter("a"):
    href = link.get("href")
    if href.startswith("#"):
        assert href[1:] in ids, href
    else:
        assert os.path.exists(os.path.join(folder, href)), href
details = list(tree.iter("details"))
trials = [d for d in details if d.get("class")]
with open(os.path.join(folder, "results.json")) as file:
    found = json.load(file)
assert len(trials) == len(found["trials"])
for one in trials:
    assert ("open" in one.attrib) == (one.get("class") != "pass"), one.get("class")
commands = [d for d in details if not d.get("class")]
assert commands, "it has no commands"
words = "".join(tree.find(".//h1").itertext())
assert words.startswith(found["outcome"].upper() + ": of "), words
svgs = list(tree.iter("{http://www.w3.org/2000/svg}svg"))
# Each in two forms.
assert len(svgs) == 2 * (len(found["trials"]) + 1)
print(f"report.html: {len(page)} bytes, {len(svgs)} pictures, read by html5lib")

# The pictures.
names = sorted(os.listdir(os.path.join(folder, "pictures")))
wanted = ["trials"] + [f"trial-{n + 1}" for n in range(len(found["trials"]))]
assert names == sorted(f"{name}.{kind}" for name in wanted for kind in ("png", "svg")), names
for name in names:
    path = os.path.join(folder, "pictures", name)
    if name.endswith(".svg"):
        root = etree.parse(path).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        size = (float(root.get("width")), float(root.get("height")))
        with Image.open(path[:-3] + "png") as image:
            image.load()
            assert abs(image.width - size[0]) <= 1 and abs(image.height - size[1]) <= 1, name
            assert len(image.convert("RGB").getcolors()) > 4, name
print(f"pictures: {len(names)} files, read by lxml and Pillow")

# The numbers, by both of prometheus_client's parsers.
text = text_of("takeover.prom")
families = {family.name: family for family in openmetrics(text)}
samples = sum(len(family.samples) for family in families.values())
assert samples == sum(len(family.samples) for family in prometheus(text))
counts = {s.labels["outcome"]: s.value for s in families["takeover_trials"].samples}
for outcome in ("pass", "fail", "unknown"):
    assert counts[outcome] == sum(t["outcome"] == outcome for t in found["trials"]), counts
(run,) = families["takeover_run"].samples
assert run.labels["outcome"] == found["outcome"] and run.labels["run"] == found["run"]
print(f"takeover.prom: {samples} samples, read by prometheus_client")

# The attachments of JUnit's cases lead to files.
root = etree.parse(os.path.join(folder, "TEST-takeover.xml")).getroot()
attached = re.findall(r"\[\[ATTACHMENT\|([^\[\]|]+)\]\]", "".join(root.itertext()))
assert attached and all(os.path.exists(path) for path in attached), attached
print(f"TEST-takeover.xml: {len(attached)} attachments lead to files")
