// What a leg remembers between two of its figures.

import Timing

/// One leg's measure of five seconds, and what has to be known of the sound that comes and goes.
struct QualityMeter: BitwiseCopyable {
    private static var interval: Int64 { 5_000_000_000 }

    private(set) var began: Instant
    private var due: Int64
    private var outcomes = PacketOutcomes()
    private var concealed: Int64 = 0
    private(set) var heardCodec = Codec.pcma
    private var heardBytes = 160
    private(set) var sentCodec = Codec.pcma

    /// `spread`: any number; legs that begin together have their first figures up to a second apart.
    init(now: Instant, spread: UInt64) {
        began = now
        due = now.nanoseconds + QualityMeter.interval - Int64(spread % 1_000) * 1_000_000
    }

    @_noLocks @_noAllocation
    func isDue(_ now: Instant) -> Bool { now.nanoseconds >= due }

    /// A packet of sound came.
    @_noLocks @_noAllocation
    mutating func noteHeard(_ codec: Codec, bytes: Int) {
        heardCodec = codec
        heardBytes = bytes
    }

    /// A packet of sound left.
    @_noLocks @_noAllocation
    mutating func noteSent(_ codec: Codec) { sentCodec = codec }

    /// Milliseconds of sound in the packets that come. Of Opus, whose packets would have to be read, what we ask for.
    var packetTime: Int {
        switch heardCodec {
        case .pcmu, .pcma, .g722: min(200, max(1, heardBytes / 8))
        case .g729: min(200, max(10, heardBytes / G729.frameOctets * 10))
        case .opus: 20
        }
    }

    /// What came since the last call; the next interval begins.
    mutating func take(_ now: Instant, outcomes total: PacketOutcomes, concealed totalConcealed: Int64) -> LegQuality {
        let step = total - outcomes
        var quality = LegQuality()
        quality.milliseconds = Int32(clamping: (now.nanoseconds - began.nanoseconds) / 1_000_000)
        quality.received = Int32(clamping: step.packets - step.missing)
        quality.lost = Int32(clamping: step.lost)
        quality.discarded = Int32(clamping: step.discarded)
        quality.stretches = Int32(clamping: step.stretches)
        quality.concealed = Int32(clamping: totalConcealed - concealed)
        quality.heardCodec = heardCodec
        quality.sentCodec = sentCodec
        quality.packetTime = UInt8(clamping: packetTime)
        outcomes = total
        concealed = totalConcealed
        began = now
        due = max(due + QualityMeter.interval, now.nanoseconds + 1)
        return quality
    }
}
