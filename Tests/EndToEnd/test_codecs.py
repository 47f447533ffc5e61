"""Callers with one codec only, and callers who want long or short packets."""

import time

from harness import ears, g711, g722, opus
from harness.shared import SharedServerTest
from harness.programs import eventually


class Codecs(SharedServerTest):
    def test_mu_law_only(self):
        """A caller who knows µ-law only hears the hotline in it and is heard"""
        telephone, call = self.dial(self.telephone(law=g711.MU), codecs=("PCMU", "events"))
        self.assert_hears_melody(telephone)
        telephone.press("1")
        self.hears(telephone, "Wybrano pierwszy klawisz, dziękujemy.")
        self.assertEqual({packet.kind for packet in telephone.packets}, {0})
        call.hang_up()

    def sound_of(self, telephone, kind):
        """Three seconds of packets, all of one kind and without a gap."""
        eventually(lambda: len(telephone.packets) >= 150, 8, "three seconds of packets")
        packets = [packet for packet in list(telephone.packets)[:150] if not packet.is_rtcp]
        self.assertEqual({packet.kind for packet in packets}, {kind})
        step = 960 if kind == 111 else 160
        for one, next_one in zip(packets, packets[1:]):
            self.assertEqual((next_one.sequence - one.sequence) & 0xFFFF, 1)
            self.assertEqual((next_one.timestamp - one.timestamp) & 0xFFFFFFFF, step)
        lasted = packets[-1].arrival - packets[0].arrival
        self.assertAlmostEqual(lasted, (len(packets) - 1) * 0.02, delta=0.3)
        return packets

    def assert_is_melody(self, heard):
        _, fit = ears.find(heard[ears.RATE // 2:], self.server.music)
        self.assertGreater(fit, 0.8, "the melody, decoded")

    def test_opus_only(self):
        """A caller who knows Opus only gets a packet every 20 ms, and hears the melody"""
        telephone, call = self.dial(speaks=False, codecs=("opus",))
        self.assertIn("opus/48000/2", call.received("SIP/2.0 200")[0])
        packets = self.sound_of(telephone, 111)
        self.assertEqual({opus.samples_of(packet.payload) for packet in packets}, {960})
        self.assert_is_melody(opus.decode(packet.payload for packet in packets))
        call.hang_up()

    def test_g722_only(self):
        """A caller who knows G.722 only gets 160 octets every 20 ms on a clock of 8,000, and hears the melody"""
        telephone, call = self.dial(speaks=False, codecs=("G722", "events"))
        self.assertIn("a=rtpmap:9 G722/8000", call.received("SIP/2.0 200")[0])
        packets = self.sound_of(telephone, 9)
        self.assertEqual({len(packet.payload) for packet in packets}, {160})
        self.assert_is_melody(g722.decode(packet.payload for packet in packets))
        call.hang_up()

    def test_packet_times(self):
        """a=ptime of 10, 30 and 40 ms is honoured: sizes, timestamps, and the sound in them"""
        for milliseconds in (10, 30, 40):
            with self.subTest(ptime=milliseconds):
                telephone, call = self.dial(ptime=milliseconds)
                self.assert_hears_melody(telephone)
                packets = [packet for packet in list(telephone.packets) if not packet.is_rtcp]
                size = milliseconds * 8
                self.assertEqual({len(packet.payload) for packet in packets[:-1]}, {size})
                steps = {
                    (next_one.timestamp - one.timestamp) & 0xFFFFFFFF
                    for one, next_one in zip(packets, packets[1:]) if next_one.sequence == (one.sequence + 1) & 0xFFFF}
                self.assertEqual(steps, {size})
                call.hang_up()

    def test_preference(self):
        """Of the caller's codecs the best is chosen, and no packet comes in another"""
        for codecs, kind, decode in (
                (("PCMU", "PCMA", "G722", "opus", "events"), 111, opus.decode),
                (("PCMU", "PCMA", "G722", "events"), 9, g722.decode)):
            with self.subTest(offer=codecs):
                telephone, call = self.dial(codecs=codecs)
                self.assert_is_melody(decode(packet.payload for packet in self.sound_of(telephone, kind)))
                call.hang_up()
                hung_up = time.monotonic() + 0.2
                time.sleep(0.5)
                late = [packet for packet in telephone.packets if packet.arrival > hung_up]
                self.assertEqual(late, [], "nothing after the end of the call")
