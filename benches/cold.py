"""What the first touch of a chunk costs: the same statements over `stdio`, asking for other elements of the yardstick's graph each time.

    cold.py --program target/release/yuanpu --database d100k.yuanpu --persons 100000 [--runs 16]

Each statement has a process of its own, and the file has been read once before, so that it is in the memory of the system. Prints the time
of the first statement, which also plans, and of those after it the median and the least, as the program tells them (`elapsed_us`, `cpu_us`).
"""
import argparse
import json
import random
import statistics
import subprocess

STATEMENTS = {
    "point": "MATCH (p:Person {id: $id}) RETURN p.id, p.name, p.age",
    "one step": "MATCH (a:Person {id: $id})-[:FOLLOWS]->(b:Person) RETURN b.id, b.name ORDER BY b.id",
    "two steps, counted": "MATCH (a:Person {id: $id})-[:FOLLOWS]->(:Person)-[:FOLLOWS]->(c:Person) RETURN count(*)",
}


def ask(process, text, parameters):
    line = json.dumps({"query": text, "params": parameters}) + "\n"
    process.stdin.write(line.encode())
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    if answer.get("error"):
        raise SystemExit(answer["error"])
    return answer["elapsed_us"], answer.get("cpu_us") or 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--persons", type=int, required=True)
    parser.add_argument("--runs", type=int, default=16)
    options = parser.parse_args()
    with open(options.database, "rb") as file:
        while file.read(1 << 24):
            pass
    for name, text in STATEMENTS.items():
        draw = random.Random(7)
        command = [options.program, "stdio", "--database", options.database, "--read-only"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            times = [ask(process, text, {"id": draw.randrange(options.persons)}) for _ in range(options.runs + 1)]
            process.stdin.close()
        wall, cpu = ([time[place] for time in times[1:]] for place in (0, 1))
        print(
            f"{name:20} first {times[0][0]:6} µs, then {statistics.median(wall):6.0f} µs in the median,"
            f" {min(wall):5} at least, {statistics.median(cpu):6.0f} of the processor"
        )


if __name__ == "__main__":
    main()
