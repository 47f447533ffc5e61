// 20 ms of sound that is decoded, mixed and encoded again.

/// 160 samples at 8 kHz. Sound of two Opus legs is relayed as it is, so that one end of whatever is mixed is G.711 and
/// nothing above 4 kHz exists: Opus decodes and encodes at this rate itself, for two thirds of what it costs at 16 kHz,
/// and nothing is resampled.
enum MixFrame {
    static var sampleCount: Int { @_noLocks @_noAllocation get { 160 } }
    static var sampleRate: Int { @_noLocks @_noAllocation get { 8_000 } }
    static var sampleNanoseconds: Int64 { @_noLocks @_noAllocation get { 125_000 } }
}
