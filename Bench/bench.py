"""What a call costs: CPU per concurrent call (milli-cores: CPU-milliseconds per second and call) and calls per second.

usage: bench.py [--calls N] [CASE…]    cases: floor prompt prompt-recorded calls engine; all of them without a name

The server under test is the release build. SIPp signals, `loadgen` is the callers' sound: real A-law RTP, 50 packets a
second both ways. CPU time is the server process's own from /proc over windows of 5 s; the median of the windows counts. A case
is held cleanly when each call gets at least 49 packets a second and their spacing's standard deviation stays under 3 ms: the rate alone
flatters a server that sends in bunches. `engine` runs centrala-bench, which drives the media engine without SIP.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
os.environ.setdefault("CENTRALA_BIN", str(ROOT / ".build/release/centrala"))
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

import numpy  # noqa: E402
import soundfile  # noqa: E402

from harness import ears, voice  # noqa: E402
from harness.programs import Program, free_port  # noqa: E402
from harness.server import Server  # noqa: E402

WINDOWS, WINDOW = 3, 5.0
LEGS_FROM, FLOOR_FROM = 40002, 52002
TICKS = os.sysconf("SC_CLK_TCK")
ENGINE = ROOT / ".build/release/centrala-bench"


class BenchServer(Server):
    """The server with the hotlines of the bench, quiet, and with room for many calls."""

    def __init__(self, folder):
        super().__init__(folder, max_calls=2000)
        shutil.rmtree(self.folder / "hotlines")
        shutil.copytree(HERE / "hotlines", self.folder / "hotlines")
        samples, rate = voice.say(voice.CONSULTANT)
        speech = numpy.tile(ears.resampled(samples, rate, 16000), 5)[:16000 * 55]
        soundfile.write(self.folder / "prompts/bench-speech.wav", 0.5 * speech, 16000, subtype="PCM_16")

    def _configured(self):
        return super()._configured().replace("level: debug", "level: warning").replace(
            "ports: 20000-28000", "ports: 20000-39999")


class LoadGenerator:
    def __init__(self, legs):
        self.process = subprocess.Popen(
            [HERE / "build/loadgen", str(LEGS_FROM), str(legs)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def order(self, word):
        self.process.stdin.write(word + "\n")

    def report(self):
        self.order("report")
        return json.loads(self.process.stdout.readline())

    def wait_for(self, legs, timeout):
        limit = time.monotonic() + timeout
        while self.report()["legs"] < legs:
            if time.monotonic() > limit:
                raise SystemExit(f"only {self.report()['legs']} of {legs} calls have sound after {timeout} s")
            time.sleep(0.25)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kilobytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def measured(name, pid, calls, generator, idle_memory=None):
    """Windows over a load that stands; one line of the table."""
    costs, reports = [], []
    for _ in range(WINDOWS):
        generator.order("reset")
        cpu, began = cpu_seconds(pid), time.monotonic()
        time.sleep(WINDOW)
        report, seconds = generator.report(), time.monotonic() - began
        costs.append((cpu_seconds(pid) - cpu) / seconds / calls * 1000)
        reports.append((report, seconds))
    rate = statistics.median(report["received"] / seconds / calls for report, seconds in reports)
    fewest = min(report["fewest"] / seconds for report, seconds in reports)
    deviation = statistics.median(report["deviation_ms"] for report, _ in reports)
    result = {
        "case": name, "calls": calls, "mc_per_call": round(statistics.median(costs), 3),
        "mc_min": round(min(costs), 3), "mc_max": round(max(costs), 3), "packets_per_second": round(rate, 2),
        "deviation_ms": round(deviation, 3), "lost": sum(report["lost"] for report, _ in reports),
        "held": fewest >= 49 and deviation < 3}
    if idle_memory is not None:
        result["kilobytes_per_call"] = round((memory_kilobytes(pid) - idle_memory) / calls, 1)
    return result


def floor(folder, calls):
    """A bare C loop that receives and sends the same packets."""
    generator = LoadGenerator(calls)
    program = Program([HERE / "build/floor", FLOOR_FROM, LEGS_FROM, calls], folder / "floor.log")
    try:
        generator.wait_for(calls, 5)
        time.sleep(1)
        return [measured("floor (bare C loop)", program.process.pid, calls, generator)]
    finally:
        program.stop()
        generator.close()


def sipp(scenario, number, server, folder, *options):
    return Program([
        "sipp", f"127.0.0.1:{server.sip_port}", "-sf", HERE / f"sipp/{scenario}.xml", "-s", number, "-nostdin",
        "-i", "127.0.0.1", "-p", free_port(), "-mi", "127.0.0.1", "-mp", free_port(), "-key", "caller", "+48600100200",
        "-trace_stat", "-stf", folder / f"{scenario}.csv", "-fd", "1", "-trace_err", "-error_file", folder / f"{scenario}.errors",
        *options], folder / f"{scenario}.screen")


def held_calls(name, scenario, number, folder, calls, settle):
    """Many calls at once, each with sound both ways."""
    server = BenchServer(folder / scenario).start(timeout=60)
    generator = LoadGenerator(calls)
    legs = folder / f"{scenario}.legs"
    legs.write_text("SEQUENTIAL\n" + "".join(f"{LEGS_FROM + 2 * leg}\n" for leg in range(calls)))
    pid, caller = server.program.process.pid, None
    try:
        idle = memory_kilobytes(pid)
        caller = sipp(
            scenario, number, server, folder, "-inf", legs, "-m", calls, "-l", calls, "-r", 50, "-d", 600_000)
        generator.wait_for(calls, calls / 50 + 20)
        time.sleep(settle + 4)
        result = measured(name, pid, calls, generator, idle)
        journals = list(server.data.rglob("*.cjr"))
        if "recorded" in scenario and len(journals) != calls:
            raise SystemExit(f"{len(journals)} journals for {calls} recorded calls")
        return [result]
    finally:
        if caller:
            caller.kill()
        generator.close()
        server.stop()


def prompt(folder, calls):
    return held_calls("prompt", "hold", "9001", folder, calls, settle=1)


def prompt_recorded(folder, calls):
    return held_calls("prompt, recorded", "hold-recorded", "9002", folder, calls, settle=4)


def calls_per_second(folder, _calls):
    """Short calls at growing rates until some fail: the last rate at which all succeeded without one retransmission in 1,000 calls."""
    server = BenchServer(folder / "short").start(timeout=60)
    pid, results = server.program.process.pid, []
    try:
        for rate in (50, 100, 200, 400, 600, 800, 1000, 1500, 2000):
            wanted = rate * 8
            cpu, began = cpu_seconds(pid), time.monotonic()
            (folder / "short.csv").unlink(missing_ok=True)
            caller = sipp("short", "9001", server, folder, "-r", rate, "-m", wanted, "-l", rate * 5, "-timeout", "40s")
            try:
                caller.wait(60)
            except subprocess.TimeoutExpired:
                caller.kill()
            seconds = time.monotonic() - began
            time.sleep(1)
            titles, *_, totals = (folder / "short.csv").read_text().strip().splitlines()
            last = dict(zip(titles.split(";"), totals.split(";")))
            good, again = int(last["SuccessfulCall(C)"]), int(last["Retransmissions(C)"])
            results.append({
                "case": "calls per second", "rate": rate, "achieved": round(good / seconds), "failed": wanted - good,
                "retransmissions": again, "cpu_ms_per_call": round((cpu_seconds(pid) - cpu) * 1000 / max(1, good), 3),
                "held": good == wanted and again <= wanted / 1000})
            if not results[-1]["held"]:
                break
        return results
    finally:
        server.stop()


def engine(_folder, calls):
    """Relay, recording and transcoding inside the media engine: centrala-bench prints one JSON object a line."""
    if not ENGINE.exists():
        print("engine: .build/release/centrala-bench is not built; left out")
        return []
    run = subprocess.run([ENGINE, "--calls", str(calls)], stdout=subprocess.PIPE, text=True, timeout=600, check=True)
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


CASES = {"floor": floor, "prompt": prompt, "prompt-recorded": prompt_recorded, "calls": calls_per_second, "engine": engine}


def table(results):
    """The same columns for all; what a case does not measure stays empty."""
    columns = [
        ("case", "case"), ("calls", "calls"), ("mc/call", "mc_per_call"), ("min", "mc_min"), ("max", "mc_max"),
        ("packets/s", "packets_per_second"), ("spacing ms", "deviation_ms"), ("KB/call", "kilobytes_per_call"),
        ("rate", "rate"), ("achieved", "achieved"), ("failed", "failed"), ("CPU-ms/call", "cpu_ms_per_call"), ("held", "held")]
    columns = [column for column in columns if any(column[1] in result for result in results)]
    shown = {True: "yes", False: "NO"}
    rows = [[title for title, _ in columns]]
    for result in results:
        values = [result.get(key, "") for _, key in columns]
        rows.append([shown[value] if isinstance(value, bool) else str(value) for value in values])
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) for row in rows)


def machine():
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200, help="calls at once (default 200)")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    results = []
    with tempfile.TemporaryDirectory(prefix="centrala-bench-") as folder:
        for name in options.cases or CASES:
            print(f"{name} …", flush=True)
            results += CASES[name](pathlib.Path(folder), options.calls)
    print(f"\n{machine()}; mc = milli-cores, median of {WINDOWS} windows of {WINDOW:.0f} s\n")
    print(table(results))
    output = ROOT / ".build/bench.json"
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n")
    print(f"\nThe same as JSON: {output.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
