// Noise for the pauses of a peer that sends none (RFC 3389).

import Glibc

/// White noise of one level, at any sample rate.
struct NoiseGenerator: BitwiseCopyable {
    private var state: UInt32 = 0x9E37_79B9
    /// The greatest sample: evenly spread values have a root mean square of this by the square root of 3.
    private let peak: Float

    /// `level` in −dBov, 0…127. What lies above full scale is clipped.
    init(level: UInt8) { peak = 32_767 * 1.732_05 * powf(10, -Float(level) / 20) }

    @_noLocks @_noAllocation
    mutating func fill(_ samples: UnsafeMutablePointer<Int16>, count: Int) {
        for index in 0..<count {
            // xorshift (Marsaglia 2003): never 0 from a start that is not.
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            samples[index] = Halfband.sample(peak * Float(Int32(bitPattern: state)) / 2_147_483_648)
        }
    }
}
