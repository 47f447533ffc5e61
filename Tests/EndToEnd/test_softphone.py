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

        def heard():
            file = phone.heard_file
            return file is not None and ears.find(prompt, ears.load(file))[1] > 0.7

        eventually(heard, 20, "baresip to hear the welcome", pause=0.5)
