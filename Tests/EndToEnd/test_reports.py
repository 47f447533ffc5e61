"""RTCP (RFC 3550 §6): where reports go, what they say, and the goodbye at the end."""

import time

from harness import rtcp, voice
from harness.programs import eventually
from harness.shared import SharedServerTest

LISTEN = 14  # seconds: two reports, each 2.5 to 7.5 s after the one before


class Reports(SharedServerTest):
    limit = 60

    def test_reports_and_goodbye(self):
        """With rtcp-mux reports come to the RTP port, without it to the next one; both plausible, both end with BYE"""
        mux, mux_call = self.dial(lines=("a=rtcp-mux",))
        plain, plain_call = self.dial()
        self.assertIn("a=rtcp-mux", mux_call.received("SIP/2.0 200")[0])
        self.assertNotIn("a=rtcp-mux", plain_call.received("SIP/2.0 200")[0])
        for telephone in (mux, plain):
            telephone.say(self.speech(voice.CALLER))
        time.sleep(LISTEN)
        for telephone in (mux, plain):
            telephone.press("9")
        for call in (mux_call, plain_call):
            call.ended_by_server()
        time.sleep(0.3)

        on_rtp_port = [packet for packet in mux.packets if packet.is_rtcp]
        self.assertEqual(mux.reports, [], "with rtcp-mux nothing comes to the other port")
        self.assertEqual([packet for packet in plain.packets if packet.is_rtcp], [], "nor the other way round")
        self.look_at(mux, on_rtp_port)
        self.look_at(plain, plain.reports)

    def look_at(self, telephone, packets):
        compounds = [(packet.arrival, rtcp.parse(packet.octets)) for packet in packets]
        reports = [(arrival, compound) for arrival, compound in compounds if compound[0]["kind"] == rtcp.SENDER_REPORT]
        self.assertGreaterEqual(len(reports), 3, "two on the way and one with the goodbye")
        arrivals = [arrival for arrival, _ in reports[:-1]]
        for one, next_one in zip(arrivals, arrivals[1:]):
            self.assertTrue(2.4 <= next_one - one <= 7.6, f"{next_one - one:.1f} s between reports")
        for arrival, compound in reports:
            self.plausible(telephone, arrival, compound)
        kinds = [packet["kind"] for packet in compounds[-1][1]]
        self.assertEqual(kinds[-1], rtcp.GOODBYE, "the last word is goodbye")
        self.assertEqual(compounds[-1][1][-1]["ssrc"], reports[0][1][0]["ssrc"])
        self.assertEqual(sum(rtcp.GOODBYE in [p["kind"] for p in c] for _, c in compounds), 1, "one goodbye")

    def plausible(self, telephone, arrival, compound):
        """A sender report as RFC 3550 §6.4.1 wants it, compared with what had come by then."""
        report, description = compound[0], compound[1]
        self.assertEqual(description["kind"], rtcp.DESCRIPTION)
        sound = [packet for packet in telephone.packets if packet.arrival <= arrival and not packet.is_rtcp]
        self.assertEqual(report["ssrc"], int.from_bytes(sound[0].octets[8:12], "big"))
        self.assertAlmostEqual(report["unix"], time.time() - (time.monotonic() - arrival), delta=0.5)
        self.assertAlmostEqual(report["packets"], len(sound), delta=5)
        self.assertAlmostEqual(report["octets"], sum(len(packet.payload) for packet in sound), delta=800)
        behind = (report["rtp"] - sound[-1].timestamp) & 0xFFFFFFFF
        behind -= 0x100000000 if behind > 0x80000000 else 0
        self.assertLess(abs(behind), 1600, "the RTP time of the report is that of the sound")
        for block in report["blocks"]:
            self.assertEqual((block["fraction"], block["lost"]), (0, 0), "nothing was lost on this machine")
            self.assertLess(block["jitter"], 800)
        self.assertEqual(len(report["blocks"]), 1, "a report on what the caller sends")

    def test_our_report_is_echoed(self):
        """A report of the caller's is echoed in the server's next one (RFC 3550 §6.4.1, LSR and DLSR)"""
        telephone, call = self.dial()
        host, port = call.answered()
        eventually(lambda: telephone.packets, 5, "sound")
        ours = self.own_ssrc(telephone)
        sent = time.monotonic()
        report = rtcp.sender_report(ours, 1, 1, 160)
        telephone.control.sendto(report, (host, port + 1))
        middle = int.from_bytes(report[10:14], "big")
        eventually(lambda: any(p.arrival > sent for p in telephone.reports), 10, "the server's report")
        packet = next(p for p in telephone.reports if p.arrival > sent)
        block = rtcp.parse(packet.octets)[0]["blocks"][0]
        self.assertEqual(block["ssrc"], ours)
        self.assertEqual(block["last"], middle)
        self.assertAlmostEqual(block["delay"] / 65536, packet.arrival - sent, delta=0.1)
        call.hang_up()

    def own_ssrc(self, telephone):
        """The SSRC that the telephone sends with, as the server sees it: taken from its first report on us."""
        eventually(lambda: telephone.reports, 10, "the server's first report")
        return rtcp.parse(telephone.reports[0].octets)[0]["blocks"][0]["ssrc"]
