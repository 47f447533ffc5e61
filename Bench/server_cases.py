"""Calls through the whole server: SIPp signals, the load generator is the callers' sound."""

import shutil
import time

from sides import HERE, PEER_PORTS, SERVER_PORTS, Floor, LoadGenerator, Program, Side, result, take_turns

import numpy
import soundfile

from harness import ears, voice
from harness.programs import free_port
from harness.server import Server
from machine import memory_kilobytes


class BenchServer(Server):
    """The server with the hotlines of the bench, quiet, and with room for many calls."""

    media_ports = f"{SERVER_PORTS}-{PEER_PORTS - 1}"

    def __init__(self, folder):
        super().__init__(folder, max_calls=2000)
        shutil.rmtree(self.folder / "hotlines")
        shutil.copytree(HERE / "hotlines", self.folder / "hotlines")
        samples, rate = voice.say(voice.CONSULTANT)
        speech = numpy.tile(ears.resampled(samples, rate, 16000), 5)[:16000 * 55]
        soundfile.write(self.folder / "prompts/bench-speech.wav", 0.5 * speech, 16000, subtype="PCM_16")

    def _configured(self):
        return super()._configured().replace("level: debug", "level: warning")

    @property
    def pid(self):
        return self.program.process.pid


def sipp(scenario, number, server, folder, *options):
    return Program([
        "sipp", f"127.0.0.1:{server.sip_port}", "-sf", HERE / f"sipp/{scenario}.xml", "-s", number, "-nostdin",
        "-i", "127.0.0.1", "-p", free_port(), "-mi", "127.0.0.1", "-mp", free_port(), "-key", "caller", "+48600100200",
        "-trace_stat", "-stf", folder / f"{scenario}.csv", "-fd", "1", "-trace_err", "-error_file", folder / f"{scenario}.errors",
        *options], folder / f"{scenario}.screen")


def sipp_totals(folder, scenario):
    """The last line of SIPp's counts, by name."""
    titles, *_, totals = (folder / f"{scenario}.csv").read_text().strip().splitlines()
    return dict(zip(titles.split(";"), totals.split(";")))


def warm(server, folder):
    """What the first calls fault in or make once is not what a call costs."""
    caller = sipp("short", "9001", server, folder, "-r", 20, "-m", 20, "-timeout", "30s")
    caller.wait(40)


def held_calls(name, scenario, number, folder, calls, windows):
    """Many calls at once, each with sound both ways."""
    is_recorded = "recorded" in scenario
    server = BenchServer(folder / f"{scenario}-{calls}").start(timeout=60)
    generator, caller, floor = LoadGenerator(PEER_PORTS, calls), None, None
    legs = folder / f"{scenario}.legs"
    legs.write_text("SEQUENTIAL\n" + "".join(f"{PEER_PORTS + 2 * leg}\n" for leg in range(calls)))
    try:
        warm(server, folder)
        idle = memory_kilobytes(server.pid)
        caller = sipp(scenario, number, server, folder, "-inf", legs, "-m", calls, "-l", calls, "-r", 100, "-d", 600_000)
        generator.wait_for(calls, calls / 50 + 20)
        time.sleep(10 if is_recorded else 5)
        memory = memory_kilobytes(server.pid)
        side, floor = Side(server.pid, generator, calls), Floor(folder, "prompt", is_recorded, calls)
        take_turns(side, floor, windows)
        if is_recorded and len(list(server.data.rglob("*.cjr"))) != calls:
            raise SystemExit(f"{len(list(server.data.rglob('*.cjr')))} journals for {calls} recorded calls")
        return [result(name, side, floor) | {"kilobytes_per_call": round((memory - idle) / calls, 1)}]
    finally:
        if caller:
            caller.kill()
        if floor:
            floor.close()
        generator.close()
        server.stop()


def prompt(folder, calls, windows):
    return held_calls("prompt", "hold", "9001", folder, calls, windows)


def prompt_recorded(folder, calls, windows):
    return held_calls("prompt, recorded", "hold-recorded", "9002", folder, calls, windows)
