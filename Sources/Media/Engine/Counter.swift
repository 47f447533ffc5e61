// Everything that a media engine counts, by name.

/// One named count; all only grow, except the gauges at the end.
public enum Counter: Int, Sendable, BitwiseCopyable, CaseIterable {
    // Datagrams
    case datagramsReceived, datagramsSent, datagramsRefused, datagramsNotQueued, datagramsTruncated
    // What came
    case rtpReceived, rtcpReceived, rtcpMalformed, goodbyeReceived
    case rtcpReducedSize, rtcpUnknown, extendedReceived, extendedMalformed, feedbackMalformed
    case nackReceived, pictureLossReceived
    case droppedMalformed, droppedDuplicate, droppedLate, droppedForeignStream, droppedWildSequence
    case droppedUnknownPayload, droppedEmptyPayload, droppedNotReceiving, droppedMalformedEvent, droppedByTransport
    case droppedForGoneLeg, droppedMalformedNoise
    // What became of it
    case relayed, relayedLate, transcoded, muted, notHeard, cutsToMix, cutsToRelay, noiseReceived,
        noiseRelayed
    // Jitter buffer and playout
    case bufferLate, bufferDuplicate, bufferOverflow, bufferTooLong, bufferRestarts
    case framesDecoded, framesConcealed, framesRecovered, framesSilent, framesNoise, framesShortened, framesLengthened
    case packetsSkipped, undecodable
    // Frames of a mix, or cleaned, in which samples were too large
    case clipped
    // Codecs: loss began and ended on the way to a peer, another codec was asked for, frames encoded as Opus
    case switchedToOpus, switchedBack, codecsWanted, opusFrames
    // What went
    case promptPackets, mixedPackets, silentPackets, noiseSent, pausesLeftOut, relayedPackets, digitPackets,
        reportsSent, extendedSent
    case notProtected
    // Keys
    case digitsByEvent, digitsInBand, digitsSent, digitsNotQueued
    // Ring and tap
    case eventsLost, tapsLost, commandsIgnored
    // Clock: durations in microseconds
    case ticks, ticksLate1, ticksLate5, ticksLate20, ticksSkipped, tickMicroseconds, lateMicroseconds
    // Gauges
    case worstTickMicroseconds, worstLateMicroseconds, legs, opusComplexity

    static let count = 96
}

/// A picture of all counts at one moment.
public struct MediaCounters: Sendable, BitwiseCopyable {
    private var values = InlineArray<96, Int>(repeating: 0)

    public init() {}

    public internal(set) subscript(counter: Counter) -> Int {
        @_noLocks @_noAllocation get { values[counter.rawValue] }
        @_noLocks @_noAllocation set { values[counter.rawValue] = newValue }
    }

    @_noLocks @_noAllocation
    mutating func count(_ counter: Counter, _ amount: Int = 1) { values[counter.rawValue] &+= amount }

    /// For the two worst cases: keeps the greater.
    @_noLocks @_noAllocation
    mutating func raise(_ counter: Counter, to value: Int) {
        if value > values[counter.rawValue] { values[counter.rawValue] = value }
    }

    func value(at index: Int) -> Int { values[index] }
    mutating func set(_ value: Int, at index: Int) { values[index] = value }

    /// `late`: how long after its time the tick began.
    mutating func noteTick(lateMicroseconds late: Int, tookMicroseconds took: Int) {
        count(.tickMicroseconds, took)
        count(.lateMicroseconds, late)
        raise(.worstTickMicroseconds, to: took)
        raise(.worstLateMicroseconds, to: late)
        if late > 1_000 { count(.ticksLate1) }
        if late > 5_000 { count(.ticksLate5) }
        if late > 20_000 { count(.ticksLate20) }
    }
}
