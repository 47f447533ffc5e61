"""Did this sound arrive? Correlation of what was heard with what was said, at 8 kHz.

Two measures. `find` looks for a whole prompt, sample by sample, in sound that a media server sent: nothing stretches time
on that path, so that the right prompt gives nearly 1. `likeness` is for sound that went through a browser, which stretches
and compresses time: windows of 0.4 s are each looked for in the whole (repeated) reference, and the median of their best
correlations is taken. Right speech gives 0.79 to 1.00, also with 8 % of the packets lost on a machine that is too busy,
another person's 0.30 to 0.37; the border is 0.6.
"""

import math
from dataclasses import dataclass

import numpy
import soundfile
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import resample_poly

RATE = 8000
BORDER = 0.6
QUIET = 0.01  # standard deviation under which a window counts as silence


@dataclass
class Likeness:
    median: float  # of the windows' best correlations; 0 when nothing was heard
    windows: int   # that were not silent

    @property
    def same(self):
        return self.windows >= 3 and self.median > BORDER


def resampled(samples, rate, wanted=RATE):
    if rate == wanted:
        return numpy.asarray(samples, dtype=numpy.float32)
    common = math.gcd(rate, wanted)
    return resample_poly(samples, wanted // common, rate // common).astype(numpy.float32)


def load(path, side=None):
    """A sound file at 8 kHz; side 0 is left, 1 is right, None mixes."""
    samples, rate = soundfile.read(path, always_2d=True, dtype="float32")
    samples = samples.mean(1) if side is None else samples[:, side]
    return resampled(samples, rate)


class _Reference:
    """Sound in which pieces of one length are looked for."""

    def __init__(self, sound, length):
        sound = numpy.asarray(sound, dtype=numpy.float64)
        self._places, self._floor = len(sound) - length + 1, 1e-6 * length  # silence correlates with nothing
        sums = numpy.concatenate([[0.0], numpy.cumsum(sound**2)])
        self._energy = numpy.maximum(sums[length:] - sums[:-length], self._floor)
        self._length = next_fast_len(len(sound), real=True)
        self._spectrum = rfft(sound.astype(numpy.float32), self._length)

    def correlations(self, piece):
        """Normalised correlation of the piece with each place, between -1 and 1."""
        piece = (piece - piece.mean()).astype(numpy.float32)
        product = irfft(self._spectrum * rfft(piece, self._length).conj(), self._length)[:self._places]
        return product / numpy.sqrt(self._energy * max(numpy.sum(piece**2), self._floor))


def find(prompt, heard):
    """Where the prompt begins in what was heard, in seconds, and how well it fits there (0…1)."""
    prompt, heard = _trimmed(prompt), numpy.asarray(heard)
    if len(heard) < len(prompt) or len(prompt) == 0:
        return 0.0, 0.0
    fit = _Reference(heard, len(prompt)).correlations(prompt)
    best = int(numpy.argmax(fit))
    return best / RATE, float(fit[best])


def likeness(said, heard, window=0.4):
    """How much of what was heard is what was said, whatever the delay and the repetitions."""
    said, heard = numpy.asarray(said), numpy.asarray(heard)
    size = int(window * RATE)
    if len(said) < size:
        return Likeness(0.0, 0)
    reference = _Reference(numpy.concatenate([said, said[:size]]), size)
    best = [
        float(numpy.max(reference.correlations(heard[start:start + size])))
        for start in range(0, len(heard) - size + 1, size)
        if heard[start:start + size].std() > QUIET
    ]
    return Likeness(float(numpy.median(best)) if best else 0.0, len(best))


def loudness(heard):
    """Root mean square."""
    heard = numpy.asarray(heard)
    return float(numpy.sqrt(numpy.mean(heard**2))) if len(heard) else 0.0


def _trimmed(samples):
    """Without the silence before and after."""
    loud = numpy.nonzero(numpy.abs(samples) > 0.005)[0]
    return samples[loud[0]:loud[-1] + 1] if len(loud) else samples[:0]
