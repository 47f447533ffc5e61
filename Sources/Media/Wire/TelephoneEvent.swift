// The payload that carries a pressed key (RFC 4733 §2.3).

/// One telephone-event payload. All packets of one key press share their RTP timestamp; `duration` grows.
struct TelephoneEvent: Equatable, Sendable, BitwiseCopyable {
    static var length: Int { @_noLocks @_noAllocation get { 4 } }

    /// 0…9 digits, 10 `*`, 11 `#`, 12…15 A…D, 16 flash; others are tones that are no keys.
    var event: UInt8
    var end: Bool
    /// Power in −dBm0, 0…63.
    var volume: UInt8
    /// In timestamp units of the payload type's clock rate, since the RTP timestamp.
    var duration: UInt16

    @_noLocks @_noAllocation
    init(event: UInt8, end: Bool, volume: UInt8, duration: UInt16) {
        self.event = event
        self.end = end
        self.volume = volume
        self.duration = duration
    }

    /// Nil when shorter than four bytes. Longer payloads (RFC 4733 §2.5.1.5 allows several events) give the first.
    @_noLocks @_noAllocation
    init?(parsing payload: UnsafeRawBufferPointer) {
        guard payload.count >= TelephoneEvent.length else { return nil }
        event = payload[0]
        end = payload[1] & 0x80 != 0
        volume = payload[1] & 0x3F
        duration = payload.bigEndian16(at: 2)
    }

    /// Writes four bytes.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        destination.store8(event, at: 0)
        destination.store8((end ? 0x80 : 0) | (volume & 0x3F), at: 1)
        destination.storeBigEndian16(duration, at: 2)
    }
}
