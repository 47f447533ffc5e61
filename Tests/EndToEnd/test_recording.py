"""What is in a recording and what is not, and what the contact's page tells."""

import numpy
import soundfile

from harness import ears, voice
from harness.rtp import STEP
from harness.shared import SharedServerTest

PRESS = 0.2  # seconds for which the telephone says nothing while a key is pressed
NOTICE = "Nagramy tę rozmowę. Naciśnij jeden albo dwa."


class Recording(SharedServerTest):
    limit = 120
    server_options = {"hotlines": ("nagranie",)}
    hotline = "8005"

    def recorded_call(self, key):
        """A caller who speaks all the time and presses a key after the notice: (call, speech, how far into it that was)."""
        said = self.speech(voice.CALLER)
        telephone, call = self.dial()
        telephone.say(said)
        self.hears(telephone, NOTICE)
        place = telephone.place
        telephone.press(key)
        telephone.wait_until_heard(5, 8)
        call.hang_up()
        self.store.ended(call.number)
        return call, said, place

    def test_nothing_before_the_key(self):
        """The recording begins with the key and not before, has both sides, and ends with the call"""
        call, said, place = self.recorded_call("1")
        path = self.server.rendered(self.store.contact(call.number))
        self.assertEqual(soundfile.info(path).channels, 2)
        left, right = ears.load(path, 0), ears.load(path, 1)
        facts = dict((kind, self.store.moments(call.number, kind)) for kind in ("recordingOn", "ended"))
        length = facts["ended"][0] - facts["recordingOn"][0]
        self.assertAlmostEqual(len(left) / ears.RATE, length, delta=0.3)
        turn = said[:len(said) // STEP * STEP]
        found, fit = ears.find(left[ears.RATE:3 * ears.RATE], numpy.tile(turn, 2))
        # Either turn may fit best: they are the same speech.
        begins = found - len(turn) / ears.RATE if found - 1 > place + 0.5 else found
        self.assertGreater(fit, 0.9, "the caller on the left")
        self.assertGreaterEqual(begins - 1, place - PRESS - 0.04, "nothing of what was said before the key")
        self.assertLess(begins - 1, place + 0.5)
        _, fit = ears.find(right[ears.RATE:3 * ears.RATE], self.server.music)
        self.assertGreater(fit, 0.9, "the melody on the right")
        notice = self.server.spoken(NOTICE)
        self.assertLess(ears.find(notice, right)[1], 0.5, "the notice came before")
        self.assertLess(ears.find(notice[-ears.RATE:], right)[1], 0.6, "nor its end")

    def test_no_key_no_recording(self):
        """Who refuses is not recorded: no journal, no mark on the contact"""
        call, _, _ = self.recorded_call("2")
        contact = self.store.contact(call.number)
        self.assertEqual([path for path in self.server.data.rglob("*.cjr") if path.stem == contact], [])
        self.assertNotIn("recordingOn", [kind for kind, _ in self.store.facts(call.number)])

    def test_wherever_the_sides_end(self):
        """Recordings that end in the middle of loud sound can be rendered, whichever side ends a moment before the other"""
        parties = [self.dial() for _ in range(10)]
        for telephone, _ in parties:
            telephone.say(self.server.music)
        for telephone, _ in parties:
            self.hears(telephone, NOTICE)
            telephone.press("1")
        for number, (telephone, call) in enumerate(parties):
            telephone.wait_until_heard(0.3 + 0.007 * number, 5)
            call.hang_up()
            self.store.ended(call.number)
        for _, call in parties:
            path = self.server.rendered(self.store.contact(call.number))
            self.assertGreater(soundfile.info(path).duration, 0.2)

    def test_page_tells_the_story(self):
        """The contact's page shows caller, hotline, tag, prompts heard and a key's way, never which key"""
        call, _, _ = self.recorded_call("1")
        contact = self.store.contact(call.number)
        story = self.supervisor().story(contact)
        for word in (call.number[-9:-6], "nagranie", "zgodny", contact, "zgoda", "graj"):
            self.assertIn(word, story)
        self.assertEqual(len(self.store.keys(call.number)), 1)
        log = self.server.program.output().lower()
        self.assertNotRegex(log, r"digit|dtmf|pressed|\"key\"")
