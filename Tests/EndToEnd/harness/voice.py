"""People to speak in the tests: espeak-ng's library with voices unlike those of the prompts, into WAV files."""

import ctypes
import functools
import threading

import numpy
import soundfile

from . import ears

_AUDIO_OUTPUT_RETRIEVAL, _POSITION_CHARACTER, _CHARACTERS_UTF8 = 1, 1, 1
_RATE, _PITCH = 1, 3
_SAY_ALL = threading.Lock()
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_pieces = []
_library = None

CALLER = (
    "pl+m3", 35,
    "Dzień dobry, dzwonię w sprawie wniosku, który złożyłam w zeszłym tygodniu. Numer sprawy zaczyna się od siedemnastu. "
    "Proszę mi powiedzieć, czy brakuje jeszcze jakiegoś załącznika i do kiedy mogę go dosłać pocztą.")
SECOND_CALLER = (
    "pl+m7", 70,
    "Halo, czy to infolinia? Chciałbym zmienić adres firmy w rejestrze, bo przeprowadziliśmy się z Krakowa do Gdyni. "
    "Nie wiem, który formularz wypełnić, i czy księgowa może podpisać go zamiast mnie, bo wyjeżdżam jutro rano.")
CONSULTANT = (
    "en+f3", 60,
    "Good morning, thank you for holding. I have opened your file and I can see every document that you have sent us. "
    "Only the signed statement is missing, and you may bring it to our office before the end of the month.")
SECOND_CONSULTANT = (
    "en+f5", 85,
    "Hello, this is the second desk speaking. Changing an address takes about three working days when the form is complete. "
    "Please write down the following web page, and do not forget to attach a copy of the new lease agreement.")


def _collect(samples, count, _events):
    if samples and count > 0:
        _pieces.append(numpy.ctypeslib.as_array(samples, (count,)).astype(numpy.float32) / 32768)
    return 0


_collector = _CALLBACK(_collect)


def say(person):
    """The samples (-1…1) and their rate of what a person says: each time the same ones, not to be changed."""
    with _SAY_ALL:
        return _said(person)


@functools.cache
def _said(person):
    """espeak-ng never says a sentence twice in quite the same way, so that a second rendering would be no reference."""
    global _library, _pieces
    name, pitch, text = person
    if _library is None:
        _library = ctypes.CDLL("libespeak-ng.so.1")
        _library.rate = _library.espeak_Initialize(_AUDIO_OUTPUT_RETRIEVAL, 0, None, 0)
        _library.espeak_SetSynthCallback(_collector)
    _pieces = []
    _library.espeak_SetVoiceByName(name.encode())
    _library.espeak_SetParameter(_PITCH, pitch, 0)
    _library.espeak_SetParameter(_RATE, 165, 0)
    spoken = text.encode() + b"\0"
    _library.espeak_Synth(spoken, len(spoken), 0, _POSITION_CHARACTER, 0, _CHARACTERS_UTF8, None, None)
    _library.espeak_Synchronize()
    samples = numpy.concatenate(_pieces)
    samples.flags.writeable = False
    return samples, _library.rate


def write(person, path, rate=48000):
    """Writes what a person says as a WAV file, by default at the rate of a browser's microphone. Returns the path."""
    samples, native = say(person)
    samples = ears.resampled(samples, native, rate)
    soundfile.write(path, 0.5 * samples / numpy.abs(samples).max(), rate, subtype="PCM_16")
    return path
