"""The tests' own instruments: an ear that always says yes would prove nothing."""

import time
import unittest

from harness import ears, g711, voice
from harness.rtp import Telephone


class Instruments(unittest.TestCase):
    limit = 60

    def test_a_law_round_trip(self):
        """A-law: each octet comes back, and speech comes back 30 dB above the error"""
        self.assertTrue((g711.ENCODE[g711.DECODE.astype(int) + 32768] == range(256)).all())
        self.assertEqual(g711.DECODE[0xD5], 8)
        said = ears.resampled(*voice.say(voice.CALLER))
        error = g711.decode(g711.encode(said)) - said
        self.assertGreater(ears.loudness(said) / ears.loudness(error), 30)

    def test_mu_law_round_trip(self):
        """µ-law: each octet comes back but minus zero, and speech comes back 30 dB above the error"""
        back = g711.MU.inverse[g711.MU.table.astype(int) + 32768]
        self.assertEqual([code for code in range(256) if back[code] != code and g711.MU.table[code] != 0], [])
        self.assertEqual((g711.MU.table[0x80], g711.MU.table[0xFF]), (32124, 0))
        said = ears.resampled(*voice.say(voice.CALLER))
        self.assertGreater(ears.loudness(said) / ears.loudness(g711.MU.decode(g711.MU.encode(said)) - said), 30)

    def test_telephones_hear_each_other(self):
        """A telephone hears the right speech through A-law and RTP, and nothing in the wrong one"""
        one, two = Telephone(), Telephone()
        self.addCleanup(one.close)
        self.addCleanup(two.close)
        one.connect(("127.0.0.1", two.port))
        said = ears.resampled(*voice.say(voice.CALLER))
        one.say(said)
        two.wait_until_heard(1, 5)
        pressing = time.monotonic()
        one.press("159#")
        self.assertLess(time.monotonic() - pressing, 3)
        mark = two.wait_until_heard(6, 15)
        heard = two.heard(mark)
        self.assertGreater(ears.likeness(said, heard).median, 0.95)
        place, fit = ears.find(heard[8000:16000], heard)
        self.assertAlmostEqual(place, 1.0, delta=0.1)
        self.assertGreater(fit, 0.99)
        for other in (voice.SECOND_CALLER, voice.CONSULTANT, voice.SECOND_CONSULTANT):
            self.assertFalse(ears.likeness(ears.resampled(*voice.say(other)), heard).same)
