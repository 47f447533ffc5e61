// Where sound that we make may stop being sent, because nobody misses it (RFC 3389 §1).

import Glibc

/// What is heard of a mix when nobody talks. A frame that is any louder is always sent, whole: nothing that can be heard is
/// cut off.
struct PauseDetector: BitwiseCopyable {
    /// The greatest sample of a frame that nobody misses: −54 dBFS.
    private static var quiet: Int16 { 64 }
    /// A pause begins after 200 ms of them: pauses between words are sent.
    private static var hangover: Int { 10 }
    /// As the idle noise of a telephone line, which tells that the line is not dead (ITU-T G.712: −65 dBm0 at most).
    static var idle: UInt8 { 70 }

    private var frames = 0
    /// Mean square of the quiet frames, the last ten above all.
    private var power: Float = 0

    /// The next 20 ms.
    @_noLocks @_noAllocation
    mutating func note(_ samples: UnsafePointer<Int16>, count: Int) {
        var sum: Int64 = 0
        for index in 0..<count {
            let sample = samples[index]
            if sample > PauseDetector.quiet || sample < -PauseDetector.quiet {
                frames = 0
                power = 0
                return
            }
            sum += Int64(sample) * Int64(sample)
        }
        frames = min(frames + 1, PauseDetector.hangover)
        power += (Float(sum) / Float(count) - power) / Float(frames)
    }

    var isPause: Bool { frames >= PauseDetector.hangover }

    /// How the pause sounds: −dBov, 54…70.
    var level: UInt8 {
        guard power > 0 else { return PauseDetector.idle }
        let decibels = -10 * log10f(power / (32_767 * 32_767))
        return UInt8(min(Float(PauseDetector.idle), max(0, decibels.rounded())))
    }
}
