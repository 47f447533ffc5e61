"""Runs the end-to-end tests: `run.py [NAME…]`, where a name is part of a file's, class's or test's name.

Classes of tests run two at a time, each in a process with ports of its own; a single class runs here. Each test has its own
time limit. Logs, sounds and pictures of a failed test stay in `out/`. The last line says how many
passed; CENTRALA_BIN names the server to test.
"""

import collections
import concurrent.futures
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
LANES = 2
# A test's limit is generous on a quiet machine; a busy one gets this many times as long.
PATIENCE = 2
TOTALS = r"(\d+) passed, (\d+) failed"
sys.path.insert(0, str(HERE))


class TimeUp(BaseException):
    """Not an Exception, so that no `except Exception` on the way swallows it."""


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def ring(_signal, _frame):
    raise TimeUp()


def run(test):
    """One test: (how it went, what was wrong)."""
    result = unittest.TestResult()
    limit = PATIENCE * getattr(test, "limit", 60)
    signal.alarm(limit)
    try:
        test.run(result)
        trouble = [text for _, text in result.errors + result.failures]
    except TimeUp:
        trouble = [f"took longer than {limit} seconds"]
    finally:
        signal.alarm(0)
        test.doCleanups()
    if trouble:
        return "FAILED", "\n".join(trouble)
    if result.skipped:
        return "skipped", result.skipped[0][1]
    return "passed", ""


def main(names, only=None):
    """Runs the tests whose names are asked for; `only` leaves out all other classes."""
    signal.signal(signal.SIGALRM, ring)
    counts = {"passed": 0, "FAILED": 0, "skipped": 0}
    for test in wanted(names):
        if only and class_of(test) != only:
            continue
        began = time.monotonic()
        how, why = run(test)
        counts[how] += 1
        print(f"{how}: {test.shortDescription() or test.id()} ({time.monotonic() - began:.0f} s)", flush=True)
        if why:
            print("    " + why.strip().replace("\n", "\n    "), flush=True)
    return counts["passed"], counts["FAILED"]


def wanted(names):
    for test in flat(unittest.defaultTestLoader.discover(HERE, "test_*.py")):
        if not names or any(name in test.id() for name in names):
            yield test


def class_of(test):
    return test.id().rsplit(".", 1)[0]


def side_by_side(names, classes):
    """Each class in a process of its own, LANES at a time, those that may take long first: most of a test is waiting."""
    lanes = queue.SimpleQueue()
    for lane in range(LANES):
        lanes.put(lane)

    def run_class(name):
        lane = lanes.get()
        try:
            environment = {**os.environ, "E2E_LANE": str(lane)}
            done = subprocess.run(
                [sys.executable, __file__, "--class", name, *names], env=environment, text=True, errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            lanes.put(lane)
        *lines, last = done.stdout.rstrip("\n").split("\n")
        found = re.fullmatch(TOTALS, last)
        print("\n".join(lines if found else [*lines, last, f"FAILED: {name} ended with status {done.returncode}"]), flush=True)
        return (int(found[1]), int(found[2])) if found else (0, 1)

    with concurrent.futures.ThreadPoolExecutor(LANES) as pool:
        totals = list(pool.map(run_class, sorted(classes, key=classes.get, reverse=True)))
    return sum(passed for passed, _ in totals), sum(failed for _, failed in totals)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--class"]:
        passed, failed = main(arguments[2:], only=arguments[1])
    else:
        classes = collections.Counter()
        for test in wanted(arguments):
            classes[class_of(test)] += getattr(test, "limit", 60)
        passed, failed = side_by_side(arguments, classes) if len(classes) > 1 else main(arguments)
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed or not passed else 0)
