// The last steps of every RTP packet that leaves: header, tap, encryption, outbox.

import Timing

/// A packet about to leave.
struct Outgoing: BitwiseCopyable {
    let header: RTPHeader
    /// For packets that are not sound: a codec of the same clock.
    let codec: Codec
    /// In timestamp units.
    let duration: UInt32
    /// When its timestamp was.
    let began: Instant
    let kind: Kind

    enum Kind: BitwiseCopyable { case sound, key, noise }
}

extension MediaEngine {
    /// Sends the `length` bytes at `scratch.payload` as the next packet of the codec's stream.
    mutating func sendMade(
        _ length: Int, codec: Codec, beats: Int, on leg: UnsafeMutablePointer<Leg>, now: Instant,
        outbox: inout Outbox
    ) {
        guard let payloadType = leg.pointee.payloads.payloadType(for: codec) else { return }
        let length = codec == .g729 ? leg.pointee.speaker.compress(scratch.payload, count: length) : length
        guard length > 0 else { return }
        leg.pointee.sent.use(clockRate: codec.clockRate)
        let (timestamp, afterGap) = leg.pointee.sent.timestamp(at: now)
        let header = RTPHeader(
            marker: afterGap, payloadType: payloadType, sequence: leg.pointee.sent.takeSequence(),
            timestamp: timestamp, ssrc: leg.pointee.sent.ssrc, payloadLength: length)
        let outgoing = Outgoing(
            header: header, codec: codec, duration: UInt32(beats * codec.clockRate / 100), began: now, kind: .sound)
        sendHeaded(outgoing, on: leg, now: now, outbox: &outbox)
    }

    /// Sends the packet whose payload lies in the scratch memory.
    mutating func sendHeaded(
        _ outgoing: Outgoing, on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        send(outgoing, packet: scratch.packet, capacity: Scratch.packetCapacity, on: leg, now: now, outbox: &outbox)
    }

    /// Sends a packet whose payload lies 12 bytes behind `packet`.
    mutating func send(
        _ outgoing: Outgoing, packet: UnsafeMutableRawPointer, capacity: Int, on leg: UnsafeMutablePointer<Leg>,
        now: Instant, outbox: inout Outbox
    ) {
        outgoing.header.write(to: packet)
        let payloadLength = outgoing.header.payloadLength
        let payload = UnsafeRawBufferPointer(start: packet + RTPHeader.length, count: payloadLength)
        switch outgoing.kind {
        case .sound:
            leg.pointee.meter.noteSent(outgoing.codec)
            if outgoing.codec == .g722, let octets = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) {
                leg.pointee.speaker.seam?.noteSent(octets, count: payloadLength)
            }
            tapSent(outgoing, payload, flags: [], of: leg, now)
        case .noise: tapSent(outgoing, payload, flags: .noise, of: leg, now)
        case .key: break
        }
        leg.pointee.sent.noteSent(
            timestamp: outgoing.header.timestamp, duration: outgoing.duration, began: outgoing.began,
            octets: payloadLength)
        let length = leg.pointee.transport.protectRTP(
            packet, length: RTPHeader.length + payloadLength, capacity: capacity)
        guard length > 0, let destination = leg.pointee.transport.remoteRTP else {
            return counters.count(.notProtected)
        }
        outbox.send(
            UnsafeRawBufferPointer(start: packet, count: length), to: destination, socket: leg.pointee.sockets.rtp,
            isConnected: leg.pointee.route.isConnected)
    }

    private mutating func tapSent(
        _ outgoing: Outgoing, _ payload: UnsafeRawBufferPointer, flags: TapBlock.Flags,
        of leg: UnsafeMutablePointer<Leg>, _ now: Instant
    ) {
        guard let tap = leg.pointee.tap else { return }
        let block = TapBlock(
            recording: tap.recording, side: .right, codec: outgoing.codec,
            flags: tap.hasRight ? flags : flags.union(.streamStart), at: now, rtpTimestamp: outgoing.header.timestamp,
            sequence: outgoing.header.sequence,
            ssrc: SSRC(rawValue: outgoing.header.ssrc), length: UInt16(truncatingIfNeeded: payload.count))
        leg.pointee.tap?.hasRight = true
        if !taps.push(block, payload: payload) { counters.count(.tapsLost) }
    }
}
