"""A newcomer without a telephone: the page "call from this browser" dials the demo hotline."""

import re

from harness import ears, voice
from harness.case import EndToEndTest
from harness.server import ROOT


class BrowserCaller(EndToEndTest):
    limit = 150

    def test_page_dials_the_demo_and_talks(self):
        """From the browser page through the key pad to the consultant's page in another window, and both hear"""
        consultant = self.consultant()
        caller = self.browser_caller()
        caller.dial("demo")
        caller.tab.listen()
        self.wait_for_prompt(caller, "wybor-jezyka")
        caller.press("1")
        caller.pause(3)
        caller.press("1")
        self.wait_for_prompt(caller, "menu")
        caller.press("0")
        consultant.tab.wait_for("#answer", 20)
        consultant.answer()
        self.assertTrue(consultant.shows_recording, "1 was pressed at the question about recording")
        consultant.tab.listen()
        caller.tab.listen()
        caller.pause(8)
        self.assert_page_hears("the caller's page", self.speech(voice.CONSULTANT), caller)
        self.assert_page_hears("the consultant's page", self.speech(voice.CALLER), consultant)
        caller.hang_up()
        consultant.until_state("wrap-up", "ready")
        self.assertEqual(caller.tab.errors(), [])
        self.assertEqual(consultant.tab.errors(), [])

    def wait_for_prompt(self, caller, name):
        """Listens in turns of a few seconds until the page has heard the prompt."""
        hotline = (ROOT / "config/hotlines/demo.yaml").read_text(encoding="utf-8")
        text = re.search(rf'^  {name}:.*\n    (?:pl|any): "(.+)"$', hotline, re.MULTILINE)[1]
        prompt = self.server.spoken(text)
        for _ in range(5):
            caller.pause(3)
            heard = caller.tab.heard()
            caller.tab.listen()
            if ears.likeness(prompt, heard).same:
                return
        self.keep("heard-by-page", heard)
        self.fail(f"the page did not hear '{name}'")
