// Which stream a payload belongs to and where in it: source, sequence and timestamp, unwrapped.

import Media

/// A stream is one source with one running clock. A new source, a codec with another clock, the tap's own mark, or a jump
/// of the timestamp that time does not explain begin a new one. Both passes of rendering use it and decide alike.
struct StreamTracker {
    /// A payload's place in its stream.
    struct Place {
        /// Streams are numbered as they appear.
        let stream: Int
        /// Nanoseconds of media since the stream's first payload; negative for one that came before it.
        let media: Int64
        /// Counts on over wraps.
        let sequence: Int64
        /// Arrival of the stream's first payload, from the recording's origin.
        let anchor: Int64
        /// Nothing behind it has come before it: only such a payload tells how the clocks run.
        let isInOrder: Bool
    }

    /// A payload cannot arrive this much sooner than its timestamp allows; if it seems to, the clock has jumped ahead.
    private static let earliest: Int64 = -100_000_000
    /// In order and yet this much later than its timestamp asks for: the clock has jumped back or stood still.
    private static let latest: Int64 = 2_000_000_000

    private var current: Stream?
    /// The one before: its stragglers still belong to it.
    private var previous: Stream?
    private(set) var count = 0

    mutating func place(_ entry: JournalEntry) -> Place {
        if let straggler = previous?.straggler(entry) { return straggler }
        if var stream = current, !entry.flags.contains(.streamStart) || stream.isFirst(entry),
            let place = stream.place(entry, earliest: Self.earliest, latest: Self.latest)
        {
            current = stream
            return place
        }
        let stream = Stream(entry, number: count)
        count += 1
        previous = current
        current = stream
        return stream.first
    }
}

private struct Stream {
    let number: Int
    let ssrc: SSRC
    let clockRate: Int64
    let anchor: Int64
    private let firstTimestamp: Int64
    private let firstSequence: Int64
    private var highestTimestamp: Int64
    private var highestSequence: Int64
    /// The least lateness lately; grows by 1 %, so that it follows a slow clock of the sender.
    private var leastDelay: Int64 = 0
    private var lastArrival: Int64

    init(_ entry: JournalEntry, number: Int) {
        self.number = number
        ssrc = entry.ssrc
        clockRate = Int64(entry.codec.clockRate)
        anchor = entry.offset
        lastArrival = entry.offset
        // Far from zero, so that a payload before the first one stays positive.
        firstTimestamp = Int64(entry.rtpTimestamp) + 1 << 33
        highestTimestamp = firstTimestamp
        firstSequence = Int64(entry.sequence) + 1 << 20
        highestSequence = firstSequence
    }

    var first: StreamTracker.Place {
        StreamTracker.Place(stream: number, media: 0, sequence: firstSequence, anchor: anchor, isInOrder: true)
    }

    /// The tap may mark a payload that is a copy of the first one.
    func isFirst(_ entry: JournalEntry) -> Bool {
        entry.ssrc == ssrc && UInt32(truncatingIfNeeded: firstTimestamp) == entry.rtpTimestamp
    }

    /// A payload of this stream that comes after another stream has begun: by source, and not ahead of what was seen.
    func straggler(_ entry: JournalEntry) -> StreamTracker.Place? {
        guard belongs(entry), !entry.flags.contains(.streamStart) else { return nil }
        let sequence = extended(entry.sequence, near: highestSequence)
        guard sequence < highestSequence, sequence > highestSequence - 200 else { return nil }
        let media = media(extended(entry.rtpTimestamp, near: highestTimestamp))
        guard abs(entry.offset - anchor - media - leastDelay) < 4_000_000_000 else { return nil }
        return StreamTracker.Place(
            stream: number, media: media, sequence: sequence, anchor: anchor, isInOrder: false)
    }

    /// - Returns: nil when the payload belongs to a new stream.
    mutating func place(_ entry: JournalEntry, earliest: Int64, latest: Int64) -> StreamTracker.Place? {
        guard belongs(entry) else { return nil }
        let sequence = extended(entry.sequence, near: highestSequence)
        let timestamp = extended(entry.rtpTimestamp, near: highestTimestamp)
        let media = media(timestamp)
        let delay = entry.offset - anchor - media
        leastDelay += max(0, entry.offset - lastArrival) / 100
        guard delay - leastDelay >= earliest else { return nil }
        if delay - leastDelay > latest, sequence > highestSequence || delay - leastDelay > 2 * latest { return nil }
        let isInOrder = sequence >= highestSequence
        leastDelay = min(leastDelay, delay)
        lastArrival = max(lastArrival, entry.offset)
        highestSequence = max(highestSequence, sequence)
        highestTimestamp = max(highestTimestamp, timestamp)
        return StreamTracker.Place(
            stream: number, media: media, sequence: sequence, anchor: anchor, isInOrder: isInOrder)
    }

    private func belongs(_ entry: JournalEntry) -> Bool {
        entry.ssrc == ssrc && Int64(entry.codec.clockRate) == clockRate
    }

    private func media(_ timestamp: Int64) -> Int64 {
        let (seconds, rest) = (timestamp - firstTimestamp).quotientAndRemainder(dividingBy: clockRate)
        return seconds * 1_000_000_000 + rest * 1_000_000_000 / clockRate
    }

    private func extended(_ value: UInt32, near known: Int64) -> Int64 {
        known + Int64(Int32(bitPattern: value &- UInt32(truncatingIfNeeded: known)))
    }

    private func extended(_ value: UInt16, near known: Int64) -> Int64 {
        known + Int64(Int16(bitPattern: value &- UInt16(truncatingIfNeeded: known)))
    }
}
