"""Reads RDF files with rdflib and prints how many triples each has and a digest of them, so that they can be compared.

Usage: read_back.py FORMAT PATH [FORMAT PATH …], with rdflib's names of formats. Blank nodes and the case of language tags do not count.
"""
import hashlib
import logging
import sys

import rdflib

# Dates before year 1 and the like are no Python dates; that is no matter here.
logging.getLogger("rdflib").setLevel(logging.CRITICAL)
rdflib.NORMALIZE_LITERALS = False


def name(term):
    """Returns a term as text that is the same in every syntax."""
    if isinstance(term, rdflib.BNode):
        return "_:"
    if isinstance(term, rdflib.Literal):
        datatype = term.datatype
        if datatype == rdflib.XSD.string:
            datatype = None
        return repr((str(term), str(term.language or "").lower(), str(datatype or "")))
    return "<" + str(term) + ">"


for form, path in zip(sys.argv[1::2], sys.argv[2::2]):
    dataset = rdflib.Dataset() if form in ("trig", "nquads", "json-ld") else rdflib.Graph()
    dataset.parse(path, format=form)
    if isinstance(dataset, rdflib.Dataset):
        default = (rdflib.graph.DATASET_DEFAULT_GRAPH_ID, None)
        lines = {
            " ".join(map(name, (s, p, o))) + ("" if g in default else " " + name(g))
            for s, p, o, g in dataset.quads((None, None, None, None))
        }
    else:
        lines = {" ".join(map(name, triple)) for triple in dataset}
    digest = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
    print(len(lines), digest)
