"""A queue that evens out how loud its callers are."""

from harness import ears, voice
from harness.shared import SharedServerTest


class QuietCallers(SharedServerTest):
    server_options = {"hotlines": ("cicha",)}
    hotline = "8006"

    def test_quiet_caller_is_heard_louder(self):
        """A caller who speaks 20 dB too low reaches the consultant at least 10 dB louder than that, and is understood"""
        consultant = self.consultant()
        telephone, call = self.dial()
        speech = self.speech(voice.CALLER)
        quiet = speech / 10
        telephone.say(quiet)
        consultant.tab.wait_for("#answer", 20)
        consultant.answer()
        consultant.pause(6)
        consultant.tab.listen()
        consultant.pause(8)
        heard = consultant.tab.heard()
        self.assertGreater(ears.loudness(heard), 3.2 * ears.loudness(quiet))
        self.assert_page_hears("the page", speech, consultant)
        consultant.hang_up()
        call.ended_by_server()
