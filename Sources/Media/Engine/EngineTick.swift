// What a leg does every 10 ms for itself: prompts, keys, timers. What it hears of a bridge is in `EngineMix`.

import Timing

extension MediaEngine {
    /// One visit to one leg.
    mutating func beat(_ leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        leg.pointee.beat &+= 1
        if leg.pointee.beat & 1 == 0 { attend(leg, now: now, outbox: &outbox) }
        leg.pointee.countdown -= 1
        guard leg.pointee.countdown <= 0 else { return }
        leg.pointee.countdown = speak(on: leg, now: now, outbox: &outbox)
    }

    /// Every 20 ms: timers of the path, reports, the watch for silence.
    private mutating func attend(_ leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        leg.pointee.transport.tick(now: now, outbox: &outbox)
        noteTransport(leg)
        if leg.pointee.rtcp.isDue(now) {
            report(leg, goodbye: false, now: now, outbox: &outbox)
            leg.pointee.rtcp.schedule(after: now)
        }
        if leg.pointee.meter.isDue(now) { tellQuality(leg, now: now) }
        if leg.pointee.payloads.receives, case .silent = leg.pointee.hearing.check(now: now) {
            emit(.silent(leg.pointee.id), about: leg)
        }
        askForCodec(leg)
        if leg.pointee.hasOverflowed, events.push(.overflow(leg.pointee.id)) { leg.pointee.hasOverflowed = false }
    }

    /// Makes the next packet of the leg, if there is something to say.
    /// - Returns: beats of 10 ms until it is asked again.
    private mutating func speak(on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) -> Int {
        let codec = leg.pointee.choice.made
        let beats = codec == .opus ? 2 : leg.pointee.payloads.packetBeats
        // What plays waits until there is a path: the caller hears it from its beginning.
        guard leg.pointee.transport.isConnected else { return 2 }
        if leg.pointee.keysSent.isActive {
            continueKey(on: leg, now: now, outbox: &outbox)
            return 2
        }
        if leg.pointee.playback.isPlaying {
            play(on: leg, codec: codec, beats: beats, now: now, outbox: &outbox)
            return beats
        }
        describeSilence(on: leg, now: now, outbox: &outbox)
        return 1
    }

    // MARK: Prompts

    private mutating func play(
        on leg: UnsafeMutablePointer<Leg>, codec: Codec, beats: Int, now: Instant, outbox: inout Outbox
    ) {
        let payload = scratch.payload
        var length = 0
        switch codec {
        case .pcmu, .pcma, .g722, .g729:
            // An empty playlist makes no packet.
            if let program = leg.pointee.playback.program, !program.isOver {
                length = beats * 80
                copyPrompts(length, of: leg, codec: codec)
            }
        case .opus: length = leg.pointee.playback.copyOpus(into: payload, capacity: JitterBuffer.payloadCapacity)
        }
        if length > 0, leg.pointee.payloads.sends {
            counters.count(.promptPackets)
            sendMade(length, codec: codec, beats: beats, on: leg, now: now, outbox: &outbox)
        }
        if let token = leg.pointee.playback.takeEnd() { emit(.played(leg.pointee.id, token: token), about: leg) }
    }

    /// Fills the packet with what is left of one prompt, the beginning of the next, and silence behind the last.
    private mutating func copyPrompts(_ length: Int, of leg: UnsafeMutablePointer<Leg>, codec: Codec) {
        let payload = scratch.payload
        var done = 0
        while done < length, let piece = leg.pointee.playback.copy(length - done, codec, into: payload + done) {
            if codec == .g722 {
                leg.pointee.speaker.seam?.pass(payload + done, count: piece.count, isNew: piece.isFirst)
            }
            done += piece.count
        }
        (payload + done).update(repeating: codec.filler, count: length - done)
    }

    // MARK: Keys

    private mutating func continueKey(on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        let codec = leg.pointee.choice.made
        let step = leg.pointee.keysSent.next()
        if let event = leg.pointee.payloads.event(besideClock: codec.clockRate) {
            switch step {
            case .sounding(let digit, let update, let isEnd):
                if update == 1 { beginKey(on: leg, clockRate: event.clockRate, now: now) }
                sendEvent(digit, update: update, isEnd: isEnd, event, on: leg, now: now, outbox: &outbox)
            case .endAgain(let digit, let updates):
                sendEvent(digit, update: updates, isEnd: true, event, on: leg, now: now, outbox: &outbox)
            case .pause, .idle: break
            }
            return
        }
        // Whatever the mix was: no codec state has to change for a key.
        let rate = leg.pointee.speaker.rate
        scratch.frame.update(repeating: 0, count: rate.sampleCount)
        if case .sounding(let digit, let update, _) = step {
            if update == 1 { beginTone(digit, on: leg) }
            leg.pointee.key.tone?.fill(scratch.frame, count: rate.sampleCount)
        }
        sendFrame(codec: codec, on: leg, now: now, outbox: &outbox)
    }

    private mutating func beginKey(on leg: UnsafeMutablePointer<Leg>, clockRate: Int, now: Instant) {
        counters.count(.digitsSent)
        leg.pointee.sent.use(clockRate: clockRate)
        leg.pointee.key = SentKey(timestamp: leg.pointee.sent.timestamp(at: now).value, began: now)
    }

    private mutating func beginTone(_ digit: Digit, on leg: UnsafeMutablePointer<Leg>) {
        counters.count(.digitsSent)
        leg.pointee.speaker.reset()
        guard var tone = Tone.dtmf(digit.ascii) else { return }
        tone.onMilliseconds = 100
        tone.repeats = false
        leg.pointee.key.tone = ToneGenerator(tone, sampleRate: leg.pointee.speaker.rate.sampleRate)
    }

    private mutating func sendEvent(
        _ digit: Digit, update: UInt8, isEnd: Bool, _ event: (payloadType: UInt8, clockRate: Int),
        on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let duration = UInt16(Int(update) * event.clockRate / 50)
        TelephoneEvent(event: digit.code, end: isEnd, volume: 10, duration: duration).write(to: scratch.payload)
        let header = RTPHeader(
            marker: update == 1, payloadType: event.payloadType, sequence: leg.pointee.sent.takeSequence(),
            timestamp: leg.pointee.key.timestamp, ssrc: leg.pointee.sent.ssrc, payloadLength: TelephoneEvent.length)
        counters.count(.digitPackets)
        let outgoing = Outgoing(
            header: header, codec: event.clockRate == 48_000 ? .opus : .pcma, duration: UInt32(duration),
            began: leg.pointee.key.began, kind: .key)
        sendHeaded(outgoing, on: leg, now: now, outbox: &outbox)
    }

    /// The frame in `scratch.frame`, at the speaker's rate, as one packet of 20 ms.
    private mutating func sendFrame(
        codec: Codec, on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let rate = leg.pointee.speaker.rate
        var length = 160
        switch codec {
        case .pcmu, .pcma, .g722, .g729:
            leg.pointee.speaker.add(scratch.frame, count: rate.sampleCount, heard: 0, rate: rate, codec: codec)
            leg.pointee.speaker.take(length, into: scratch.payload)
        case .opus: length = encodeOpus(scratch.frame, heard: 0, rate: rate, on: leg)
        }
        guard length > 0 else { return }
        sendMade(length, codec: codec, beats: 2, on: leg, now: now, outbox: &outbox)
    }
}
