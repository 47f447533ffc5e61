"""Calls that come and go: how many a second, and whether memory grows with them."""

import json
import subprocess
import tempfile
import time

from machine import cpu_seconds, memory_kilobytes
from server_cases import BenchServer, sipp, sipp_totals
from sides import ROOT

MANY = 100_000
STEP = 10_000
RATE = 1000  # SIP calls a second
# From here on every table and every cache has its size: transactions of ended calls stay for 32 s.
STEADY = 40_000


def calls_per_second(folder, _calls, _windows):
    """Short calls at growing rates until some fail: the last rate at which all succeeded without one retransmission in 1,000 calls."""
    server, results = BenchServer(folder / "short").start(timeout=60), []
    try:
        for rate in (50, 100, 200, 400, 600, 800, 1000, 1500, 2000):
            wanted = rate * 8
            cpu, began = cpu_seconds(server.pid), time.monotonic()
            (folder / "short.csv").unlink(missing_ok=True)
            caller = sipp("short", "9001", server, folder, "-r", rate, "-m", wanted, "-l", rate * 5, "-timeout", "40s")
            try:
                caller.wait(60)
            except subprocess.TimeoutExpired:
                caller.kill()
            seconds = time.monotonic() - began
            time.sleep(1)
            totals = sipp_totals(folder, "short")
            good, again = int(totals["SuccessfulCall(C)"]), int(totals["Retransmissions(C)"])
            results.append({
                "case": "calls per second", "rate": rate, "achieved": round(good / seconds), "failed": wanted - good,
                "retransmissions": again, "cpu_ms_per_call": round((cpu_seconds(server.pid) - cpu) * 1000 / max(1, good), 3),
                "held": good == wanted and again <= wanted / 1000})
            if not results[-1]["held"]:
                break
        return results
    finally:
        server.stop()


def memory_over_sip_calls(folder, _calls, _windows):
    """100,000 short calls, 1,000 a second, through the server."""
    server, samples = BenchServer(folder / "many").start(timeout=60), []
    (folder / "short.csv").unlink(missing_ok=True)
    try:
        caller = sipp("short", "9001", server, folder, "-r", RATE, "-m", MANY, "-l", 2000, "-timeout", "600s")
        while caller.running:
            time.sleep(0.5)
            done = int(sipp_totals(folder, "short")["SuccessfulCall(C)"]) if (folder / "short.csv").exists() else 0
            if done >= (len(samples) + 1) * STEP:
                samples.append((done, memory_kilobytes(server.pid)))
        return [growth("memory over SIP calls", samples)]
    finally:
        caller.kill()
        server.stop()


def memory_over_legs(folder, _calls, _windows):
    """100,000 calls on the media thread and the recorder: prompts, recordings, bridges with decoding, encrypted legs."""
    with tempfile.TemporaryDirectory(prefix="centrala-bench-", dir="/dev/shm") as journals:
        run = subprocess.run(
            [ROOT / ".build/release/centrala-bench", "churn", str(MANY), journals],
            stdout=subprocess.PIPE, text=True, timeout=1200, check=True)
    samples = [json.loads(line) for line in run.stdout.splitlines()]
    return [growth("memory over legs", [(sample["calls"], sample["kilobytes"]) for sample in samples])]


def growth(name, samples):
    """How memory went; the slope is that of the line through the samples of the steady part, by least squares."""
    print("  " + ", ".join(f"{calls}: {kilobytes} KB" for calls, kilobytes in samples), flush=True)
    steady = [sample for sample in samples if sample[0] >= STEADY]
    result = {"case": name, "samples": samples, "calls": samples[-1][0] if samples else 0}
    if len(steady) < 2:
        return result | {"held": False}
    middle = [sum(values) / len(steady) for values in zip(*steady)]
    spread = sum((calls - middle[0]) ** 2 for calls, _ in steady)
    slope = sum((calls - middle[0]) * (kilobytes - middle[1]) for calls, kilobytes in steady) / spread
    return result | {"bytes_per_call": round(slope * 1024, 1), "held": result["calls"] >= MANY}
