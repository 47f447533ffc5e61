"""TCP, IPv6, a house that is full, and how the server says goodbye."""

import time

from harness.script import Script, description
from harness.shared import SharedServerTest
from harness.sip import Call

SENTENCE = "Ta infolinia mówi tylko jedno zdanie i się rozłącza."


class Transports(SharedServerTest):
    server_options = {
        "hotlines": ("dzwiek", "krotka"), "listen": ("127.0.0.1", "::1"), "public_address": "auto", "max_calls": 2}

    def hears_all(self, host, transport):
        """A whole short call with sound; the server ends it with a BYE that says why."""
        telephone = self.telephone(host=host)
        call = self.play(
            Script().call(description(telephone.port, host=host)).until_bye(reason=True), "8003", host, transport)
        address = call.answered()
        self.assertEqual(address[0], host, "sound is wanted on the address that was dialled")
        telephone.connect(address)
        self.hears(telephone, SENTENCE)
        call.ended_by_server()
        bye = call.received("BYE")[-1]
        self.assertRegex(bye, r"(?m)^Reason: *Q\.850;cause=16")
        self.store.ended(call.number)

    def test_udp(self):
        """A call over UDP: sound, and a BYE with a Reason (RFC 3326)"""
        self.hears_all("127.0.0.1", "u1")

    def test_tcp(self):
        """A call over TCP"""
        self.hears_all("127.0.0.1", "t1")

    def test_ipv6(self):
        """A call over IPv6, signalling and sound"""
        self.hears_all("::1", "u1")

    def test_ipv6_over_tcp(self):
        """A call over IPv6 and TCP"""
        self.hears_all("::1", "t1")

    def test_full(self):
        """When max_calls is reached the next caller gets 503 with Retry-After, and the earlier calls go on"""
        calls = [self.dial(), self.dial()]
        for telephone, _ in calls:
            self.assert_hears_melody(telephone)
        third = self.telephone()
        refused = self.play(Script().invite(description(third.port)).answered(503))
        self.assertTrue(refused.succeeded(), refused.trace()[-2000:])
        self.assertRegex(refused.received("SIP/2.0 503")[0], r"(?m)^Retry-After: *[1-9]")
        for telephone, call in calls:
            self.assert_hears_melody(telephone, "an earlier caller")
            call.hang_up()
        time.sleep(0.3)
        telephone, call = self.dial()
        self.assert_hears_melody(telephone, "a caller after there is room again")
        call.hang_up()

    def test_options_when_full(self):
        """OPTIONS, a trunk's question for room, gets 503 while the house is full"""
        calls = [self.dial(), self.dial()]
        options = Call(self.server.sip_address(), "8002", self.folder, scenario="options")
        self.addCleanup(options.close)
        options.succeeded()
        self.assertTrue(options.received("SIP/2.0 503"), options.trace()[-2000:])
        for _, call in calls:
            call.hang_up()
