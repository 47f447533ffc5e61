// What happens to a packet that says how a pause sounds (RFC 3389).

import Timing

extension MediaEngine {
    /// A packet of the stream, and its place in it.
    struct NoisePacket: BitwiseCopyable {
        let header: RTPHeader
        let sequence: Int64
        let payload: UnsafeRawBufferPointer
    }

    /// Heard in the pauses of a leg that is decoded, sent on to a listener that negotiated it, or else left out without a
    /// gap. In the figures it is a packet like any other: its timestamp is when the pause began (§4), so that jitter is
    /// measured as for sound.
    mutating func receiveNoise(
        _ noise: NoisePacket, of leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        guard ComfortNoise(parsing: noise.payload) != nil else {
            counters.count(.droppedMalformedNoise)
            return skip(noise.sequence, of: leg)
        }
        counters.count(.noiseReceived)
        leg.pointee.received.measureJitter(timestamp: noise.header.timestamp, clockRate: 8_000, now: now)
        guard !leg.pointee.isMuted else { return counters.count(.muted) }
        tapNoise(noise, of: leg, now: now)
        if leg.pointee.isDecoded {
            leg.pointee.playout.insertNoise(
                noise.header, sequence: noise.sequence, payload: noise.payload, now: now, counters: &counters)
        }
        relay(noise, of: leg, now: now, outbox: &outbox)
    }

    /// To each whom the leg's packets are relayed to.
    private mutating func relay(
        _ noise: NoisePacket, of leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let slot = leg.pointee.id.slot
        let audience = leg.pointee.seat.audience
        let isForSeveral = audience == Seat.several
        var place = isForSeveral ? bridges.memory[leg.pointee.seat.bridge].first : audience
        while let listener = self.leg(at: place) {
            place = isForSeveral ? listener.pointee.seat.next : -1
            guard listener.pointee.seat.relayed == slot else { continue }
            if case .splicing = listener.pointee.seat.feed { continue }
            send(noise, to: listener, now: now, outbox: &outbox)
        }
    }

    /// Under the number that the listener gave it, or not at all.
    private mutating func send(
        _ noise: NoisePacket, to listener: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let codec = listener.pointee.relay.codec
        guard let payloadType = listener.pointee.payloads.noise, listener.pointee.relay.isOpen,
            codec.clockRate == 8_000,
            isAttentive(listener), let octets = noise.payload.baseAddress
        else { return listener.pointee.relay.skip(noise.sequence) }
        let header = listener.pointee.relay.carry(
            noise.header, sequence: noise.sequence, codec: codec, payloadType: payloadType,
            on: &listener.pointee.sent, now: now)
        guard let header else { return counters.count(.relayedLate) }
        counters.count(.noiseRelayed)
        UnsafeMutableRawPointer(scratch.payload).copyMemory(from: octets, byteCount: noise.payload.count)
        let outgoing = Outgoing(
            header: header, codec: codec, duration: 0, began: now, kind: .noise)
        sendHeaded(outgoing, on: listener, now: now, outbox: &outbox)
    }

    /// The recorder has to know that the number is not a loss.
    private mutating func tapNoise(_ noise: NoisePacket, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        guard let tap = leg.pointee.tap else { return }
        let block = TapBlock(
            recording: tap.recording, side: .left, codec: .pcma, flags: tap.hasLeft ? .noise : [.noise, .streamStart],
            at: now, rtpTimestamp: noise.header.timestamp, sequence: noise.header.sequence,
            ssrc: SSRC(rawValue: noise.header.ssrc), length: UInt16(truncatingIfNeeded: noise.payload.count))
        leg.pointee.tap?.hasLeft = true
        if !taps.push(block, payload: noise.payload) { counters.count(.tapsLost) }
    }
}
