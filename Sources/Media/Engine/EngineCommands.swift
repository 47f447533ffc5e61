// What the engine does when signalling orders something.

import Timing

extension MediaEngine {
    /// Carries out one command. `.stop` is the thread's affair.
    mutating func handle(_ command: Command, now: Instant, outbox: inout Outbox) {
        switch command {
        case .add(let pointer): add(pointer.pointer, now: now, outbox: &outbox)
        case .detach(let id): with(id) { engine, leg in engine.detach(leg, now: now) }
        case .remove(let id): with(id) { engine, leg in engine.remove(leg, now: now, outbox: &outbox) }
        case .update(let id, let update): self.update(id, update, now: now)
        case .play(let id, let playlist, let token): play(id, playlist, token: token)
        case .stopPlaying(let id): with(id) { engine, leg in engine.stopPlaying(leg) }
        case .join(let id, let bridge, let role):
            with(id) { engine, leg in engine.join(leg, bridge, as: role, now: now) }
        case .leave(let id): with(id) { engine, leg in engine.leave(leg, now: now) }
        case .bridge(let a, let b): bridge(a, b, now: now)
        case .unbridge(let id):
            with(id) { engine, leg in
                if leg.pointee.seat.bridge >= 0 { engine.dissolve(leg.pointee.seat.bridge, now: now) }
            }
        case .mute(let id, let isMuted): with(id) { engine, leg in engine.mute(leg, isMuted) }
        case .clean(let id, let cleaner): clean(id, cleaner)
        case .sendDigits(let id, let digits): with(id) { engine, leg in engine.sendKeys(digits, to: leg) }
        case .record(let id, let recording):
            with(id) { _, leg in leg.pointee.tap = Tap(recording: recording) }
        case .stopRecording(let id): with(id) { _, leg in leg.pointee.tap = nil }
        case .stop: break
        }
    }

    private mutating func with(
        _ id: LegID, _ body: (inout MediaEngine, UnsafeMutablePointer<Leg>) -> Void
    ) {
        guard let leg = leg(id) else {
            counters.count(.commandsIgnored)
            return
        }
        body(&self, leg)
    }

    private mutating func add(_ leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        wake(now: now)
        occupy(leg.pointee.id.slot, with: leg)
        if let due = leg.pointee.nextBeat { return resume(leg, due: due, now: now, outbox: &outbox) }
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        leg.pointee.rtcp = RTCPClock(now: now, seed: random)
        leg.pointee.meter = QualityMeter(now: now, spread: random >> 16)
        leg.pointee.hearing = HearingWatch(now: now)
        noteTransport(leg)
    }

    /// Lets go of a leg that goes on elsewhere: nothing of it changes but that it hears nobody and is heard by nobody.
    private mutating func detach(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        leave(leg, now: now)
        leg.pointee.nextBeat = nextBeat(of: leg.pointee.id.slot)
        vacate(leg.pointee.id.slot)
        emitSurely(.detached(LegPointer(pointer: leg), leg.pointee.id))
    }

    /// A leg that was on another thread goes on in step: what was due on its way is done now.
    private mutating func resume(
        _ leg: UnsafeMutablePointer<Leg>, due: Instant, now: Instant, outbox: inout Outbox
    ) {
        var due = max(due, nextPhaseAt - MediaEngine.longestCatchUp)
        while due < nextPhaseAt {
            beat(leg, now: now, outbox: &outbox)
            due = due + MediaEngine.beatLength
        }
    }

    mutating func remove(_ leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox) {
        leave(leg, now: now)
        stopPlaying(leg)
        leg.pointee.received.finish(leg.pointee.playout.discards)
        report(leg, goodbye: true, now: now, outbox: &outbox)
        tellQuality(leg, now: now)
        vacate(leg.pointee.id.slot)
        emitSurely(.removed(LegPointer(pointer: leg), leg.pointee.id))
    }

    /// Gives all legs back, as long as there is room for their goodbyes: the thread ends.
    mutating func removeAll(now: Instant, outbox: inout Outbox) {
        for slot in 0..<slotsUsed where !outbox.isNearlyFull {
            if let leg = leg(at: slot) { remove(leg, now: now, outbox: &outbox) }
        }
    }

    private mutating func update(_ id: LegID, _ update: LegUpdatePointer, now: Instant) {
        let pointer = update.pointer
        if let leg = leg(id) {
            leg.pointee.transport.update(plan: pointer.pointee.plan, ice: pointer.pointee.ice)
            leg.pointee.payloads = pointer.pointee.payloads
            leg.pointee.choice = pointer.pointee.choice
            leg.pointee.reports = pointer.pointee.plan.reports
            leg.pointee.route = SendRoute(pointer.pointee.plan)
            // The old ones go back with the update: only signalling frees memory.
            swap(&leg.pointee.playout.opusDecoder, &pointer.pointee.opusDecoder)
            swap(&leg.pointee.speaker.opusEncoder, &pointer.pointee.opusEncoder)
            swap(&leg.pointee.playout.g729Decoder, &pointer.pointee.g729Decoder)
            swap(&leg.pointee.speaker.g729Encoder, &pointer.pointee.g729Encoder)
            swap(&leg.pointee.toneDetector, &pointer.pointee.toneDetector)
            leg.pointee.speaker.take(&pointer.pointee.seam)
            leg.pointee.speaker.reset()
            leg.pointee.relay.close()
            leg.pointee.hearing.restart(now: now)
            noteTransport(leg)
        } else {
            counters.count(.commandsIgnored)
        }
        emitSurely(.updated(id, update))
    }

    private mutating func clean(_ id: LegID, _ cleaner: CleanerPointer) {
        if let leg = leg(id) {
            // The old one goes back: only signalling frees memory.
            swap(&leg.pointee.cleaner, &cleaner.pointer.pointee)
        } else {
            counters.count(.commandsIgnored)
        }
        emitSurely(.cleaning(id, cleaner))
    }

    private mutating func play(_ id: LegID, _ playlist: PlaylistView, token: UInt32) {
        guard let leg = leg(id) else {
            counters.count(.commandsIgnored)
            return
        }
        let replaced = leg.pointee.playback.start(playlist, token: token)
        leg.pointee.relay.close()
        if let replaced { emit(.stopped(id, token: replaced), about: leg) }
    }

    private mutating func stopPlaying(_ leg: UnsafeMutablePointer<Leg>) {
        guard let token = leg.pointee.playback.stop() else { return }
        emit(.stopped(leg.pointee.id, token: token), about: leg)
    }

    private mutating func bridge(_ a: LegID, _ b: LegID, now: Instant) {
        guard let first = leg(a), let second = leg(b), a != b else {
            counters.count(.commandsIgnored)
            return
        }
        pair(first, second, now: now)
    }

    /// What the leg said so far is heard by nobody any more.
    func quieten(_ leg: UnsafeMutablePointer<Leg>) {
        guard leg.pointee.isDecoded else { return }
        leg.pointee.isDecoded = false
        leg.pointee.playout.reset()
    }

    private mutating func sendKeys(_ digits: DigitString, to leg: UnsafeMutablePointer<Leg>) {
        var digits = digits
        while let digit = digits.popFirst() { sendKey(digit, to: leg) }
    }

    mutating func sendKey(_ digit: Digit, to leg: UnsafeMutablePointer<Leg>) {
        guard leg.pointee.payloads.sends, leg.pointee.keysSent.append(digit) else {
            counters.count(.digitsNotQueued)
            return
        }
        leg.pointee.relay.close()
    }
}
