"""Sound that nobody asked for: RTP from another address to a call's port (latching, RFC 4961 and its dangers)."""

from harness import ears, voice
from harness.script import Script, description
from harness.shared import SharedServerTest

NOTICE = "Nagramy tę rozmowę. Naciśnij jeden albo dwa."


class Strangers(SharedServerTest):
    server_options = {"hotlines": ("nagranie", "dzwiek")}
    hotline = "8005"

    def test_stranger_before_and_after_the_caller(self):
        """RTP from 127.0.0.2, before the caller's and beside it, is not heard, not answered, not recorded; its keys do nothing"""
        said, foreign = self.speech(voice.CALLER), self.speech(voice.SECOND_CALLER)
        telephone, call = self.dial(speaks=False)
        stranger = self.telephone(host="127.0.0.2")
        stranger.say(foreign)
        stranger.connect(call.answered())
        stranger.press("2")
        telephone.say(said)
        telephone.connect(call.answered())
        self.hears(telephone, NOTICE)
        telephone.press("1")
        self.assert_hears_melody(telephone)
        stranger.press("2")
        telephone.wait_until_heard(4, 8)
        call.hang_up()
        self.store.ended(call.number)
        self.assertEqual(stranger.packets, [], "not a single packet to the stranger")
        self.assertEqual(stranger.reports, [])
        self.assertEqual(len(self.store.keys(call.number)), 1)
        recording = self.server.rendered(self.store.contact(call.number))
        left = ears.load(recording, 0)
        self.assert_hears("the left side", said, left[ears.RATE:])
        self.assert_does_not_hear("the left side", foreign, left)

    def test_stranger_alone(self):
        """A call whose caller sends nothing is not given to a stranger who does"""
        telephone = self.telephone()
        call = self.play(Script().call(description(telephone.port)).until_bye(), "8002")
        stranger = self.telephone(host="127.0.0.2")
        stranger.connect(call.answered())
        self.assert_hears_melody(telephone)
        stranger.press("9")
        self.assert_hears_melody(telephone)
        self.assertEqual((stranger.packets, stranger.reports), ([], []))
        self.assertEqual(self.store.keys(call.number), [])
        call.hang_up()
