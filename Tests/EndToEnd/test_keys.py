"""Keys, however they come: RFC 4733 events, SIP INFO, tones in band. Each acts exactly once."""

import numpy

from harness import ears, voice
from harness.script import Script, description
from harness.shared import SharedServerTest

FIRST, SECOND = "Wybrano pierwszy klawisz, dziękujemy.", "To był drugi przycisk na klawiaturze."
ROWS, COLUMNS, KEYS = (697, 770, 852, 941), (1209, 1336, 1477, 1633), "123A456B789C*0#D"


def tone(key, seconds=0.1):
    """A key as two frequencies (ITU-T Q.23) at −9 dBFS each."""
    place = KEYS.index(key)
    time = numpy.arange(int(seconds * ears.RATE)) / ears.RATE
    low, high = (numpy.sin(2 * numpy.pi * f * time) for f in (ROWS[place // 4], COLUMNS[place % 4]))
    return (0.25 * (low + high)).astype(numpy.float32)


def once(*sounds):
    """The sounds, and then a minute of silence: a telephone repeats what it says."""
    return numpy.concatenate([*sounds, numpy.zeros(60 * ears.RATE, dtype=numpy.float32)])


class Keys(SharedServerTest):
    def pressed(self, call, origins, steps):
        """The store knows of each key once, and the hotline went to each step once."""
        call.hang_up()
        self.store.ended(call.number)
        self.assertEqual(self.store.keys(call.number), origins)
        self.assertEqual([step for step in self.store.steps(call.number) if step != "graj"], steps)

    def test_events(self):
        """Keys as RFC 4733 events, each report sent several times, act once each"""
        telephone, call = self.dial()
        self.assert_hears_melody(telephone)
        telephone.press("1")
        mark = self.hears(telephone, FIRST)
        self.assert_hears_melody(telephone)
        telephone.press("2")
        self.hears(telephone, SECOND, mark)
        self.assert_hears_melody(telephone)
        self.assertEqual(len(set(self.store.keys(call.number))), 1)
        self.pressed(call, self.store.keys(call.number)[:1] * 2, ["jeden", "dwa"])

    def test_info(self):
        """A key in SIP INFO (dtmf-relay and dtmf) acts once"""
        telephone = self.telephone()
        call = self.play(
            Script().call(description(telephone.port)).order()
            .request("INFO", "Signal=1\nDuration=160\n", kind="application/dtmf-relay").stage("relay").order()
            .request("INFO", "2", kind="application/dtmf").stage("dtmf").until_bye())
        telephone.connect(call.answered())
        self.assert_hears_melody(telephone)
        call.go_to("relay")
        mark = self.hears(telephone, FIRST)
        self.assert_hears_melody(telephone)
        call.go_to("dtmf")
        self.hears(telephone, SECOND, mark)
        self.assert_hears_melody(telephone)
        self.pressed(call, ["info", "info"], ["jeden", "dwa"])

    def test_info_that_is_no_key(self):
        """INFO of an unknown kind is refused with 415 and without a key with 400; the call goes on"""
        telephone = self.telephone()
        call = self.play(
            Script().call(description(telephone.port)).order()
            .request("INFO", "1", kind="text/plain", status=415)
            .request("INFO", "Signal=x\n", kind="application/dtmf-relay", status=400).stage("refused").until_bye())
        telephone.connect(call.answered())
        call.go_to("refused")
        self.assert_hears_melody(telephone)
        self.pressed(call, [], [])

    def test_tones(self):
        """A key as a tone in the sound, from a caller who did not offer events, acts once"""
        telephone, call = self.dial(codecs=("PCMA",))
        self.assert_hears_melody(telephone)
        telephone.say(once(tone("1")))
        mark = self.hears(telephone, FIRST)
        self.assert_hears_melody(telephone)
        telephone.say(once(tone("2")))
        self.hears(telephone, SECOND, mark)
        self.assert_hears_melody(telephone)
        self.assertEqual(len(set(self.store.keys(call.number))), 1)
        self.pressed(call, self.store.keys(call.number)[:1] * 2, ["jeden", "dwa"])

    def test_long_tone(self):
        """A key held for a second as a tone is one key; the same key again after a short pause is another"""
        telephone, call = self.dial(codecs=("PCMA",))
        self.assert_hears_melody(telephone)
        telephone.say(once(tone("5", 1.0), numpy.zeros(800, dtype=numpy.float32), tone("5")))
        telephone.wait_until_heard(2, 5)
        self.assertEqual(len(self.store.keys(call.number)), 2)
        call.hang_up()

    def test_leaked_tone(self):
        """Where events were agreed, a tone that leaks into the sound beside its event does not act a second time"""
        telephone, call = self.dial()
        self.assert_hears_melody(telephone)
        telephone.say(once(tone("1", 0.06)))
        telephone.press("1")
        telephone.say(once(tone("1")))
        self.hears(telephone, FIRST)
        self.assert_hears_melody(telephone)
        self.pressed(call, self.store.keys(call.number)[:1], ["jeden"])

    def test_speech_is_no_key(self):
        """Ten seconds of speech press no key, where tones are listened for"""
        telephone, call = self.dial(codecs=("PCMA",))
        telephone.say(self.speech(voice.SECOND_CALLER))
        telephone.wait_until_heard(8, 12)
        self.pressed(call, [], [])

    def test_keys_are_not_in_the_log(self):
        """Which keys were pressed stands neither in the log nor in the store"""
        telephone, call = self.dial()
        self.assert_hears_melody(telephone)
        before = len(self.server.program.output())
        telephone.press("1")
        self.hears(telephone, FIRST)
        log = self.server.program.output()[before:]
        self.assertNotRegex(log.lower(), r"digit|dtmf|\"key\"|pressed")
        for kind, detail in self.store.facts(call.number):
            if kind == "digit":
                self.assertEqual(set(detail), {"origin"})
                self.assertNotRegex(detail["origin"], r"^[0-9*#A-D]$")
        call.hang_up()
