// What happens to a datagram that arrives.

import Timing

extension MediaEngine {
    /// One datagram for the leg in `slot`. `datagram` is writable and has room behind it up to `capacity` bytes in all,
    /// because packets are decrypted, rewritten and encrypted in place.
    mutating func receive(
        _ datagram: UnsafeMutableRawBufferPointer, capacity: Int, slot: Int, from source: SocketAddress,
        isRTCPSocket: Bool, now: Instant, outbox: inout Outbox
    ) {
        counters.count(.datagramsReceived)
        guard let leg = leg(at: slot), let bytes = datagram.baseAddress else {
            counters.count(.droppedForGoneLeg)
            return
        }
        let outcome = leg.pointee.transport.receive(
            datagram, from: source, isRTCPSocket: isRTCPSocket, now: now, outbox: &outbox)
        switch outcome {
        case .rtp(let length):
            if leg.pointee.transport.isLatched { leg.pointee.route.noteLatched() }
            receiveRTP(
                UnsafeMutableRawBufferPointer(start: bytes, count: length), capacity: capacity, of: leg, now: now,
                outbox: &outbox)
            noteTransport(leg)
        case .rtcp(let length):
            receiveRTCP(UnsafeRawBufferPointer(start: bytes, count: length), of: leg, now: now)
        case .consumed: noteTransport(leg)
        case .dropped: counters.count(.droppedByTransport)
        }
    }

    /// Tells signalling what became of the path.
    mutating func noteTransport(_ leg: UnsafeMutablePointer<Leg>) {
        guard let change = leg.pointee.transport.takeStateChange() else { return }
        let id = leg.pointee.id
        switch change {
        case .connected: emit(.connected(id), about: leg)
        case .lost: emit(.lost(id, .noConsent), about: leg)
        case .failed(.handshake): emit(.lost(id, .handshake), about: leg)
        case .failed(.wrongCertificate): emit(.lost(id, .wrongCertificate), about: leg)
        case .failed(.noKeys): emit(.lost(id, .noKeys), about: leg)
        case .failed(.closed): emit(.lost(id, .closed), about: leg)
        case .failed(.update): emit(.lost(id, .renegotiation), about: leg)
        }
    }

    private mutating func receiveRTP(
        _ packet: UnsafeMutableRawBufferPointer, capacity: Int, of leg: UnsafeMutablePointer<Leg>, now: Instant,
        outbox: inout Outbox
    ) {
        guard let header = RTPHeader(parsing: UnsafeRawBufferPointer(packet)) else {
            return counters.count(.droppedMalformed)
        }
        guard leg.pointee.payloads.receives else { return counters.count(.droppedNotReceiving) }
        let meaning = leg.pointee.payloads.meaning(of: header.payloadType)
        // Only what was negotiated can make a new source believable.
        guard meaning != .unknown || header.ssrc == leg.pointee.received.ssrc else {
            return counters.count(.droppedUnknownPayload)
        }
        let payload = UnsafeRawBufferPointer(packet).part(from: header.payloadOffset, length: header.payloadLength)
        // Some gateways make keys elsewhere, under a source or numbers of their own: timestamps tell them apart.
        let isKey = meaning == .event8k || meaning == .event48k
        if isKey, !leg.pointee.received.expects(header) { return receiveKey(header, payload, of: leg, now: now) }
        guard let sequence = accept(header, of: leg, now: now) else { return }
        counters.count(.rtpReceived)
        switch meaning {
        case .unknown:
            counters.count(.droppedUnknownPayload)
            skip(sequence, of: leg)
        case .event8k, .event48k:
            skip(sequence, of: leg)
            receiveKey(header, payload, of: leg, now: now)
        case .noise:
            let noise = NoisePacket(header: header, sequence: sequence, payload: payload)
            receiveNoise(noise, of: leg, now: now, outbox: &outbox)
        case .pcmu, .pcma, .opus, .g722, .g729:
            guard header.payloadLength > 0, let codec = meaning.codec else {
                counters.count(.droppedEmptyPayload)
                return skip(sequence, of: leg)
            }
            let sound = Sound(header: header, sequence: sequence, codec: codec, payload: payload)
            receiveSound(sound, in: packet, capacity: capacity, of: leg, now: now, outbox: &outbox)
        }
    }

