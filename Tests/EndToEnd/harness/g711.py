"""G.711 by tables, written from ITU-T G.711 §3 alone, so that they can disagree with the server's own."""

import numpy


def _a_decoded(code):
    """One A-law octet as a 16-bit sample: even bits inverted, then sign, 3-bit segment, 4-bit step."""
    code ^= 0x55
    step, segment = code & 0x0F, (code >> 4) & 0x07
    size = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return size if code & 0x80 else -size


def _mu_decoded(code):
    """One µ-law octet as a 16-bit sample: all bits inverted, then sign, 3-bit segment, 4-bit step; the bias is 132."""
    code ^= 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 0x07)) - 0x84
    return -size if code & 0x80 else size


class Law:
    """One of the two companding laws under its static payload type (RFC 3551 §6)."""

    def __init__(self, name, payload_type, silence, decoded):
        self.name, self.payload_type, self.silence = name, payload_type, silence
        self.table = numpy.array([decoded(code) for code in range(256)], dtype=numpy.int16)
        self.inverse = self._inverted()

    def _inverted(self):
        """For each 16-bit sample the octet whose value lies nearest."""
        order = numpy.argsort(self.table, kind="stable")
        values = self.table[order].astype(numpy.int32)
        samples = numpy.arange(-32768, 32768)
        above = numpy.clip(numpy.searchsorted(values, samples), 1, 255)
        nearer_below = samples - values[above - 1] <= values[above] - samples
        return order[numpy.where(nearer_below, above - 1, above)].astype(numpy.uint8)

    def encode(self, samples):
        """Samples between -1 and 1 as octets."""
        pcm = numpy.clip(numpy.round(numpy.asarray(samples) * 32767), -32768, 32767).astype(numpy.int32)
        return self.inverse[pcm + 32768].tobytes()

    def decode(self, octets):
        """Octets as samples between -1 and 1."""
        return self.table[numpy.frombuffer(octets, dtype=numpy.uint8)].astype(numpy.float32) / 32768


A = Law("PCMA", 8, b"\xd5", _a_decoded)
MU = Law("PCMU", 0, b"\xff", _mu_decoded)
LAWS = {law.payload_type: law for law in (A, MU)}

# A-law is what the telephones speak unless told otherwise.
DECODE, ENCODE, SILENCE = A.table, A.inverse, A.silence
encode, decode = A.encode, A.decode
