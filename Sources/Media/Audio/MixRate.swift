// The two rates at which live sound is decoded, mixed and encoded.

/// A bridge is mixed at one rate. Opus and G.722 decode and encode at either by themselves; only G.711 in a wide bridge
/// is resampled.
public enum MixRate: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// 8 kHz: nobody, or one party only, could tell the difference.
    case narrow
    /// 16 kHz.
    case wide

    /// Samples for each one at 8 kHz: 1 or 2.
    public var scale: Int { @_noLocks @_noAllocation get { self == .wide ? 2 : 1 } }
    /// Samples a second.
    public var sampleRate: Int { @_noLocks @_noAllocation get { 8_000 * scale } }
    /// Samples in 20 ms.
    public var sampleCount: Int { @_noLocks @_noAllocation get { 160 * scale } }
    /// How long a sample lasts.
    public var sampleNanoseconds: Int64 { @_noLocks @_noAllocation get { 125_000 / Int64(scale) } }
}
