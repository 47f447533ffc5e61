"""G.722 payloads to samples, by spandsp."""

import ctypes

import numpy

_library = None
NARROW = 1  # G722_SAMPLE_RATE_8000


def _spandsp():
    global _library
    if _library is None:
        _library = ctypes.CDLL("libspandsp.so.2")
        _library.g722_decode_init.restype = ctypes.c_void_p
        _library.g722_decode_init.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        _library.g722_decode.argtypes = [
            ctypes.c_void_p, ctypes.POINTER(ctypes.c_int16), ctypes.c_char_p, ctypes.c_int]
        _library.g722_decode_free.argtypes = [ctypes.c_void_p]
    return _library


def decode(payloads):
    """What the packets of one stream say, at 8 kHz."""
    library, octets = _spandsp(), b"".join(payloads)
    decoder = library.g722_decode_init(None, 64000, NARROW)
    room = (ctypes.c_int16 * len(octets))()
    count = library.g722_decode(decoder, room, octets, len(octets))
    library.g722_decode_free(decoder)
    return numpy.array(room[:count], dtype=numpy.float32) / 32768
