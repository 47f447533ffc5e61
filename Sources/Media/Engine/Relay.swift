// What one leg hears of the only one whom it hears, in the same codec: packets go on as they arrive.

import Timing

/// Maps the sequence numbers and timestamps of a source onto our stream. Gaps, order and rhythm are kept, so that the
/// far end's jitter buffer sees the network as it was.
struct Relay: BitwiseCopyable {
    /// A timestamp further off than this from what the clock says is a new clock.
    private static var furthestDrift: Int64 { 1_000_000_000 }

    private(set) var isOpen = false
    /// Of what was relayed last.
    private(set) var codec = Codec.pcma
    /// Packets before this one belong to what was sent before.
    private var first: Int64 = 0
    private var highest: Int64 = 0
    private var sequenceShift: Int64 = 0
    private var timestampShift: UInt32 = 0

    /// The next packet begins anew, right after what was sent last.
    @_noLocks @_noAllocation
    mutating func close() { isOpen = false }

    /// Whether the next packet of this codec follows on from one that was carried.
    func goesOn(with codec: Codec) -> Bool { isOpen && codec.rawValue == self.codec.rawValue }

    /// Our header for the source's packet; nil when it comes too late to be placed.
    mutating func carry(
        _ header: RTPHeader, sequence: Int64, codec: Codec, payloadType: UInt8, on stream: inout SendStream,
        now: Instant
    ) -> RTPHeader? {
        var marker = header.marker
        if !goesOn(with: codec) {
            // One in the former codec comes too late: going back to that would cost two changes.
            guard !isOpen || sequence > highest else { return nil }
            stream.use(clockRate: codec.clockRate)
            open(at: sequence, codec: codec, stream: stream)
            timestampShift = stream.timestamp(at: now).value &- header.timestamp
            marker = true
        }
        guard sequence >= first else { return nil }
        if sequence > highest {
            highest = sequence
            if hasJumped(header.timestamp &+ timestampShift, on: stream, now: now) {
                timestampShift = stream.timestamp(at: now).value &- header.timestamp
                marker = true
            }
        }
        let number = UInt16(truncatingIfNeeded: sequence &+ sequenceShift)
        stream.noteSequence(number)
        return RTPHeader(
            marker: marker, payloadType: payloadType, sequence: number, timestamp: header.timestamp &+ timestampShift,
            ssrc: stream.ssrc, payloadLength: header.payloadLength)
    }

    /// The source's packet of that number and timestamp continues what was sent last.
    mutating func resume(at sequence: Int64, timestamp: UInt32, codec: Codec, on stream: SendStream, now: Instant) {
        open(at: sequence, codec: codec, stream: stream)
        timestampShift = stream.timestamp(at: now).value &- timestamp
    }

    /// A packet that was missing among those that were relayed: its number is still free.
    @_noLocks @_noAllocation
    func isMissing(_ sequence: Int64) -> Bool { isOpen && sequence >= first && sequence < highest }

    /// A packet of the source that is not sent on (a key press): its number must not look like a loss.
    @_noLocks @_noAllocation
    mutating func skip(_ sequence: Int64) {
        guard isOpen, sequence > highest else { return }
        highest = sequence
        sequenceShift -= 1
        first = sequence + 1
    }

    @_noLocks @_noAllocation
    private mutating func open(at sequence: Int64, codec: Codec, stream: SendStream) {
        isOpen = true
        self.codec = codec
        first = sequence
        highest = sequence - 1
        sequenceShift = Int64(stream.nextSequence) &- sequence
    }

    @_noLocks @_noAllocation
    private func hasJumped(_ timestamp: UInt32, on stream: SendStream, now: Instant) -> Bool {
        let apart = Int64(Int32(bitPattern: timestamp &- stream.reportTimestamp(at: now)))
        return apart.magnitude * 1_000_000 / UInt64(stream.clockRate / 1_000) > UInt64(Relay.furthestDrift)
    }
}
