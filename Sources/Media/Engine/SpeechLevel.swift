// How loud a speaker is and how noisy the place: levels in dBm0 for VoIP metrics (RFC 3611 §4.7.4).

import Glibc

/// Listens to decoded sound. What is far louder than the quietest moment of late is speech, what is near it is noise.
struct SpeechLevel: BitwiseCopyable {
    /// The level of a full-scale sine (ITU-T G.711, A-law).
    private static var fullScale: Double { 3.14 }
    /// Power of a full-scale sine.
    private static var fullPower: Double { 32_768 * 32_768 / 2 }
    /// The quietest moment is forgotten by 2 dB a second, in frames of 20 ms.
    private static var forgetting: Double { 1.009_3 }
    /// Speech is 15 dB above the quietest moment and more than −50 dBm0; noise less than 6 dB above it.
    private static var speechAbove: Double { 31.6 }
    private static var noiseBelow: Double { 4 }
    private static var faintest: Double { 2_600 }

    private var floor = SpeechLevel.fullPower
    private var speech = 0.0
    private var speechFrames = 0
    private var noise = 0.0
    private var noiseFrames = 0

    /// One frame of about 20 ms.
    mutating func note(_ samples: UnsafePointer<Int16>, count: Int) {
        guard count > 0 else { return }
        var sum: Int64 = 0
        for index in 0..<count { sum += Int64(Int32(samples[index]) * Int32(samples[index])) }
        let power = max(1, Double(sum) / Double(count))
        floor = min(power, floor * SpeechLevel.forgetting)
        if power > floor * SpeechLevel.speechAbove, power > SpeechLevel.faintest {
            speech += power
            speechFrames += 1
        } else if power < floor * SpeechLevel.noiseBelow {
            noise += power
            noiseFrames += 1
        }
    }

    /// Begins anew for the next report; the quietest moment stays.
    mutating func restart() {
        speech = 0
        speechFrames = 0
        noise = 0
        noiseFrames = 0
    }

    /// dBm0; nil when nobody spoke.
    var signal: Int8? { SpeechLevel.level(speech, speechFrames) }
    /// dBm0; nil when there was no pause.
    var background: Int8? { SpeechLevel.level(noise, noiseFrames) }

    private static func level(_ sum: Double, _ frames: Int) -> Int8? {
        guard frames > 0 else { return nil }
        return Int8(max(-99, min(4, (10 * log10(sum / Double(frames) / fullPower) + fullScale).rounded())))
    }
}
