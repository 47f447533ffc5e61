// Holds peaks below a limit without distorting them: the gain goes down before a peak and comes back slowly.

import Glibc

/// Works on whole sounds, in blocks of 1 ms.
enum Limiter {
    /// The gain falls over 5 ms before a peak and recovers over 80 ms.
    private static let attackBlocks = 5.0
    private static let releaseBlocks = 80.0

    /// `samples` times `gain`, no sample beyond `Loudness.peakLimit`.
    static func apply(_ samples: [Int16], gain: Double, sampleRate: Int) -> [Int16] {
        let block = max(1, sampleRate / 1_000)
        let limit = 32_767 * pow(10, Loudness.peakLimit / 20)
        let gains = smooth(required(samples, block: block, gain: gain, limit: limit))
        var output = samples
        output.withUnsafeMutableBufferPointer { output in
            for index in output.indices {
                let place = index / block
                // At a block's border the lower gain of the two: inside a block it is never above the block's own.
                let start = min(gains[max(place - 1, 0)], gains[place])
                let end = min(gains[place], gains[min(place + 1, gains.count - 1)])
                let share = Double(index % block) / Double(block)
                let value = Double(output[index]) * gain * (start + (end - start) * share)
                output[index] = Int16(max(-limit, min(limit, value)).rounded())
            }
        }
        return output
    }

    /// What every block may keep of its level: 1 where nothing is too loud.
    private static func required(_ samples: [Int16], block: Int, gain: Double, limit: Double) -> [Double] {
        samples.withUnsafeBufferPointer { samples in
            stride(from: 0, to: max(samples.count, 1), by: block).map { start in
                var peak = 0
                for index in start..<min(start + block, samples.count) { peak = max(peak, abs(Int(samples[index]))) }
                return min(1, limit / max(Double(peak) * gain, 1))
            }
        }
    }

    private static func smooth(_ required: [Double]) -> [Double] {
        var gains = required
        for index in gains.indices.dropFirst() {
            gains[index] = min(gains[index], gains[index - 1] + 1 / releaseBlocks)
        }
        for index in gains.indices.dropLast().reversed() {
            gains[index] = min(gains[index], gains[index + 1] + 1 / attackBlocks)
        }
        return gains
    }
}
