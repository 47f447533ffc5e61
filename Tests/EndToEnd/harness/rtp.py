"""A caller's telephone, the sound half: real G.711 RTP every 20 ms, digits by RFC 4733, and an exact record of what came."""

import random
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass

import numpy

from . import g711

TELEPHONE_EVENT = 101
STEP = 160  # samples in 20 ms
EVENTS = "0123456789*#ABCD"


@dataclass
class Packet:
    """A datagram as it came; the fields of RTP's header are read when asked for."""

    arrival: float  # time.monotonic
    source: tuple
    octets: bytes

    @property
    def kind(self):
        return self.octets[1] & 0x7F

    @property
    def sequence(self):
        return int.from_bytes(self.octets[2:4], "big")

    @property
    def timestamp(self):
        return int.from_bytes(self.octets[4:8], "big")

    @property
    def payload(self):
        return self.octets[12:]

    @property
    def is_rtcp(self):
        """RFC 5761 §4: packet types 192 to 223 where RTP has marker and payload type."""
        return 192 <= self.octets[1] <= 223


class Telephone:
    """One RTP peer on an address of this machine. After `connect` it speaks; `close` ends its threads."""

    def __init__(self, host="127.0.0.1", law=g711.A):
        self.socket, self.control, self.port = _pair(host)
        self.host, self.law = host, law
        self.remote = None
        self.packets = []  # every datagram on the RTP port
        self.reports = []  # every datagram on the RTCP port
        self._speech, self._place = b"", 0
        self._digits = []
        self._received = []  # (arrival, extended timestamp relative to the first, payload, law), G.711 only
        self._first = {}  # per SSRC: where its timestamps begin in ours
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.sequences = []
        self._sender = threading.Thread(target=self._send, daemon=True)
        self._receiver = threading.Thread(target=self._receive, daemon=True)
        self._receiver.start()

    def connect(self, address):
        """Begins to send to (host, port), from silence on."""
        self.remote = address
        if not self._sender.is_alive():
            self._sender.start()

    def disconnect(self):
        """Sends nothing any more, and goes on listening."""
        self.remote = None

    def say(self, samples):
        """Speaks these samples (8 kHz) again and again from now on; an empty array is silence."""
        octets = self.law.encode(samples)
        with self._lock:
            self._speech, self._place = octets[:len(octets) // STEP * STEP], 0

    def press(self, digits):
        """Presses keys, 100 ms each with 100 ms between; returns when the last is sent."""
        done = threading.Event()
        with self._lock:
            self._digits.append((list(digits), done))
        if not done.wait(5 + len(digits)):
            raise TimeoutError("the telephone does not send; was it connected?")

    def position(self):
        """Seconds of sound received up to now, on the sender's clock: a mark for `heard`."""
        with self._lock:
            return self._received[-1][1] / 8000 if self._received else 0.0

    def heard(self, since=0.0, until=None):
        """What came between two marks, as samples, each packet where its timestamp puts it; gaps are silence."""
        with self._lock:
            packets = list(self._received)
        end = int((until if until is not None else self.position()) * 8000)
        start = int(since * 8000)
        samples = numpy.zeros(max(0, end - start + STEP), dtype=numpy.float32)
        for _, at, payload, law in packets:
            if start <= at <= end - 1:
                piece = law.decode(payload)[:len(samples) - (at - start)]
                samples[at - start:at - start + len(piece)] = piece
        return samples

    def wait_until_heard(self, seconds, timeout):
        """Waits until that much more sound has come; returns the mark where it began."""
        mark, limit = self.position(), time.monotonic() + timeout
        while self.position() < mark + seconds:
            if time.monotonic() > limit:
                raise TimeoutError(f"{self.position() - mark:.1f} s of sound in {timeout} s, {seconds} s wanted")
            time.sleep(0.02)
        return mark

    @property
    def sources(self):
        """How many SSRCs the other side has used."""
        return len(self._first)

    @property
    def place(self):
        """How far into what it says the telephone is, in seconds."""
        with self._lock:
            return self._place / 8000

    @property
    def last_arrival(self):
        """When the last packet came (time.monotonic)."""
        with self._lock:
            return self._received[-1][0] if self._received else 0.0

    def close(self):
        self._closing.set()
        for thread in (self._sender, self._receiver):
            if thread.is_alive():
                thread.join(2)
        self.socket.close()
        self.control.close()

    # Sending

    def _send(self):
        ssrc, sequence, timestamp = random.getrandbits(32), random.getrandbits(16), random.getrandbits(32)
        due, marker = time.monotonic(), True
        event = None  # steps of the digit being sent
        while not self._closing.is_set():
            if event is None:
                event = self._next_digit()
            packet = next(event, None) if event is not None else None
            if packet is None:
                event, base = None, timestamp
                body, kind, mark = self._next_speech(), self.law.payload_type, marker
                copies = 1
                marker = False
            else:
                offset, body, mark, copies = packet
                base = (timestamp - offset) & 0xFFFFFFFF
                kind = TELEPHONE_EVENT if len(body) == 4 else self.law.payload_type
            for _ in range(copies):
                header = struct.pack("!BBHII", 0x80, kind | (0x80 if mark else 0), sequence, base, ssrc)
                self._send_to(self.remote, header + body)
                sequence, mark = (sequence + 1) & 0xFFFF, False
            timestamp = (timestamp + STEP) & 0xFFFFFFFF
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))

    def _send_to(self, remote, packet):
        try:
            if remote:
                self.socket.sendto(packet, remote)
        except OSError:
            pass  # the other side is gone; the test will notice

    def _next_speech(self):
        with self._lock:
            if not self._speech:
                return self.law.silence * STEP
            piece = self._speech[self._place:self._place + STEP]
            self._place = (self._place + STEP) % len(self._speech)
            return piece

    def _next_digit(self):
        with self._lock:
            while self._digits:
                digits, done = self._digits[0]
                if digits:
                    return self._steps(EVENTS.index(digits.pop(0)), done if not digits else None)
                self._digits.pop(0)
        return None

    def _steps(self, event, done):
        """RFC 4733 §2.5.1: five growing reports with one timestamp, the last sent three times, then 100 ms of silence."""
        for step in range(5):
            ending = step == 4
            body = struct.pack("!BBH", event, (0x80 if ending else 0) | 10, (step + 1) * STEP)
            yield step * STEP, body, step == 0, 3 if ending else 1
        for _ in range(5):
            yield 0, self.law.silence * STEP, False, 1
        if done:
            done.set()

    # Receiving

    def _receive(self):
        while not self._closing.is_set():
            try:
                ready, _, _ = select.select([self.socket, self.control], [], [], 0.1)
                for one in ready:
                    octets, source = one.recvfrom(2048)
                    self._take(one, Packet(time.monotonic(), source, octets))
            except (OSError, ValueError):
                return

    def _take(self, where, packet):
        with self._lock:
            (self.reports if where is self.control else self.packets).append(packet)
        if where is self.control or len(packet.octets) <= 12 or packet.octets[0] >> 6 != 2 or packet.is_rtcp:
            return
        law = g711.LAWS.get(packet.kind)
        if law:
            ssrc = int.from_bytes(packet.octets[8:12], "big")
            self._keep(ssrc, packet.sequence, packet.timestamp, packet.payload, packet.arrival, law)

    def _keep(self, ssrc, sequence, timestamp, payload, now, law):
        with self._lock:
            if ssrc not in self._first:
                begun = int((now - self._received[0][0]) * 8000) if self._received else 0
                self._first[ssrc] = (timestamp - begun) & 0xFFFFFFFF
            at = (timestamp - self._first[ssrc]) & 0xFFFFFFFF
            if at < 0x80000000:
                self._received.append((now, at, payload, law))
                self.sequences.append(sequence)


def _pair(host):
    """An even port for RTP and the next one for RTCP (RFC 3550 §11)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        rtp = socket.socket(family, socket.SOCK_DGRAM)
        rtp.bind((host, 0))
        port = rtp.getsockname()[1]
        if port % 2 == 0:
            rtcp = socket.socket(family, socket.SOCK_DGRAM)
            try:
                rtcp.bind((host, port + 1))
                return rtp, rtcp, port
            except OSError:
                rtcp.close()
        rtp.close()
