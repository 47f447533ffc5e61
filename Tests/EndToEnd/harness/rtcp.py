"""Compound RTCP packets (RFC 3550 §6) as dictionaries, for what a telephone was told."""

import struct
import time

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, GOODBYE = 200, 201, 202, 203
NTP_TO_UNIX = 2_208_988_800


def parse(octets):
    """The packets of a compound, in their order; raises ValueError where it breaks RFC 3550 §6.4."""
    packets = []
    while octets:
        if len(octets) < 4 or octets[0] >> 6 != 2:
            raise ValueError("not RTCP")
        size = 4 * (int.from_bytes(octets[2:4], "big") + 1)
        if size > len(octets):
            raise ValueError("cut off")
        packets.append(_packet(octets[1], octets[0] & 0x1F, octets[4:size]))
        octets = octets[size:]
    return packets


def _packet(kind, count, body):
    packet = {"kind": kind, "count": count, "ssrc": int.from_bytes(body[:4], "big")}
    blocks = body[4:]
    if kind == SENDER_REPORT:
        seconds, fraction, packet["rtp"], packet["packets"], packet["octets"] = struct.unpack("!IIIII", body[4:24])
        packet["unix"] = seconds - NTP_TO_UNIX + fraction / 2**32
        blocks = body[24:]
    if kind in (SENDER_REPORT, RECEIVER_REPORT):
        packet["blocks"] = [_block(blocks[24 * index:24 * index + 24]) for index in range(count)]
    return packet


def _block(octets):
    ssrc, lost, highest, jitter, last, delay = struct.unpack("!IIIIII", octets)
    return {
        "ssrc": ssrc, "fraction": lost >> 24, "lost": lost & 0xFFFFFF, "highest": highest, "jitter": jitter, "last": last,
        "delay": delay}


def sender_report(ssrc, timestamp, packets, octets):
    """A report of our own, with a source description."""
    now = time.time() + NTP_TO_UNIX
    report = struct.pack(
        "!BBHIIIIII", 0x80, SENDER_REPORT, 6, ssrc, int(now), int(now % 1 * 2**32), timestamp, packets, octets)
    return report + struct.pack("!BBHIBB4sBB", 0x81, DESCRIPTION, 3, ssrc, 1, 4, b"test", 0, 0)
