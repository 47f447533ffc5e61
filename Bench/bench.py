"""What a call costs, beside the least that it can cost, and how late sound is.

usage: bench.py [--calls N,N] [--windows N] [--json FILE] [CASE…]      without a name all cases but memory-sip and memory-legs

CPU is that of the whole process under test, kernel included, in windows of a few seconds; the bare C loop `floor` does the same packets in
windows between them. README.md says how to read the figures.
"""

import argparse
import json
import pathlib
import signal
import sys
import tempfile
import time

import goals
import machine
from sides import WINDOW
from table import tables

import call_cases
import engine_cases
import server_cases

# What is measured at each number of calls, and what has numbers of its own.
LOADS = {
    "prompt": server_cases.prompt, "prompt-recorded": server_cases.prompt_recorded, "relay": engine_cases.relay,
    "relay-recorded": engine_cases.relay_recorded, "transcode": engine_cases.transcode}
ONCE = {"mix": engine_cases.mix, "mouth-to-ear": engine_cases.mouth_to_ear, "calls": call_cases.calls_per_second}
GROWTHS = {"memory-sip": call_cases.memory_over_sip_calls, "memory-legs": call_cases.memory_over_legs}
CASES = LOADS | ONCE | GROWTHS
CALLS = [400, 1000]
MOST_CALLS = 2000  # prompts only
CODEC_CALLS = [40]  # a transcoded call takes as much as twenty others
OPEN_FILES = 16_384


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", help=f"calls at once (default {','.join(map(str, CALLS))}, {MOST_CALLS} prompts, {CODEC_CALLS[0]} transcoded)")
    parser.add_argument("--windows", type=int, default=5, help="how often each case is measured (default 5); the median counts")
    parser.add_argument("--json", type=pathlib.Path, default=machine.ROOT / ".build/bench.json", help="where the figures go")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    return options


def loads(name, wanted):
    """How many calls at once a case is measured with."""
    if name not in LOADS:
        return [0]
    if wanted:
        return [int(number) for number in wanted.split(",")]
    return {"prompt": CALLS + [MOST_CALLS], "transcode": CODEC_CALLS}.get(name, CALLS)


def save(path, description, results):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": description, "results": results, "goals": goals.judged(results)}, indent=1) + "\n")


def main():
    options, results = arguments(), []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is ended
    complaint = machine.raise_file_limit(OPEN_FILES)
    description = machine.described()
    print(machine.sentence(description))
    if complaint:
        print(complaint)
    with tempfile.TemporaryDirectory(prefix="centrala-bench-") as name:
        folder = pathlib.Path(name)
        engine_cases.payloads(folder)
        for case in options.cases or LOADS | ONCE:
            for calls in loads(case, options.calls):
                print(f"{time.strftime('%H:%M:%S')} {case} {calls or ''} …", flush=True)
                results += CASES[case](folder, calls, options.windows)
                save(options.json, description, results)
    print(f"\nmc = milli-cores; median, least and most of {options.windows} windows of {WINDOW:g} s; ratio: to the floor beside it\n")
    print(tables(results))
    print("\nGoals:\n" + "\n".join(goals.lines(goals.judged(results))))
    print(f"\nThe same as JSON: {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
