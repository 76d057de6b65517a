#!/usr/bin/env python3
"""What CITE or a lens costs, on a database in which every element has a claim.

    cite.py --program yuanpu --csv DIR --queries queries.toml --params params.json [--db FILE] [--runs N]

DIR is a folder with `import.toml` that `yuanpu import` reads; it is imported into FILE unless that is there, and one source is made to state
that each node and relationship exists. Each query of queries.toml (`cypher`, or `cypher_ours`) is asked plainly and with CITE, in turn, each time with the
next set of params.json; times are those that the program itself measures (`elapsed_us`). What is printed: the median of each, their ratio, what kind
of query it is, and the geometric means. A plain count is a query whose only column is one `count`.
"""
import argparse
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import tomllib


class Program:
    """The program, asked line by line."""

    def __init__(self, program, db):
        self.process = subprocess.Popen(
            [program, "stdio", "--database", db], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, query, params):
        self.process.stdin.write(json.dumps({"query": query, "params": params}, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            sys.exit(f"{query}: {answer['error']}")
        return answer

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def prepare(program, csv, db):
    """Imports the folder and gives every element a claim."""
    subprocess.run([program, "import", csv, "--database", db], check=True)
    asked = Program(program, db)
    asked.ask("CREATE (:Surveyor {name: 'everything'})", {})
    for pattern in ["MATCH (n) WHERE NOT n:Surveyor", "MATCH ()-[n]->()"]:
        text = f"{pattern} MATCH (s:Surveyor) CALL claims.add(n, null, null, s) YIELD claim RETURN count(*)"
        print(pattern, asked.ask(text, {})["rows"], file=sys.stderr)
    asked.end()


def kind_of(columns, text):
    """Says whether a query returns rows, groups or one plain count."""
    returned = text.rsplit("RETURN", 1)[1].strip()
    if re.fullmatch(r"count\([^()]*\)( AS \w+)?", returned) and len(columns) == 1:
        return "count"
    return "rows"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/yuanpu")
    parser.add_argument("--csv", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--params", required=True)
    parser.add_argument("--db")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--lens", help="prefixes to measure instead of CITE, such as 'RESOLVE BY latest'")
    parser.add_argument("--only", help="ids of queries, parted by commas")
    given = parser.parse_args()
    db = given.db or os.path.join(tempfile.mkdtemp(), "claimed")
    if not os.path.exists(db):
        prepare(given.program, given.csv, db)
    with open(given.queries, "rb") as file:
        queries = tomllib.load(file)["query"]
    with open(given.params) as file:
        params = json.load(file)
    sets = params["sets"] if "sets" in params else [params]
    program = Program(given.program, db)
    ratios = {"rows": [], "count": []}
    prefix = given.lens or "CITE"
    if given.lens:
        first = program.ask(f"{given.lens} RETURN 1", {})["elapsed_us"]
        print(f"the first query under the lens, which makes it: {first / 1000:.1f} ms\n")
    print(f"| query | kind | plain ms | {prefix} ms | ratio |\n|---|---|---:|---:|---:|")
    for query in queries:
        if given.only and query["id"] not in given.only.split(","):
            continue
        text = query.get("cypher_ours", query.get("cypher"))
        if text is None or text.lstrip().startswith("CALL"):
            continue
        plain, cited = [], []
        columns = program.ask(text, sets[0])["columns"]
        program.ask(f"{prefix} {text}", sets[0])
        for run in range(given.runs):
            values = sets[run % len(sets)]
            plain.append(program.ask(text, values)["elapsed_us"])
            cited.append(program.ask(f"{prefix} {text}", values)["elapsed_us"])
        kind = kind_of(columns, text)
        before, after = statistics.median(plain), statistics.median(cited)
        ratio = after / max(before, 1)
        ratios[kind].append(ratio)
        print(f"| {query['id']} | {kind} | {before / 1000:.3f} | {after / 1000:.3f} | {ratio:.1f} |", flush=True)
    for kind, found in ratios.items():
        if found:
            mean = math.exp(statistics.fmean(math.log(ratio) for ratio in found))
            print(f"\n{kind}: geometric mean {mean:.2f}, most {max(found):.1f}, over {len(found)} queries")
    program.end()


main()
