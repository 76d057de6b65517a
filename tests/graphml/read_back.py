"""Reads GraphML with Python's own XML reader and says what is in it, a line each: what tests/export_files.rs compares."""

import sys
import xml.etree.ElementTree as tree

SPACE = "{http://graphml.graphdrawing.org/xmlns}"
root = tree.parse(sys.argv[1]).getroot()
keys = {key.get("id"): (key.get("for"), key.get("attr.name"), key.get("attr.type")) for key in root.iter(SPACE + "key")}
readers = {"long": int, "double": float, "boolean": {"true": True, "false": False}.__getitem__, "string": str}
counts, integers, named = {"node": 0, "edge": 0}, {}, {}
ids = set()
for what in ("node", "edge"):
    for element in root.iter(SPACE + what):
        counts[what] += 1
        if what == "node":
            ids.add(element.get("id"))
        else:
            assert element.get("source") in ids and element.get("target") in ids
        for data in element.iter(SPACE + "data"):
            of, name, kind = keys[data.get("key")]
            assert of == what
            value = readers[kind](data.text or "")
            if kind == "long":
                integers[what, name] = integers.get((what, name), 0) + value
            if name == "labels":
                for label in value.split(":")[1:]:
                    named[label] = named.get(label, 0) + 1
print("nodes", counts["node"])
print("edges", counts["edge"])
for label in sorted(named):
    print("label", label, named[label])
for what, name in sorted(integers):
    print("sum", what, name, integers[what, name])
