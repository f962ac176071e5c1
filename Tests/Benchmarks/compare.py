"""Runs both programs in alternation and prints ratios of medians: compare.py <program> <python> <threads> [rounds] [part].

A ratio below 1 says that Offprint took less time. A program runs its workloads in turn, so a peak is that of all up to there;
give a part to see the peak of that part alone.
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
    if len(times) == 2:
        rows.append({"name": name, **times, "ratio": times["offprint"] / times["pytorch"]})
        print(f"{name:45s} {times['offprint'] * 1e3:10.3f} ms {times['pytorch'] * 1e3:10.3f} ms {rows[-1]['ratio']:6.2f}", file=sys.stderr)
print(json.dumps({"threads": int(threads), "rows": rows}, indent=1))
