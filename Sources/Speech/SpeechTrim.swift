// Silence around a spoken sentence.

import Media

/// Synthesisers put half a second of nothing behind a sentence; sentences that follow one another want a breath.
enum SpeechTrim {
    private static let window = Frame.sampleRate / 100
    private static let before = Frame.sampleRate * 40 / 1_000
    private static let after = Frame.sampleRate * 160 / 1_000

    /// The sound with 40 ms before its first and 160 ms after its last audible 10 ms, its edges faded over 5 ms.
    static func trim(_ samples: [Int16]) -> [Int16] {
        let peak = samples.reduce(0) { max($0, abs(Int($1))) }
        let threshold = max(peak / 100, 16)
        let windows = stride(from: 0, to: samples.count, by: window)
        func isAudible(_ start: Int) -> Bool {
            samples[start..<min(start + window, samples.count)].contains { abs(Int($0)) > threshold }
        }
        guard let first = windows.first(where: isAudible), let last = windows.reversed().first(where: isAudible) else {
            return samples
        }
        let start = max(0, first - before)
        let kept = Array(samples[start..<min(samples.count, last + window + after)])
        let missing = last + window + after - samples.count
        return faded(kept) + [Int16](repeating: 0, count: max(0, missing))
    }

    /// The sound with 5 ms of fading at both ends.
    static func faded(_ samples: [Int16]) -> [Int16] {
        var samples = samples
        let length = min(Frame.sampleRate / 200, samples.count / 2)
        for index in 0..<length {
            let last = samples.count - 1 - index
            samples[index] = Int16(Int(samples[index]) * index / length)
            samples[last] = Int16(Int(samples[last]) * index / length)
        }
        return samples
    }
}
