"""What a commit that creates one relationship writes, and how many a program takes a second.

    python3 benches/commits.py --program target/release/yuanpu --database d1m.yuanpu --count 5000 --sync full

The database is one of the yardstick's, made by `yuanpu import`; a copy of it is to be given, for it is written to. The program runs as
`yuanpu stdio`, one statement at a time. Bytes are those of /proc/PID/io (Linux): `wchar` is what the program handed to the system, its answers
among them; `write_bytes` is what the system hands to the disk, whole pages of 4,096 bytes.
"""

import argparse
import json
import os
import subprocess
import time

WRITE = "MATCH (a:Person {id: $a}), (b:Person {id: $b}) CREATE (a)-[:FOLLOWS {since: 2024}]->(b)"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--sync", default="full")
    options = parser.parse_args()
    command = [options.program, "stdio", "--database", options.database, "--sync", options.sync]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def commit(number):
        parameters = {"a": 1 + number * 37 % 90000, "b": 2 + number * 53 % 90000}
        process.stdin.write(json.dumps({"query": WRITE, "params": parameters}).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert "error" not in answer, answer

    def written():
        with open(f"/proc/{process.pid}/io") as counters:
            return {name: int(count) for name, count in (line.split(": ") for line in counters)}

    def processor_seconds():
        with open(f"/proc/{process.pid}/stat") as times:
            user, system = times.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    commit(0)
    before, spent, start = written(), processor_seconds(), time.perf_counter()
    for number in range(1, options.count + 1):
        commit(number)
    seconds = time.perf_counter() - start
    after, spent = written(), processor_seconds() - spent
    for name in ("wchar", "write_bytes"):
        print(f"{name}: {(after[name] - before[name]) / options.count:.0f} bytes a commit")
    print(f"{options.count / seconds:.0f} commits a second, {spent / options.count * 1e6:.0f} us of processor each")
    process.stdin.close()
    process.wait()


if __name__ == "__main__":
    main()
