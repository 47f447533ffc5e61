"""What a trunk expects of the server before and instead of a call."""

from harness.case import EndToEndTest
from harness.sip import Call


class Signalling(EndToEndTest):
    limit = 60

    def plays(self, scenario, number):
        call = Call(self.server.sip_port, number, self.folder, media_port=30000, scenario=scenario)
        self.addCleanup(call.close)
        self.assertTrue(call.succeeded(), call.trace()[-3000:])

    def test_unknown_number(self):
        """A number that no hotline has is refused with 404"""
        self.plays("unknown-number", "+48999999999")

    def test_options(self):
        """OPTIONS is answered with 200 and tells that INVITE is allowed"""
        self.plays("options", "8001")

    def test_no_common_codec(self):
        """An offer without a known codec is refused with 488"""
        self.plays("no-common-codec", "8001")
