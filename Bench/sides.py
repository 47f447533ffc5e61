"""Two programs with their peers take turns on one machine: what we measure and the floor. Whatever else the machine does moves both."""

import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
os.environ.setdefault("CENTRALA_BIN", str(ROOT / ".build/release/centrala"))
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from harness.programs import Program  # noqa: E402

from machine import cpu_seconds  # noqa: E402

# First ports, two for each leg, at most 2,000 legs. free_port() of the harness gives 10,000 to 20,000, the kernel from 32,768 to 60,999
# to whoever names none; SIPp takes 8,888.
SERVER_PORTS, PEER_PORTS, FLOOR_PORTS, FLOOR_PEER_PORTS = 20_000, 24_200, 28_300, 61_000
WINDOW = 4.0  # seconds
SETTLE = 1.0


class LoadGenerator:
    """The peers: a process of its own, so that it is in nobody's figures."""

    def __init__(self, ports, legs, *target):
        self.process = subprocess.Popen(
            [str(word) for word in (HERE / "build/loadgen", ports, legs, *target)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def order(self, word):
        try:
            self.process.stdin.write(word + "\n")
        except BrokenPipeError:
            self._complain()

    def report(self):
        self.order("report")
        line = self.process.stdout.readline()
        if not line:
            self._complain()
        return json.loads(line)

    def _complain(self):
        raise SystemExit(f"the load generator has ended with status {self.process.wait()}")

    def wait_for(self, legs, timeout):
        limit = time.monotonic() + timeout
        while self.report()["legs"] < legs:
            if time.monotonic() > limit:
                raise SystemExit(f"only {self.report()['legs']} of {legs} calls have sound after {timeout} s")
            time.sleep(0.25)

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Side:
    """A program that carries calls, and its peers."""

    def __init__(self, pid, generator, calls):
        self.pid, self.generator, self.calls = pid, generator, calls
        self.costs, self.reports = [], []

    def sleep(self):
        self.generator.order("pause")
        time.sleep(0.05)
        os.kill(self.pid, signal.SIGSTOP)

    def wake(self):
        os.kill(self.pid, signal.SIGCONT)
        self.generator.order("resume")

    def measure(self):
        """One window: milli-cores for each call, and what the peers saw."""
        time.sleep(SETTLE)
        self.generator.order("reset")
        cpu, began = cpu_seconds(self.pid), time.monotonic()
        time.sleep(WINDOW)
        report, seconds = self.generator.report(), time.monotonic() - began
        self.costs.append((cpu_seconds(self.pid) - cpu) / seconds / self.calls * 1000)
        self.reports.append(report | {"seconds": seconds})

    def middle(self, key):
        return statistics.median(report[key] for report in self.reports)


class Floor(Side):
    """The bare C loop (`floor.c`) for the same calls. `kind` is prompt or relay."""

    def __init__(self, folder, kind, is_recorded, calls):
        legs = calls * 2 if kind == "relay" else calls
        self.program = Program(
            [HERE / "build/floor", kind, "recorded" if is_recorded else "plain", FLOOR_PORTS, FLOOR_PEER_PORTS, calls],
            folder / "floor.log")
        generator = LoadGenerator(FLOOR_PEER_PORTS, legs, *targets(FLOOR_PORTS, folder, "stamp", "speech.pcma"))
        super().__init__(self.program.process.pid, generator, calls)

    def close(self):
        self.program.kill()
        self.generator.close()


def targets(port, folder, measure, *payloads):
    """The load generator's arguments for peers that know where to talk."""
    return port, measure, *(folder / name for name in payloads)


def take_turns(side, floor, windows):
    """Floor and case by turns; while one is measured the other stands still."""
    side.sleep()
    try:
        for _ in range(windows):
            floor.measure()
            floor.sleep()
            side.wake()
            side.measure()
            side.sleep()
            floor.wake()
    finally:
        side.wake()  # also when a window failed: who stands still cannot be asked to end


def result(name, side, floor, legs_per_call=1):
    """One line of the table."""
    ratios = [cost / least for cost, least in zip(side.costs, floor.costs)]
    rates = [report["received"] / report["seconds"] / side.calls / legs_per_call for report in side.reports]
    fewest = min(report["fewest"] / report["seconds"] for report in side.reports)
    deviation = side.middle("deviation_ms")
    return {
        "case": name, "calls": side.calls, "windows": len(side.costs),
        "mc_per_call": round(statistics.median(side.costs), 3),
        "mc_min": round(min(side.costs), 3), "mc_max": round(max(side.costs), 3),
        "cores": round(statistics.median(side.costs) * side.calls / 1000, 2),
        "floor_mc": round(statistics.median(floor.costs), 3), "floor_min": round(min(floor.costs), 3),
        "floor_max": round(max(floor.costs), 3), "ratio": round(statistics.median(ratios), 2),
        "ratio_min": round(min(ratios), 2), "ratio_max": round(max(ratios), 2),
        "packets_per_second": round(statistics.median(rates), 2), "fewest_per_second": round(fewest, 2),
        "deviation_ms": round(deviation, 3), "worst_deviation_ms": round(side.middle("worst_deviation_ms"), 3),
        "floor_deviation_ms": round(floor.middle("deviation_ms"), 3),
        "longest_gap_ms": max(report["longest_gap_ms"] for report in side.reports),
        "floor_longest_gap_ms": max(report["longest_gap_ms"] for report in floor.reports),
        "late": sum(report["late"] for report in side.reports), "lost": sum(report["lost"] for report in side.reports),
        "received": sum(report["received"] for report in side.reports),
        "held": fewest >= 49 and deviation < 3}
