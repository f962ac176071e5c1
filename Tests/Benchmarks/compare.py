"""Runs both programs in alternation and prints ratios of medians: compare.py <program> <python> <threads> [rounds] [part].

A ratio below 1 says that Offprint took less time, or memory. A program runs its workloads in turn, so a peak is that of all up to
there: give a part of a workload's name to see its own.
"""
import json
import os
import statistics
import subprocess
import sys

program, python, threads = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
part = sys.argv[5] if len(sys.argv) > 5 else ""
folder = os.path.dirname(os.path.abspath(__file__))
environment = os.environ | {"OMP_NUM_THREADS": threads}
commands = {"offprint": [program], "pytorch": [python, folder + "/peers.py"]}
found = {}
for _ in range(rounds):
    for who, command in commands.items():
        text = subprocess.run([*command, threads, "0.4", part], env=environment, capture_output=True, text=True).stdout
        for line in text.splitlines():
            entry = json.loads(line)
            found.setdefault(entry["name"], {}).setdefault(who, []).append(entry)
rows = []
for name, runs in found.items():
    times = {who: statistics.median(e["seconds"] for e in entries) for who, entries in runs.items()}
    peaks = {who: statistics.median(e["peak"] for e in entries) for who, entries in runs.items()}
    if len(times) == 2:
        ratio, memory = (values["offprint"] / values["pytorch"] for values in (times, peaks))
        rows.append({"name": name, "seconds": times, "ratio": ratio, "peak": peaks, "memory": memory})
        print(
            f"{name:45s} {times['offprint'] * 1e3:10.3f} ms {times['pytorch'] * 1e3:10.3f} ms {ratio:6.2f}"
            f" {peaks['offprint'] / 1e6:8.0f} MB {peaks['pytorch'] / 1e6:8.0f} MB {memory:6.2f}",
            file=sys.stderr,
        )
print(json.dumps({"threads": int(threads), "rows": rows}, indent=1))
