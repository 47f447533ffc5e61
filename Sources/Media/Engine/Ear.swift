// A leg's hearing without a call: packets and the instants of their arrival in, sound out, all in virtual time.

public import Timing

/// The receiving half of one decoded leg, as `Bench/Quality` listens to it; calls go through `MediaEngine`.
public struct Ear: ~Copyable {
    /// Samples that one `take` gives: 20 ms at `sampleRate`.
    public static var sampleCount: Int { MixRate.narrow.sampleCount }
    public static var sampleRate: Int { MixRate.narrow.sampleRate }

    public private(set) var counters = MediaCounters()
    private let codec: Codec
    private var received = ReceiveStream()
    private(set) var playout: Playout

    /// One stream of one codec, whatever the payload type of its packets.
    public init(_ codec: Codec) throws(OpusError) {
        self.codec = codec
        playout = Playout(opusDecoder: codec == .opus ? try OpusDecoder(sampleRate: Ear.sampleRate) : nil)
        playout.reset()
    }

    /// One RTP packet arrives.
    public mutating func receive(_ packet: UnsafeRawBufferPointer, now: Instant) {
        guard let header = RTPHeader(parsing: packet), header.payloadLength > 0 else {
            return counters.count(.droppedMalformed)
        }
        let sequence: Int64
        switch received.receive(header, now: now) {
        case .accepted(let number): sequence = number
        case .restarted(let number):
            playout.reset()
            sequence = number
        case .duplicate: return counters.count(.droppedDuplicate)
        case .late: return counters.count(.droppedLate)
        case .foreign: return counters.count(.droppedForeignStream)
        case .wild: return counters.count(.droppedWildSequence)
        }
        let payload = packet.part(from: header.payloadOffset, length: header.payloadLength)
        playout.insert(header, sequence: sequence, codec: codec, payload: payload, now: now, counters: &counters)
    }

    /// The 20 ms that begin to be heard at `now`: `sampleCount` samples are written.
    public mutating func take(into samples: UnsafeMutablePointer<Int16>, now: Instant) {
        playout.pull(into: samples, rate: .narrow, now: now, counters: &counters)
    }
}
