// What goes to a peer while there is nothing to hear for it: how the pause sounds (RFC 3389), instead of packets of silence.

import Timing

extension MediaEngine {
    /// A description is said again after 200 ms: so one that is lost is not missed for long, and the path through NAT stays
    /// open. The RFC leaves it to us (§4).
    private static var noiseSpacing: Int64 { 200_000_000 }
    /// Something else to say may begin so soon after the last sound that this is no pause: a prompt after a prompt.
    private static var patience: Int64 { 20_000_000 }

    /// Whether the frame in `scratch.frame`, of the mix, need not be sent because a pause is described instead.
    mutating func isPause(
        codec: Codec, rate: MixRate, on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) -> Bool {
        guard let payloadType = leg.pointee.payloads.noise, codec.takesComfortNoise else { return false }
        leg.pointee.pause.note(scratch.frame, count: rate.sampleCount)
        guard leg.pointee.pause.isPause else { return false }
        // Less than a packet may wait, and is as quiet.
        leg.pointee.speaker.discard()
        counters.count(.pausesLeftOut)
        if isDue(on: leg, patience: 0, now: now) {
            describe(leg.pointee.pause.level, as: payloadType, on: leg, now: now, outbox: &outbox)
        }
        return true
    }

    /// For a leg that plays nothing and hears nobody.
    mutating func describeSilence(on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        guard let payloadType = leg.pointee.payloads.noise, leg.pointee.seat.heard == 0, leg.pointee.payloads.sends,
            isDue(on: leg, patience: MediaEngine.patience, now: now)
        else { return }
        describe(PauseDetector.idle, as: payloadType, on: leg, now: now, outbox: &outbox)
    }

    private func isDue(on leg: UnsafeMutablePointer<Leg>, patience: Int64, now: Instant) -> Bool {
        let stream = leg.pointee.sent
        guard let lastSent = stream.lastSent else { return true }
        // Half a beat: visits are not to the nanosecond.
        let elapsed = now.nanoseconds - lastSent.nanoseconds - stream.lastSpan + 5_000_000
        return elapsed >= (stream.isPaused ? MediaEngine.noiseSpacing : patience)
    }

    /// One octet, the level: white noise (§3).
    private mutating func describe(
        _ level: UInt8, as payloadType: UInt8, on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        scratch.payload[0] = level
        counters.count(.noiseSent)
        leg.pointee.sent.use(clockRate: 8_000)
        let stream = leg.pointee.sent
        // Without a gap it begins where the last sound ended, however much later that was noticed.
        let (timestamp, afterGap) = stream.timestamp(at: now)
        let began = afterGap ? nil : stream.lastSent.map { Instant(nanoseconds: $0.nanoseconds + stream.lastSpan) }
        let header = RTPHeader(
            marker: false, payloadType: payloadType, sequence: leg.pointee.sent.takeSequence(), timestamp: timestamp,
            ssrc: stream.ssrc, payloadLength: 1)
        let outgoing = Outgoing(header: header, codec: .pcma, duration: 0, began: began ?? now, kind: .noise)
        sendHeaded(outgoing, on: leg, now: now, outbox: &outbox)
    }
}
