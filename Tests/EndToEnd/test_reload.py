"""New hotline files for a running server: each call ends on the version that it began with, and none is dropped."""

import json
import os
import signal
import time

from harness.case import EndToEndTest
from harness.programs import Program, eventually, free_port
from harness.script import Script, description
from harness.server import BINARY, Server

# RELOAD_SECONDS=300 for the long run.
SECONDS = int(os.environ.get("RELOAD_SECONDS", "25"))
CALLS = 50


def hotline(version, broken=False):
    """Three sentences one after the other, in steps that bear the version; a caller hears it for about ten seconds."""
    exit = "nigdzie" if broken else f"koniec-{version}"
    return f"""
hotline: 1
name: zmienna
timezone: Europe/Warsaw
languages: [pl]
numbers: ["8100"]
start: poczatek-{version}
prompts:
  jeden: {{ pl: "To jest pierwsze zdanie infolinii, która co chwilę się zmienia, a nikt nie traci rozmowy." }}
  dwa: {{ pl: "To jest drugie zdanie." }}
steps:
  poczatek-{version}: {{ say: jeden, then: srodek-{version} }}
  srodek-{version}: {{ say: dwa, then: {exit} }}
  koniec-{version}: {{ hangup: dwa }}
"""


class Reloading(EndToEndTest):
    limit = 120 + SECONDS

    def start_server(self):
        server = Server(self.folder / "server", hotlines=("krotka",))
        self.file = server.folder / "hotlines/zmienna.yaml"
        self.file.write_text(hotline(0), encoding="utf-8")
        self.addCleanup(server.stop)
        return server.start()

    def reload(self, *options):
        """`centrala reload`: its exit status and what it printed."""
        program = Program(
            [BINARY, "reload", *options, "--language", "en", "--config", self.server.configuration],
            self.folder / "reload.log", cwd=self.server.folder)
        return program.wait(20), program.output()

    def test_reload_each_second_under_calls(self):
        """Reloads each second under 50 calls: none is dropped, each ends on the version that it began with"""
        sink = free_port()
        path = Script().call(description(sink)).until_bye().write(self.folder / "caller.xml")
        callers = Program([
            "sipp", self.server.sip_address(), "-sf", path, "-m", str(CALLS + SECONDS * 4), "-l", str(CALLS), "-r", "10",
            "-nostdin", "-t", "u1", "-i", "127.0.0.1", "-p", str(free_port()), "-s", "8100", "-key", "caller", "+48600100200",
            "-timeout", f"{SECONDS + 100}s", "-timeout_error",
        ], self.folder / "sipp.log")
        self.addCleanup(callers.stop)
        began, version = time.monotonic(), 0
        while time.monotonic() - began < SECONDS:
            version += 1
            broken = version % 5 == 0
            self.file.write_text(hotline(version, broken), encoding="utf-8")
            status, text = self.reload()
            self.assertEqual(status, 1 if broken else 0, text)
            if broken:
                self.assertIn("zmienna.yaml:13:", text, "the mistake's place is said")
            time.sleep(max(0, began + version - time.monotonic()))
        self.assertEqual(callers.wait(SECONDS + 60), 0, callers.output()[-3000:])
        eventually(lambda: self.server.store.rows("SELECT count(*) FROM contact WHERE ended IS NULL") == [(0,)], 10, "all calls to end")
        versions = set()
        for contact, by in self.server.store.rows("SELECT id, endedBy FROM contact WHERE hotline = 'zmienna'"):
            facts = self.server.store.rows(f"SELECT kind, detail FROM fact WHERE contact = '{contact}' ORDER BY id")
            steps = [json.loads(detail)["step"] for kind, detail in facts if kind == "step"]
            of = {step.rpartition("-")[2] for step in steps}
            self.assertEqual([step.rpartition("-")[0] for step in steps], ["poczatek", "srodek", "koniec"], contact)
            self.assertEqual(len(of), 1, f"{contact} went through {steps}")
            self.assertEqual(by, "system", contact)
            versions |= of
        self.assertGreaterEqual(len(versions), SECONDS // 3, versions)
        self.assertFalse([of for of in versions if int(of) and int(of) % 5 == 0], "a broken file was never served")

    def test_preview_and_signal(self):
        """reload --dry-run shows the difference and changes nothing; SIGHUP reloads; two hotlines may not claim one number"""
        self.file.write_text(hotline(1), encoding="utf-8")
        status, text = self.reload("--dry-run")
        self.assertEqual(status, 0, text)
        self.assertIn("poczatek-1", text)
        self.assertIn("nothing was changed", text)
        status, text = self.reload("--dry-run")
        self.assertIn("poczatek-1", text, "the preview changed nothing")
        os.kill(self.server.program.process.pid, signal.SIGHUP)
        eventually(lambda: "No changes." in self.reload("--dry-run")[1], 10, "SIGHUP to reload")
        other = self.server.folder / "hotlines/druga.yaml"
        other.write_text(hotline(1).replace("name: zmienna", "name: druga"), encoding="utf-8")
        status, text = self.reload()
        self.assertEqual(status, 1, text)
        self.assertIn("E071", text)
        other.unlink()
        self.assertEqual(self.reload()[0], 0)
        self.assertTrue(self.server.stop())
        status, text = self.reload()
        self.assertNotEqual(status, 0)
        self.assertIn("No server is running", text)
