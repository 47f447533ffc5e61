// The payload that says how a pause sounds (RFC 3389 §3).

/// The noise of a pause: its level, and its spectrum as reflection coefficients.
struct ComfortNoise: Equatable, Sendable, BitwiseCopyable {
    /// In −dBov, 0…127: 0 is a square wave at full scale.
    var level: UInt8
    /// How many coefficients the peer sent; 0: white. They are not used: what is heard is white at the right level.
    var order: Int

    /// Nil without the octet of the level, and when its first bit, which is always 0 (§3.1), is not.
    @_noLocks @_noAllocation
    init?(parsing payload: UnsafeRawBufferPointer) {
        guard payload.count > 0, payload[0] & 0x80 == 0 else { return nil }
        level = payload[0]
        order = payload.count - 1
    }
}
