"""A SIP phone by other people calls the hotline."""

import unittest

from harness import ears, softphone, voice
from harness.case import HOTLINE, PROMPTS, EndToEndTest
from harness.programs import eventually


@unittest.skipUnless(softphone.installed(), "baresip is not installed")
class IndependentPhone(EndToEndTest):
    limit = 60

    def test_baresip_hears_the_hotline(self):
        """baresip dials the hotline and hears its welcome"""
        microphone = voice.write(voice.CALLER, self.folder / "microphone.wav", rate=8000)
        phone = softphone.Softphone(self.server.sip_port, HOTLINE, self.folder, microphone)
        self.addCleanup(phone.close)
        phone.established()
        prompt = self.server.spoken(PROMPTS["witamy"])

        # The phone's own jitter buffer leaves out and repeats packets when the machine is busy, so the welcome is
        # looked for window by window.
        def heard():
            file = phone.heard_file
            return file is not None and ears.likeness(ears.load(file), prompt).same

        eventually(heard, 20, "baresip to hear the welcome", pause=0.5)
