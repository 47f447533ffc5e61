// Keys that arrive as telephone-events, each heard once however odd its packets are (RFC 4733 §2.3, §2.5).

import Timing

/// All packets of one key press share one RTP timestamp, so a new timestamp is a new key, even when only one packet of
/// it survived. Marker bit and end bit are not trusted.
struct DTMFReceiver: BitwiseCopyable {
    /// A sender that moves the timestamp within one press sends its packets at most this far apart.
    private static var updateGap: Int64 { 120_000_000 }
    /// A press under the old timestamp counts as new when the old one ended this long ago: some senders never move
    /// their timestamp between presses.
    private static var silenceBetween: Int64 { 400_000_000 }

    /// Timestamps closer than this cannot be two presses, whatever the clock: 60 ms at 8 kHz, less than Q.24's tone and
    /// pause of 40 ms each.
    private static var shortestPress: UInt32 { 480 }

    private struct Press: BitwiseCopyable {
        var timestamp: UInt32
        var event: UInt8
        var duration: UInt16
        var hasEnded: Bool
        /// When its last packet came.
        var at: Instant
    }

    private var last: Press?
    private var source: UInt32 = 0

    /// The source's numbers jumped: its timestamps mean nothing beside the old ones.
    @_noLocks @_noAllocation
    mutating func reset(source: UInt32) {
        if source == self.source { last = nil }
    }

    /// The key, once per press; nil for the other packets of the press and for events that are no keys.
    @_noLocks @_noAllocation
    mutating func accept(
        _ event: TelephoneEvent, timestamp: UInt32, marker: Bool, source: UInt32, now: Instant
    ) -> Digit? {
        guard let digit = Digit(code: event.event) else { return nil }
        if source != self.source { last = nil }
        self.source = source
        guard let known = last else { return begin(digit, event, timestamp, now) }
        let isOlder = Int32(bitPattern: timestamp &- known.timestamp) < 0
        let quiet = now.nanoseconds - known.at.nanoseconds
        // Reordered packets of an earlier press. Timestamps that went back for good are believed after a pause.
        if isOlder, quiet < DTMFReceiver.silenceBetween { return nil }
        if timestamp == known.timestamp {
            let isAnother =
                event.event != known.event
                || known.hasEnded && marker && quiet >= DTMFReceiver.silenceBetween
            return isAnother ? begin(digit, event, timestamp, now) : go(on: event, timestamp, now)
        }
        return goesOn(event, timestamp, marker, after: known, quiet: quiet)
            ? go(on: event, timestamp, now) : begin(digit, event, timestamp, now)
    }

    /// A new timestamp within one press: a segment of a long one (RFC 4733 §2.5.1.3), or a sender that moves the
    /// timestamp with every packet while the duration grows.
    @_noLocks @_noAllocation
    private func goesOn(
        _ event: TelephoneEvent, _ timestamp: UInt32, _ marker: Bool, after known: Press, quiet: Int64
    ) -> Bool {
        guard event.event == known.event, !known.hasEnded, !marker else { return false }
        if timestamp == known.timestamp &+ UInt32(known.duration), known.duration >= 0xF000 { return true }
        guard quiet <= DTMFReceiver.updateGap else { return false }
        return event.duration > known.duration || timestamp &- known.timestamp < DTMFReceiver.shortestPress
    }

    @_noLocks @_noAllocation
    private mutating func begin(_ digit: Digit, _ event: TelephoneEvent, _ timestamp: UInt32, _ now: Instant) -> Digit?
    {
        last = Press(
            timestamp: timestamp, event: event.event, duration: event.duration, hasEnded: event.end, at: now)
        return digit
    }

    @_noLocks @_noAllocation
    private mutating func go(on event: TelephoneEvent, _ timestamp: UInt32, _ now: Instant) -> Digit? {
        let ended = event.end || (last?.hasEnded ?? false)
        last = Press(timestamp: timestamp, event: event.event, duration: event.duration, hasEnded: ended, at: now)
        return nil
    }
}
