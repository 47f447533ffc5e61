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

        # What the phone heard goes on with the menu, and its own jitter buffer slips on a busy machine: so each window of
        # the welcome is looked for in all that was heard so far.
        def heard():
            file = phone.heard_file
            found = ears.likeness(ears.load(file), prompt) if file else None
            told.append(found)
            return found is not None and found.same

        told = []
        try:
            eventually(heard, 30, "baresip to hear the welcome", pause=0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}: {told[-1]}") from None