    /// The extended sequence number; nil when the packet is not of the stream.
    private mutating func accept(_ header: RTPHeader, of leg: UnsafeMutablePointer<Leg>, now: Instant) -> Int64? {
        switch leg.pointee.received.receive(header, discards: leg.pointee.playout.discards, now: now) {
        case .accepted(let sequence):
            noteHeard(leg, now: now)
            return sequence
        case .restarted(let sequence):
            leg.pointee.keysReceived.reset(source: header.ssrc)
            leg.pointee.playout.discards = Discards()
            quieten(leg)
            leg.pointee.tap?.hasLeft = false
            forEachRelayed(from: leg) { $0.pointee.relay.close() }
            noteHeard(leg, now: now)
            return sequence
        case .duplicate: counters.count(.droppedDuplicate)
        case .late: counters.count(.droppedLate)
        case .foreign: counters.count(.droppedForeignStream)
        case .wild: counters.count(.droppedWildSequence)
        }
        return nil
    }

    private mutating func noteHeard(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        switch leg.pointee.hearing.note(now: now) {
        case .firstPacket: emit(.firstPacket(leg.pointee.id), about: leg)
        case .heardAgain: emit(.heardAgain(leg.pointee.id), about: leg)
        case .silent, nil: break
        }
    }

    /// A packet without sound: its number must not look like a loss to whoever listens.
    func skip(_ sequence: Int64, of leg: UnsafeMutablePointer<Leg>) {
        if leg.pointee.isDecoded { leg.pointee.playout.buffer.insertGap(sequence: sequence) }
        forEachRelayed(from: leg) { $0.pointee.relay.skip(sequence) }
    }

    private mutating func receiveKey(
        _ header: RTPHeader, _ payload: UnsafeRawBufferPointer, of leg: UnsafeMutablePointer<Leg>, now: Instant
    ) {
        guard let event = TelephoneEvent(parsing: payload) else { return counters.count(.droppedMalformedEvent) }
        guard
            let digit = leg.pointee.keysReceived.accept(
                event, timestamp: header.timestamp, marker: header.marker, source: header.ssrc, now: now)
        else { return }
        counters.count(.digitsByEvent)
        emit(.digit(leg.pointee.id, digit, origin: .telephoneEvent), about: leg)
        if !leg.pointee.isMuted, let listener = keyListener(of: leg) { sendKey(digit, to: listener) }
    }

    private mutating func receiveSound(
        _ sound: Sound, in packet: UnsafeMutableRawBufferPointer, capacity: Int, of leg: UnsafeMutablePointer<Leg>,
        now: Instant, outbox: inout Outbox
    ) {
        leg.pointee.received.measureJitter(
            timestamp: sound.header.timestamp, clockRate: sound.codec.clockRate, now: now)
        leg.pointee.meter.noteHeard(sound.codec, bytes: sound.payload.count)
        listenForTones(sound, of: leg)
        if sound.codec == .opus { leg.pointee.choice.noteOpus(sound.payload, now: now) }
        guard !leg.pointee.isMuted else { return counters.count(.muted) }
        tapReceived(sound, of: leg, now: now)
        pass(sound, in: packet, capacity: capacity, of: leg, now: now, outbox: &outbox)
    }

    /// In-band keys of a peer without telephone-event.
    private mutating func listenForTones(_ sound: Sound, of leg: UnsafeMutablePointer<Leg>) {
        guard leg.pointee.payloads.bringsKeysInBand, sound.payload.count <= 960,
            let codes = sound.payload.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return }
        let samples = scratch.voice
        switch sound.codec {
        case .pcma: G711.decode(codes, count: sound.payload.count, law: .a, into: samples)
        case .pcmu: G711.decode(codes, count: sound.payload.count, law: .mu, into: samples)
        case .g722: leg.pointee.toneDecoder.decode(codes, count: sound.payload.count, into: samples)
        case .opus, .g729: return
        }
        guard let ascii = leg.pointee.toneDetector?.detect(samples, count: sound.payload.count),
            let digit = Digit(ascii: ascii)
        else { return }
        counters.count(.digitsInBand)
        emit(.digit(leg.pointee.id, digit, origin: .inBand), about: leg)
    }

    private mutating func tapReceived(_ sound: Sound, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        guard let tap = leg.pointee.tap else { return }
        let block = TapBlock(
            recording: tap.recording, side: .left, codec: sound.codec, flags: tap.hasLeft ? [] : .streamStart, at: now,
            rtpTimestamp: sound.header.timestamp, sequence: sound.header.sequence,
            ssrc: SSRC(rawValue: sound.header.ssrc), length: UInt16(truncatingIfNeeded: sound.payload.count))
        leg.pointee.tap?.hasLeft = true
        if !taps.push(block, payload: sound.payload) { counters.count(.tapsLost) }
    }
}
