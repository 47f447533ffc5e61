"""Who offers what, and when: calls without an offer, hold, and changes in the middle of a call (RFC 3264, RFC 3311)."""

import time

from harness import ears, g711
from harness.script import Script, description
from harness.shared import SharedServerTest

SETTLED = 0.15  # seconds after an agreement from which nothing of the one before may come

HOLDS = {
    "sendonly": {"direction": "sendonly"},
    "inactive": {"direction": "inactive"},
    "0.0.0.0": {"host": "0.0.0.0"},
}
ANSWERS = {"sendonly": "a=recvonly", "inactive": "a=inactive", "0.0.0.0": "m=audio"}


class Offers(SharedServerTest):
    def packets_since(self, telephone, moment):
        return [packet for packet in telephone.packets if packet.arrival > moment and not packet.is_rtcp]

    def test_invite_without_offer(self):
        """An INVITE without SDP gets our offer in the 200; with the answer in the ACK the caller hears the hotline"""
        telephone = self.telephone()
        call = self.play(Script().invite().answered().ack(description(telephone.port)).until_bye())
        telephone.connect(call.answered())
        self.assert_hears_melody(telephone)
        offer = call.received("SIP/2.0 200")[0]
        for line in ("a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000", "telephone-event/8000"):
            self.assertIn(line, offer)
        telephone.press("1")
        self.hears(telephone, "Wybrano pierwszy klawisz, dziękujemy.")
        call.hang_up()

    def test_reliable_provisionals_demanded(self):
        """A caller who demands 100rel is answered all the same"""
        telephone = self.telephone()
        call = self.play(Script().call(description(telephone.port), ("Require: 100rel",)).until_bye())
        telephone.connect(call.answered())
        self.assert_hears_melody(telephone)
        call.hang_up()

    def test_hold_and_resume(self):
        """On hold (sendonly, inactive, 0.0.0.0) not a packet is sent to the caller; after that the sound goes on"""
        for kind, hold in HOLDS.items():
            with self.subTest(kind):
                telephone = self.telephone()
                call = self.play(
                    Script().call(description(telephone.port)).order()
                    .reinvite(description(telephone.port, version=2, **hold)).stage("held").order()
                    .reinvite(description(telephone.port, version=3)).stage("resumed").until_bye())
                telephone.connect(call.answered())
                self.assert_hears_melody(telephone)
                call.go_to("held")
                held = time.monotonic() + SETTLED
                time.sleep(1.2)
                self.assertEqual(len(self.packets_since(telephone, held)), 0, f"packets on hold by {kind}")
                self.assertIn(ANSWERS[kind], call.received("SIP/2.0 200")[1])
                call.go_to("resumed")
                telephone.wait_until_heard(0.1, 5)  # over the gap that the hold has left
                self.assert_hears_melody(telephone, f"the caller after {kind}")
                self.assertEqual(telephone.sources, 1)
                call.hang_up()

    def test_media_moves(self):
        """An offer with another port, by re-INVITE or UPDATE, moves the sound there; the old port gets nothing more"""
        for method in ("INVITE", "UPDATE"):
            with self.subTest(method):
                old, new = self.telephone(), self.telephone()
                script = Script().call(description(old.port)).order().request(method, description(new.port, version=2))
                call = self.play((script.ack() if method == "INVITE" else script).stage("moved").until_bye())
                address = call.answered()
                old.connect(address)
                self.assert_hears_melody(old)
                old.disconnect()
                call.go_to("moved")
                moved = time.monotonic() + SETTLED
                self.assert_hears_melody(new, "the new port, which has sent nothing yet")
                new.connect(address)
                self.assert_hears_melody(new, "the new port")
                self.assertEqual(len(self.packets_since(old, moved)), 0, "packets to the old port")
                new.press("1")
                self.hears(new, "Wybrano pierwszy klawisz, dziękujemy.")
                call.hang_up()

    def test_stragglers_do_not_take_the_sound_back(self):
        """Packets that still come from the old port after a move do not draw the sound back there"""
        old, new = self.telephone(), self.telephone()
        call = self.play(
            Script().call(description(old.port)).order().reinvite(description(new.port, version=2)).stage("moved")
            .until_bye())
        address = call.answered()
        old.connect(address)
        self.assert_hears_melody(old)
        call.go_to("moved")
        moved = time.monotonic() + SETTLED
        time.sleep(0.3)
        old.disconnect()
        new.connect(address)
        time.sleep(1)
        self.assertEqual(len(self.packets_since(old, moved)), 0, "packets to the old port")
        self.assert_hears_melody(new, "the new port")
        call.hang_up()

    def test_codec_changes(self):
        """An offer of PCMU only, by re-INVITE or UPDATE, changes A-law to µ-law, both ways"""
        for method in ("INVITE", "UPDATE"):
            with self.subTest(method):
                telephone = self.telephone()
                changed = description(telephone.port, ("PCMU", "events"), version=2)
                script = Script().call(description(telephone.port)).order().request(method, changed)
                call = self.play((script.ack() if method == "INVITE" else script).stage("changed").until_bye())
                telephone.connect(call.answered())
                self.assert_hears_melody(telephone)
                call.go_to("changed")
                telephone.law = g711.MU
                after = time.monotonic() + SETTLED
                self.assert_hears_melody(telephone, "the caller in µ-law")
                self.assertEqual({packet.kind for packet in self.packets_since(telephone, after)}, {0})
                telephone.press("1")
                self.hears(telephone, "Wybrano pierwszy klawisz, dziękujemy.")
                call.hang_up()

    def test_reinvite_without_offer(self):
        """A re-INVITE without SDP gets our offer, the sound goes on, and the answer in the ACK may move it"""
        old, new = self.telephone(), self.telephone()
        call = self.play(
            Script().call(description(old.port)).order()
            .request("INVITE").ack(description(old.port, version=2)).stage("asked").order()
            .request("INVITE").ack(description(new.port, version=3)).stage("moved").until_bye())
        address = call.answered()
        old.connect(address)
        self.assert_hears_melody(old)
        call.go_to("asked")
        self.assert_hears_melody(old, "the caller after a re-INVITE without SDP")
        offers = call.received("SIP/2.0 200")
        self.assertIn(f"m=audio {address[1]} ", offers[1], "the same port is offered again")
        self.assertIn("a=rtpmap:8 PCMA/8000", offers[1])
        old.disconnect()
        call.go_to("moved")
        self.assert_hears_melody(new, "the new port")
        call.hang_up()

    def test_refused_change_leaves_the_call_as_it_was(self):
        """A re-INVITE without a known codec is refused with 488, and the sound goes on"""
        telephone = self.telephone()
        unknown = description(telephone.port, version=2).replace("RTP/AVP 8 101", "RTP/AVP 97").replace(
            "a=rtpmap:8 PCMA/8000", "a=rtpmap:97 MYSTERY/8000")
        call = self.play(
            Script().call(description(telephone.port)).order().request("INVITE", unknown, status=488).ack()
            .stage("refused").until_bye())
        telephone.connect(call.answered())
        self.assert_hears_melody(telephone)
        call.go_to("refused")
        self.assert_hears_melody(telephone, "the caller after the refusal")
        call.hang_up()
        self.assertGreater(ears.loudness(telephone.heard()), 0.01)
