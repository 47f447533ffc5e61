"""Runs the end-to-end tests: `run.py [NAME…]`, where a name is part of a file's, class's or test's name.

Each test has its own time limit. Logs, sounds and pictures of a failed test stay in `out/`. The last line says how many
passed; CENTRALA_BIN names the server to test.
"""

import signal
import sys
import time
import unittest
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
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
    limit = getattr(test, "limit", 60)
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


def main(names):
    signal.signal(signal.SIGALRM, ring)
    counts = {"passed": 0, "FAILED": 0, "skipped": 0}
    for test in flat(unittest.defaultTestLoader.discover(HERE, "test_*.py")):
        if names and not any(name in test.id() for name in names):
            continue
        began = time.monotonic()
        how, why = run(test)
        counts[how] += 1
        print(f"{how}: {test.shortDescription() or test.id()} ({time.monotonic() - began:.0f} s)", flush=True)
        if why:
            print("    " + why.strip().replace("\n", "\n    "), flush=True)
    print(f"{counts['passed']} passed, {counts['FAILED']} failed", flush=True)
    return 1 if counts["FAILED"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
