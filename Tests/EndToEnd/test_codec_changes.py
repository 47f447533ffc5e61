"""One consultant, one connection, callers of different codecs: the page is told which codec to send, and follows."""

import unittest

from harness import ears, softphone, voice
from harness.shared import SharedServerTest


@unittest.skipUnless(softphone.installed(), "baresip is not installed")
class CodecChanges(SharedServerTest):
    limit = 150
    server_options = {"hotlines": ("kolejka",)}
    hotline = "8004"

    def test_page_follows_the_callers(self):
        """A caller in Opus, one in A-law, one in Opus again: the page sends each its codec, and both sides hear each time"""
        consultant = self.consultant()
        self.assertEqual(consultant.sends, "audio/PCMA", "what most callers speak, until told otherwise")
        for turn in range(2):
            self.talk_in_opus(consultant, self.folder / f"opus-{turn}")
            self.talk_in_a_law(consultant)
        self.talk_in_opus(consultant, self.folder / "opus-2")
        self.assertEqual(consultant.tab.errors(), [])

    def talk_in_opus(self, consultant, folder):
        microphone = voice.write(voice.CALLER, self.folder / "microphone.wav", rate=48000)
        phone = softphone.Softphone(
            self.server.sip_port, self.hotline, folder, microphone, codecs="opus/48000/2", rate=48000)
        self.addCleanup(phone.close)
        consultant.tab.wait_for("#answer", 20)
        consultant.answer()
        consultant.until_sends("audio/opus")
        consultant.tab.listen()
        consultant.pause(7)
        self.assert_page_hears("the page, of a caller in Opus", self.speech(voice.CALLER), consultant)
        self.assert_hears(
            "the caller in Opus", self.speech(voice.CONSULTANT), ears.load(phone.heard_file)[-5 * ears.RATE:])
        self.finish(consultant)
        phone.close()

    def talk_in_a_law(self, consultant):
        telephone, call = self.dial()
        telephone.say(self.speech(voice.CALLER))
        consultant.tab.wait_for("#answer", 20)
        consultant.answer()
        mark = telephone.position()
        consultant.until_sends("audio/PCMA")
        consultant.tab.listen()
        consultant.pause(7)
        self.assert_page_hears("the page, of a caller in A-law", self.speech(voice.CALLER), consultant)
        # From the answer on, that is, while the page changes its codec.
        self.assert_hears("the caller in A-law", self.speech(voice.CONSULTANT), telephone.heard(mark + 0.5, mark + 5))
        self.finish(consultant)
        call.ended_by_server()

    def finish(self, consultant):
        consultant.hang_up()
        consultant.until_state("wrap-up", "ready")
        if consultant.state == "wrap-up":
            consultant.finish()
