"""Calls on a media thread and a recorder without SIP (`centrala-bench`), for what needs two legs."""

import json
import pathlib
import subprocess
import tempfile
import time

from machine import memory_kilobytes
from sides import PEER_PORTS, ROOT, SERVER_PORTS, Floor, LoadGenerator, Side, result, take_turns, targets

ENGINE = ROOT / ".build/release/centrala-bench"


class Engine:
    """`centrala-bench hold`: calls of one kind until it is closed."""

    def __init__(self, folder, work, calls):
        # A folder of its own, kept until the end: ext4 makes files slowly where many have just been deleted.
        self.journals = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.process = subprocess.Popen(
            [str(word) for word in (ENGINE, "hold", work, calls, SERVER_PORTS, PEER_PORTS, self.journals)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"centrala-bench hold {work} has ended with status {self.process.wait()}")
        self.idle = json.loads(line)["idle_kilobytes"]

    def close(self):
        """Its last words: what it counted."""
        self.process.stdin.close()
        line = self.process.stdout.readline()
        self.process.wait(60)
        return json.loads(line) if line else {}


def payloads(folder):
    """What peers say, written once."""
    if not (folder / "speech.pcma").exists():
        subprocess.run([ENGINE, "payloads", folder], check=True)


def held_bridges(name, work, folder, calls, windows):
    """Calls of two legs each, both ends talking."""
    speech = ("speech.pcma", "speech.opus") if "transcode" in work else ("speech.pcma",)
    measure = "plain" if "transcode" in work else "stamp"
    engine, floor, generator, last = Engine(folder, work, calls), None, None, {}
    try:
        generator = LoadGenerator(PEER_PORTS, 2 * calls, *targets(SERVER_PORTS, folder, measure, *speech))
        floor = Floor(folder, "relay", "recorded" in work, calls)
        floor.sleep()
        time.sleep(5)
        memory, side = memory_kilobytes(engine.process.pid), Side(engine.process.pid, generator, calls)
        side.sleep()
        floor.wake()
        side.wake()
        take_turns(side, floor, windows)
    finally:
        if generator:
            generator.close()
        if floor:
            floor.close()
        last = engine.close()
    row = result(name, side, floor, legs_per_call=2) | last
    row["kilobytes_per_call"] = round((memory - engine.idle) / calls, 1)
    row["held"] = row["held"] and row.get("taps_lost") == 0
    return [row]


def relay(folder, calls, windows):
    return held_bridges("relay", "relay", folder, calls, windows)


def relay_recorded(folder, calls, windows):
    return held_bridges("relay, recorded", "relay-recorded", folder, calls, windows)


def transcode(folder, calls, windows):
    return held_bridges("transcode", "transcode", folder, calls, windows)


def mix(_folder, _calls, _windows):
    """The mixing of conferences, without their codecs."""
    run = subprocess.run([ENGINE, "mix"], stdout=subprocess.PIPE, text=True, check=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return [row | {"case": f"mix, {row['sample_rate'] // 1000} kHz", "calls": row["parties"]} for row in rows]


def mouth_to_ear(folder, _calls, windows):
    """How long sound is on its way through the media thread: relayed by the stamps in it, mixed by the bursts of tone in it."""
    rows = [delays("mouth to ear, relay", "relay", folder, calls, windows, "stamp", "speech.pcma")
            for calls in (1, 16, 100, 400)]
    return rows + [delays("mouth to ear, mixed", "transcode", folder, calls, windows, "hear", "bursts.pcma", "bursts.opus")
                   for calls in (1, 16, 40)]


def delays(name, work, folder, calls, windows, measure, *speech):
    engine, generator = Engine(folder, work, calls), None
    try:
        generator = LoadGenerator(PEER_PORTS, 2 * calls, *targets(SERVER_PORTS, folder, measure, *speech))
        time.sleep(3)
        generator.order("reset")
        time.sleep(2.0 * windows)
        report = generator.report()
    finally:
        if generator:
            generator.close()
        engine.close()
    return {
        "case": name, "calls": calls, "measured": report["delays"], "delay_p50_ms": report["delay_p50_ms"],
        "delay_p99_ms": report["delay_p99_ms"], "delay_max_ms": report["delay_max_ms"], "held": report["delays"] > 0}
