// To whom a packet of sound goes: on to those who can take it as it is, into the jitter buffer for all others.

import Timing

/// One packet of sound that belongs to the stream of its leg.
struct Sound: BitwiseCopyable {
    let header: RTPHeader
    let sequence: Int64
    let codec: Codec
    let payload: UnsafeRawBufferPointer
}

extension MediaEngine {
    /// A packet of somebody who is not muted.
    mutating func pass(
        _ sound: Sound, in packet: UnsafeMutableRawBufferPointer, capacity: Int, of leg: UnsafeMutablePointer<Leg>,
        now: Instant, outbox: inout Outbox
    ) {
        let audience = leg.pointee.seat.audience
        guard let listener = self.leg(at: audience) else {
            guard audience == Seat.several else { return counters.count(.notHeard) }
            return passToAll(sound, of: leg, now: now, outbox: &outbox)
        }
        guard isAttentive(listener) else {
            quieten(leg)
            listener.pointee.relay.close()
            return counters.count(.notHeard)
        }
        guard listener.pointee.seat.feed.isRelay,
            let payloadType = relayType(of: sound, from: leg, to: listener, now: now)
        else {
            return passToMix(
                sound, in: packet, capacity: capacity, of: leg, to: listener, now: now, outbox: &outbox)
        }
        relay(sound, in: packet, capacity: capacity, as: payloadType, to: listener, now: now, outbox: &outbox)
    }

    /// The only one who hears the leg is not just relayed to, or cannot be any more.
    private mutating func passToMix(
        _ sound: Sound, in packet: UnsafeMutableRawBufferPointer, capacity: Int, of leg: UnsafeMutablePointer<Leg>,
        to listener: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let wasRelayed = listener.pointee.seat.feed.isRelay && listener.pointee.relay.isOpen
        decodeLater(sound, of: leg, continuing: wasRelayed, now: now)
        guard isRelayed(sound, from: leg, to: listener, now: now) else {
            return resumeRelay(sound, from: leg, to: listener, now: now, outbox: &outbox)
        }
        guard let payloadType = relayType(of: sound, from: leg, to: listener, now: now) else {
            return cutToMix(from: leg, to: listener)
        }
        relay(sound, in: packet, capacity: capacity, as: payloadType, to: listener, now: now, outbox: &outbox)
    }

    /// More than one hears the leg: each who is relayed to gets a copy.
    private mutating func passToAll(
        _ sound: Sound, of leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        var isMixed = mixedListeners(of: leg) > 0
        if isMixed { decodeLater(sound, of: leg, now: now) }
        var isHeard = isMixed
        var slot = bridges.memory[leg.pointee.seat.bridge].first
        while let listener = self.leg(at: slot) {
            slot = listener.pointee.seat.next
            guard isRelayed(sound, from: leg, to: listener, now: now) else {
                if isMixed { resumeRelay(sound, from: leg, to: listener, now: now, outbox: &outbox) }
                continue
            }
            guard isAttentive(listener) else {
                listener.pointee.relay.close()
                continue
            }
            isHeard = true
            guard let payloadType = relayType(of: sound, from: leg, to: listener, now: now) else {
                if !isMixed { decodeLater(sound, of: leg, continuing: listener.pointee.relay.isOpen, now: now) }
                isMixed = true
                cutToMix(from: leg, to: listener)
                continue
            }
            relayCopy(sound, as: payloadType, to: listener, now: now, outbox: &outbox)
        }
        if !isHeard { counters.count(.notHeard) }
    }

    private func isRelayed(
        _ sound: Sound, from leg: UnsafeMutablePointer<Leg>, to listener: UnsafeMutablePointer<Leg>, now: Instant
    ) -> Bool {
        guard listener.pointee.seat.relayed == leg.pointee.id.slot else { return false }
        guard case .splicing = listener.pointee.seat.feed else { return true }
        return listener.pointee.relay.isMissing(sound.sequence)
            && relayType(of: sound, from: leg, to: listener, now: now) != nil
    }

    /// Those whose packets come from this leg.
    func forEachRelayed(from leg: UnsafeMutablePointer<Leg>, _ body: (UnsafeMutablePointer<Leg>) -> Void) {
        let slot = leg.pointee.id.slot
        let audience = leg.pointee.seat.audience
        guard audience == Seat.several else {
            if let listener = self.leg(at: audience), listener.pointee.seat.relayed == slot { body(listener) }
            return
        }
        var place = bridges.memory[leg.pointee.seat.bridge].first
        while let listener = self.leg(at: place) {
            if listener.pointee.seat.relayed == slot { body(listener) }
            place = listener.pointee.seat.next
        }
    }

