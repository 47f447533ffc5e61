// Which codec a peer that negotiated several is sent, and which one it is asked to send.

import Timing

/// Pure: reports of loss come in, codecs come out. On a clean network packets are relayed as they are; where packets get
/// lost, whatever is not Opus with redundancy (in-band FEC) is encoded anew as that. Opus without redundancy too: at 5 %
/// loss encoding it twice is worth 0.8 points of PESQ (2.9 to 3.7).
struct CodecChoice: BitwiseCopyable {
    /// The first of the plan.
    private let usual: Codec
    /// What the other party of the last bridge takes, where this one takes it too.
    private var common: Codec
    /// The peer takes Opus and another codec at any time, and does what it is asked.
    let isFree: Bool
    /// A bit for each codec of the plan, by raw value.
    private let negotiated: UInt16
    /// What the peer was asked to send last; the first codec of an answer is what it begins with.
    private(set) var asked: Codec
    /// What the peer says that it lost of what we sent.
    private var sent = LossWatch()
    /// What we lost of what the peer sent.
    private var heard = LossWatch()
    /// When the peer's last packet with redundancy came.
    private var redundantAt: Instant?
    /// Pauses in speech, in which no encoder adds redundancy, are mostly shorter than this.
    private static var redundancyMemory: Int64 { 10_000_000_000 }

    /// `plan.codecs` is not empty.
    init(_ plan: MediaPlan) {
        usual = plan.codecs.first?.codec ?? .pcma
        common = usual
        asked = usual
        negotiated = plan.codecs.reduce(0) { $0 | CodecChoice.bit($1.codec) }
        isFree = plan.peerFollows && plan.codecs.count > 1 && plan.codecs.contains { $0.codec == .opus }
    }

    private static func bit(_ codec: Codec) -> UInt16 { 1 &<< UInt16(truncatingIfNeeded: codec.rawValue) }

    // MARK: What we send

    /// The codec of what we make: prompts, mixed and transcoded sound.
    var made: Codec { @_noLocks @_noAllocation get { isLossy ? .opus : common } }

    /// What is sent gets lost: it is to be Opus with redundancy.
    var isLossy: Bool { @_noLocks @_noAllocation get { isFree && sent.isLossy } }

    /// Whether packets of a negotiated codec may go to the peer as `source` sent them.
    func relays(_ codec: Codec, from source: CodecChoice, now: Instant) -> Bool {
        guard isLossy else { return true }
        guard codec.rawValue == Codec.opus.rawValue, let last = source.redundantAt else { return false }
        return now.nanoseconds - last.nanoseconds < CodecChoice.redundancyMemory
    }

    /// Per cent of loss that our encoder prepares the peer's decoder for. At least 5: redundancy must be there before
    /// the first loss is reported, which takes five seconds.
    var expectedLoss: Int { @_noLocks @_noAllocation get { max(5, sent.expected) } }

    /// The peer's report on one of our streams.
    /// - Parameters:
    ///   - share: 256ths of the sequence numbers that did not arrive (RFC 3550 §6.4.1, fraction lost).
    ///   - interval: what we sent on this stream since its last report. Numbers that we left out, because a relayed
    ///     packet had not come to us either, are no loss of this path.
    /// - Returns: when what is sent changes.
    @_noLocks @_noAllocation
    mutating func noteSent(lost share: Int, of interval: SendStream.Interval, now: Instant) -> LossWatch.News? {
        guard interval.packets > 0 else { return nil }
        let lost = share * interval.numbers - (interval.numbers - interval.packets) * 256
        let news = sent.note(lost: min(256, max(0, lost / interval.packets)), of: interval.packets, now: now)
        return isFree ? news : nil
    }

    // MARK: What the peer sends

    /// A packet of Opus came from the peer.
    @_noLocks @_noAllocation
    mutating func noteOpus(_ payload: UnsafeRawBufferPointer, now: Instant) {
        guard let bytes = payload.baseAddress?.assumingMemoryBound(to: UInt8.self),
            OpusPacket.hasRedundancy(bytes, length: payload.count)
        else { return }
        redundantAt = now
    }

    /// What our own report says about what came from the peer.
    @_noLocks @_noAllocation
    mutating func noteHeard(lost share: Int, of packets: Int, now: Instant) {
        _ = heard.note(lost: share, of: packets, now: now)
    }

    /// What the peer should send, when it is something else than before: what can be relayed to `listener`, and Opus
    /// wherever it gets lost.
    mutating func takeWish(towards listener: CodecChoice) -> Codec? {
        guard isFree else { return nil }
        common = negotiated & CodecChoice.bit(listener.common) != 0 ? listener.common : usual
        // Two pages: Opus both ways.
        if listener.isFree { common = .opus }
        let wish = heard.isLossy ? .opus : common
        guard wish.rawValue != asked.rawValue else { return nil }
        asked = wish
        return wish
    }
}
