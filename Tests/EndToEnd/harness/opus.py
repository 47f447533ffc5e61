"""Opus packets to samples, by libopus."""

import ctypes

import numpy

from . import ears

_library = None


def _opus():
    global _library
    if _library is None:
        _library = ctypes.CDLL("libopus.so.0")
        _library.opus_decoder_create.restype = ctypes.c_void_p
        _library.opus_decoder_create.argtypes = [ctypes.c_int32, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
        _library.opus_decode.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int16), ctypes.c_int, ctypes.c_int]
        _library.opus_decoder_destroy.argtypes = [ctypes.c_void_p]
    return _library


def decode(payloads):
    """What the packets of one stream say, at 8 kHz."""
    library, error = _opus(), ctypes.c_int()
    decoder = library.opus_decoder_create(ears.RATE, 1, ctypes.byref(error))
    room = (ctypes.c_int16 * 960)()
    pieces = []
    try:
        for payload in payloads:
            count = library.opus_decode(decoder, payload, len(payload), room, 960, 0)
            if count < 0:
                raise ValueError(f"not an Opus packet: {count}")
            pieces.append(numpy.array(room[:count], dtype=numpy.float32) / 32768)
    finally:
        library.opus_decoder_destroy(decoder)
    return numpy.concatenate(pieces)


def samples_of(payload):
    """How many samples at 48 kHz a packet stands for (RFC 6716 §3.1)."""
    configuration, code = payload[0] >> 3, payload[0] & 3
    if configuration < 12:
        frame = (480, 960, 1920, 2880)[configuration & 3]
    elif configuration < 16:
        frame = (480, 960)[configuration & 1]
    else:
        frame = (120, 240, 480, 960)[configuration & 3]
    return frame * (1 if code == 0 else 2 if code < 3 else payload[1] & 0x3F)
