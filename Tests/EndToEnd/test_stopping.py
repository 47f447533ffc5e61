"""The server is asked to stop in the middle of a call; a second server comes to the same data."""

import signal
import subprocess

from harness import ears, voice
from harness.programs import Program, free_port
from harness.server import BINARY, Server
from harness.shared import SharedServerTest

NOTICE = "Nagramy tę rozmowę. Naciśnij jeden albo dwa."


class Stopping(SharedServerTest):
    limit = 90
    hotline = "8005"

    def start_server(self):
        server = Server(self.folder / "server", hotlines=("nagranie",)).start()
        self.addCleanup(server.stop)
        return server

    def test_stopped_in_a_call(self):
        """SIGTERM in a call: the caller gets BYE, the status is 0, the contact is closed, the recording is complete"""
        telephone, call = self.dial()
        telephone.say(self.speech(voice.CALLER))
        self.hears(telephone, NOTICE)
        telephone.press("1")
        telephone.wait_until_heard(4, 8)
        mark = telephone.position()
        self.assertTrue(self.server.stop(), "it ends by itself, with status 0")
        call.ended_by_server(2)
        bye = call.received("BYE")[-1]
        self.assertRegex(bye, r"(?m)^Reason: ")
        self.assertEqual(self.store.ended(call.number)[0], "system")
        facts = [kind for kind, _ in self.store.facts(call.number)]
        self.assertIn("recordingReady", facts, "the recording was closed, not left for the next start to repair")
        right = ears.load(self.server.rendered(self.store.contact(call.number)), 1)
        heard = telephone.heard(mark - 2, mark)
        place, fit = ears.find(heard, right)
        self.assertGreater(fit, 0.9, "the last seconds are there")
        self.assertLess(len(right) / ears.RATE - place - 2, 1)

    def test_stopped_among_dead_telephones(self):
        """SIGTERM when nobody answers BYE any more: the server ends all the same, the contacts are closed"""
        calls = [self.dial()[1] for _ in range(5)]
        for call in calls:
            call.program.process.send_signal(signal.SIGSTOP)
        self.assertTrue(self.server.stop(), "it ends by itself, with status 0")
        for call in calls:
            self.assertEqual(self.store.ended(call.number)[0], "system")

    def test_second_server_is_refused(self):
        """A second server on the same data folder is refused with a clear message, and the first goes on"""
        second = self.folder / "second.yaml"
        text = self.server.configuration.read_text()
        for port in (self.server.sip_port, int(self.server.web.rpartition(":")[2])):
            text = text.replace(f":{port}\"", f":{free_port()}\"")
        second.write_text(text)
        program = Program([BINARY, "serve", "--config", second], self.folder / "second.log", cwd=self.server.folder)
        self.addCleanup(program.stop)
        try:
            status = program.wait(20)
        except subprocess.TimeoutExpired:
            self.fail("the second server runs")
        self.assertNotEqual(status, 0)
        self.assertIn("already running", program.output())
        self.assertIn(str(self.server.data), program.output())
        telephone, call = self.dial()
        self.hears(telephone, NOTICE)
        call.hang_up()