    /// Who gets a key that was pressed on this leg: the other one who talks, where two do. A key is meant for one
    /// machine; among more parties nobody knows for which, and whoever gets it hears nothing else meanwhile.
    func keyListener(of leg: UnsafeMutablePointer<Leg>) -> UnsafeMutablePointer<Leg>? {
        let seat = leg.pointee.seat
        guard seat.bridge >= 0, seat.role == .talk, bridges.memory[seat.bridge].talkers == 2 else { return nil }
        var slot = bridges.memory[seat.bridge].first
        while let other = self.leg(at: slot) {
            if other != leg, other.pointee.seat.role == .talk { return other }
            slot = other.pointee.seat.next
        }
        return nil
    }

    // MARK: Relay

    /// The listener's payload type when it can take the packet as it is: same codec and, for G.711 and G.722, the packet
    /// time it wants; and nothing is to be done to the sound. Opus packets say their own length, and every receiver takes
    /// each (RFC 7587 §4.2).
    func relayType(
        of sound: Sound, from leg: UnsafeMutablePointer<Leg>, to listener: UnsafeMutablePointer<Leg>, now: Instant
    ) -> UInt8? {
        guard let type = listener.pointee.payloads.payloadType(for: sound.codec), leg.pointee.cleaner == nil,
            listener.pointee.choice.relays(sound.codec, from: leg.pointee.choice, now: now)
        else { return nil }
        switch sound.codec {
        case .opus: return type
        case .g729:
            let (octets, takesPauses) = (sound.payload.count, listener.pointee.payloads.takesPausesInG729)
            if G729.endsInPause(octets: octets) { return takesPauses ? type : nil }
            return octets == listener.pointee.payloads.packetBeats * G729.frameOctets ? type : nil
        case .pcmu, .pcma, .g722: return sound.payload.count == listener.pointee.payloads.packetBeats * 80 ? type : nil
        }
    }

    /// Our header for the packet, whose payload lies at `payload`, on the listener's stream; nil when it comes too late to
    /// be placed.
    @inline(__always)
    private func carry(
        _ sound: Sound, _ payload: UnsafeMutablePointer<UInt8>, as payloadType: UInt8,
        to listener: UnsafeMutablePointer<Leg>, now: Instant
    ) -> Outgoing? {
        let isNew = !listener.pointee.relay.goesOn(with: sound.codec)
        let mapped = listener.pointee.relay.carry(
            sound.header, sequence: sound.sequence, codec: sound.codec, payloadType: payloadType,
            on: &listener.pointee.sent, now: now)
        guard let header = mapped else { return nil }
        if sound.codec == .g722 {
            listener.pointee.speaker.seam?.pass(payload, count: sound.payload.count, isNew: isNew)
        }
        return Outgoing(header: header, codec: sound.codec, duration: duration(of: sound), began: now, kind: .sound)
    }

    /// Rewrites the header in front of the payload, where the packet lies, and sends it on.
    private mutating func relay(
        _ sound: Sound, in packet: UnsafeMutableRawBufferPointer, capacity: Int, as payloadType: UInt8,
        to listener: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        guard let start = packet.baseAddress else { return }
        let payload = (start + sound.header.payloadOffset).assumingMemoryBound(to: UInt8.self)
        guard let outgoing = carry(sound, payload, as: payloadType, to: listener, now: now) else {
            return counters.count(.relayedLate)
        }
        counters.count(.relayed)
        counters.count(.relayedPackets)
        let offset = sound.header.payloadOffset - RTPHeader.length
        send(
            outgoing, packet: start + offset, capacity: capacity - offset, on: listener, now: now, outbox: &outbox)
    }

    /// The packet stays as it is for those who come after.
    private mutating func relayCopy(
        _ sound: Sound, as payloadType: UInt8, to listener: UnsafeMutablePointer<Leg>, now: Instant,
        outbox: inout Outbox
    ) {
        guard let payload = sound.payload.baseAddress else { return }
        UnsafeMutableRawPointer(scratch.payload).copyMemory(from: payload, byteCount: sound.payload.count)
        guard let outgoing = carry(sound, scratch.payload, as: payloadType, to: listener, now: now) else {
            return counters.count(.relayedLate)
        }
        counters.count(.relayed)
        counters.count(.relayedPackets)
        sendHeaded(outgoing, on: listener, now: now, outbox: &outbox)
    }

    /// In units of the codec's clock.
    func duration(of sound: Sound) -> UInt32 {
        switch sound.codec {
        case .pcmu, .pcma, .g722: return UInt32(truncatingIfNeeded: sound.payload.count)
        case .g729: return UInt32(truncatingIfNeeded: G729.sampleCount(octets: sound.payload.count))
        case .opus:
            guard let bytes = sound.payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 960 }
            return UInt32(OpusDecoder.sampleCount(bytes, length: sound.payload.count, rate: 48_000) ?? 960)
        }
    }
}
