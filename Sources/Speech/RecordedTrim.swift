// Silence around a sentence that a person recorded: found above the noise of the room, not above nothing.

import Glibc
import Media

/// Works at `Frame.sampleRate`. Rooms hum and hands click at keys: what counts as speech stands out from the quietest
/// tenth of the recording and lasts.
enum RecordedTrim {
    private static let window = Frame.sampleRate / 100
    /// Kept before the first and behind the last sound of speech, for soft beginnings and ends.
    static let margin = Frame.sampleRate / 10
    /// A recording whose loud parts are below this holds no speech, in dBFS (RMS of 10 ms).
    private static let softest = -55.0

    /// The speech in `samples` with 100 ms around it, without an offset, its edges faded; nil when there is no speech.
    static func trim(_ samples: [Int16]) -> (samples: [Int16], range: Range<Int>)? {
        let levels = levels(samples)
        guard let threshold = threshold(levels) else { return nil }
        let loud = levels.map { $0 > threshold }
        guard let first = firstLasting(loud), let fromEnd = firstLasting(loud.reversed()) else { return nil }
        let last = levels.count - fromEnd
        let range = max(0, first * window - margin)..<min(samples.count, last * window + margin)
        return (SpeechTrim.faded(centred(samples[range])), range)
    }

    /// RMS of each 10 ms, in dBFS.
    private static func levels(_ samples: [Int16]) -> [Double] {
        let offset = Double(mean(samples[...]))
        return stride(from: 0, to: samples.count, by: window).map { start in
            let part = samples[start..<min(start + window, samples.count)]
            let power = part.reduce(0.0) { $0 + (Double($1) - offset) * (Double($1) - offset) } / Double(part.count)
            return 10 * log10(max(power, 1e-3)) - 20 * log10(32_768)
        }
    }

    /// Between the room and the voice: 10 dB above the room, but neither further than 50 dB below the voice nor closer
    /// than 20 dB to it. Nil when nothing is loud enough to be a voice.
    private static func threshold(_ levels: [Double]) -> Double? {
        let sorted = levels.sorted()
        guard !sorted.isEmpty else { return nil }
        let room = sorted[sorted.count / 10]
        let voice = sorted[max(sorted.count - 1 - max(sorted.count / 20, 3), 0)]
        guard voice > softest else { return nil }
        return min(max(room + 10, voice - 50), voice - 20)
    }

    /// The first 10 ms of 60 of which 40 are loud: a click is shorter.
    private static func firstLasting(_ loud: some BidirectionalCollection<Bool>) -> Int? {
        let loud = Array(loud)
        return loud.indices.first { index in
            loud[index] && loud[index..<min(index + 6, loud.count)].count { $0 } >= 4
        }
    }

    /// Cheap sound cards add a constant, which would click at both ends.
    private static func centred(_ samples: ArraySlice<Int16>) -> [Int16] {
        let offset = mean(samples)
        return samples.map { Int16(clamping: Int($0) - offset) }
    }

    private static func mean(_ samples: ArraySlice<Int16>) -> Int {
        samples.isEmpty ? 0 : samples.reduce(0) { $0 + Int($1) } / samples.count
    }
}
