// A listener goes over from packets that are sent on as they come to sound that is mixed, and back, and hears no seam.

import Timing

/// The relay is ahead of the mix by what the jitter buffer holds back. Therefore a relay goes on until its sound comes
/// out of the jitter buffer too; then the listener gets nothing until the mix has reached what it heard last. And when
/// the relay is to go on, what waits in the jitter buffer is sent at once.
extension MediaEngine {
    /// Of a stream that is known, the first packet is held back as long as nearly all others would be: three times the
    /// mean deviation that RFC 3550 calls jitter.
    private static var holdPerJitter: Int64 { 3 }
    private static var longestHold: Int64 { 200_000_000 }
    /// Packets after which the jitter is known.
    private static var knownAfter: Int64 { 50 }
    /// Nothing came for so long that nobody waits for it: as long as a jitter buffer bridges a gap.
    private static var patience: Int64 { 100_000_000 }
    /// Frames that a jitter buffer may be behind: a second.
    private static var mostHeard: Int { 50 }
    /// How much more than the quiet frame may wait then, from its beginning to that of the newest packet.
    private static var mostLost: Int64 { 40_000_000 }

    // MARK: From relay to mix

    /// Into the jitter buffer. `continuing`: whoever listens heard the packet before this one by relay.
    mutating func decodeLater(
        _ sound: Sound, of leg: UnsafeMutablePointer<Leg>, continuing: Bool = false, now: Instant
    ) {
        if !leg.pointee.isDecoded {
            leg.pointee.isDecoded = true
            leg.pointee.playout.reset(hold: hold(sound, of: leg), continuing: continuing)
        }
        counters.count(.transcoded)
        leg.pointee.playout.insert(
            sound.header, sequence: sound.sequence, codec: sound.codec, payload: sound.payload, now: now,
            counters: &counters)
    }

    /// Nil: nothing is known of its jitter.
    private func hold(_ sound: Sound, of leg: UnsafeMutablePointer<Leg>) -> Int64? {
        guard leg.pointee.received.received > MediaEngine.knownAfter else { return nil }
        let clock = Int64(sound.codec.clockRate)
        let jitter = Int64(leg.pointee.received.jitter) * 1_000_000_000 / clock
        // A frame of 20 ms may need the packet after one of 10 or 30 ms.
        let isEven = Int64(duration(of: sound)) * 50 % clock == 0
        return min(MediaEngine.longestHold, jitter * MediaEngine.holdPerJitter) + (isEven ? 0 : 10_000_000)
    }

    /// A packet that is in the jitter buffer now cannot be taken by a listener who was relayed those before it: the mix
    /// goes on with it.
    mutating func cutToMix(from leg: UnsafeMutablePointer<Leg>, to listener: UnsafeMutablePointer<Leg>) {
        endRelay(to: listener, at: leg.pointee.playout.buffer.newestMedia)
        guard !listener.pointee.seat.listens else { return }
        listener.pointee.seat.listens = true
        bridges.memory[listener.pointee.seat.bridge].listening += 1
        startMixing(listener.pointee.seat.bridge)
    }

    /// What was relayed to the listener ends at `media` of its sender; the mix begins there.
    private mutating func endRelay(to listener: UnsafeMutablePointer<Leg>, at media: Int64) {
        listener.pointee.speaker.reset()
        guard listener.pointee.relay.isOpen else { return beginMix(listener) }
        listener.pointee.seat.source = listener.pointee.seat.relayed
        listener.pointee.seat.codec = listener.pointee.relay.codec
        listener.pointee.seat.feed = .splicing(from: media)
        counters.count(.cutsToMix)
    }

    /// The next frame of the mix is the first: nothing that was relayed leads to it.
    func beginMix(_ listener: UnsafeMutablePointer<Leg>) {
        if listener.pointee.relay.isOpen { listener.pointee.seat.codec = listener.pointee.relay.codec }
        listener.pointee.relay.close()
        listener.pointee.seat.feed = .entering
    }

    /// The relay ends when what it carries comes out of the jitter buffer too, or when nothing comes any more.
    mutating func finishWarming(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        if let source = self.leg(at: leg.pointee.seat.source), source.pointee.seat.voice >= 0,
            source.pointee.playout.frameBegan != nil
        {
            // Whatever is in the jitter buffer was relayed as well.
            let end = source.pointee.playout.buffer.newestMedia + leg.pointee.sent.lastSpan
            return endRelay(to: leg, at: end)
        }
        if isAbandoned(leg, now: now) { beginMix(leg) }
    }

    /// Nothing more comes of the one whom it was relayed.
    private func isAbandoned(_ leg: UnsafeMutablePointer<Leg>, now: Instant) -> Bool {
        if let lastSent = leg.pointee.sent.lastSent, now.nanoseconds - lastSent.nanoseconds < MediaEngine.patience {
            return false
        }
        guard let source = self.leg(at: leg.pointee.seat.source), source.pointee.isDecoded else { return true }
        return source.pointee.playout.buffer.isEmpty
    }

    /// Where in the frame of this tick the sound begins that was not relayed.
    enum Seam: BitwiseCopyable {
        case here(Int)
        /// All of the frame was relayed, or nothing is there yet.
        case later
        /// What follows on what was relayed will never come.
        case none
    }

    func seam(
        of leg: UnsafeMutablePointer<Leg>, at media: Int64, codec: Codec, rate: MixRate, now: Instant
    ) -> Seam {
        guard let source = self.leg(at: leg.pointee.seat.source), source.pointee.seat.voice >= 0,
            let began = source.pointee.playout.frameBegan
        else { return isAbandoned(leg, now: now) ? .none : .later }
        let unit = rate.sampleNanoseconds
        let lag = MediaEngine.lag(from: source.pointee.playout.lastCodec, to: codec, rate: rate)
        let heard = Int((media - began + unit / 2) / unit) + lag
        // A clock that jumped is not waited for.
        if heard < 0 || heard > MediaEngine.mostHeard * rate.sampleCount { return .none }
        if heard >= rate.sampleCount { return .later }
        leg.pointee.sent.goOn(at: now)
        return .here(heard)
    }

    /// Samples by which filters between the rates hold sound back on its way through a mix.
    private static func lag(from source: Codec, to listener: Codec, rate: MixRate) -> Int {
        switch rate {
        case .narrow: 0
        case .wide: (source.isWideBand ? 0 : Upsampler.delay) + (listener.isWideBand ? 0 : Downsampler.delay)
        }
    }

    /// Encodes what was heard by relay and throws it away: so the encoder knows what came before.
    mutating func rehearse(codec: Codec, rate: MixRate, on leg: UnsafeMutablePointer<Leg>) {
        switch codec {
        case .pcmu, .pcma, .g729:
            leg.pointee.speaker.add(scratch.frame, count: rate.sampleCount, heard: 0, rate: rate, codec: codec)
        case .opus: _ = encodeOpus(scratch.frame, heard: 0, rate: rate, on: leg)
        // It finds out by itself.
        case .g722: break
        }
        leg.pointee.speaker.discard()
    }

    // MARK: From mix to relay

    /// The packet is in the jitter buffer. When it was there for this listener only, who could take it as it is, what
    /// waits is sent at once, up to and including it: its successor is relayed, and the ear misses nothing. Not while a
    /// packet is missing that may be on its way.
    mutating func resumeRelay(
        _ sound: Sound, from leg: UnsafeMutablePointer<Leg>, to listener: UnsafeMutablePointer<Leg>, now: Instant,
        outbox: inout Outbox
    ) {
        guard listener.pointee.seat.only == leg.pointee.id.slot, listener.pointee.seat.listens,
            sound.sequence == leg.pointee.received.highest, leg.pointee.playout.buffer.isComplete,
            relayType(of: sound, from: leg, to: listener, now: now) != nil
        else { return }
        switch listener.pointee.seat.feed {
        case .relay, .warming, .splicing: return
        case .entering, .mix: break
        }
        guard mixedListeners(of: leg) == 1 else {
            listener.pointee.seat.mayReturn = true
            return
        }
        sendWaiting(of: leg, to: listener, now: now, outbox: &outbox)
        returnToRelay(listener)
        quieten(leg)
        listener.pointee.sent.use(clockRate: sound.codec.clockRate)
        listener.pointee.relay.resume(
            at: sound.sequence + 1, timestamp: sound.header.timestamp &+ duration(of: sound), codec: sound.codec,
            on: listener.pointee.sent, now: now)
    }

    /// What the one whom it hears says next is relayed.
    private mutating func returnToRelay(_ listener: UnsafeMutablePointer<Leg>) {
        listener.pointee.seat.feed = .relay
        listener.pointee.seat.mayReturn = false
        listener.pointee.seat.listens = false
        bridges.memory[listener.pointee.seat.bridge].listening -= 1
        listener.pointee.speaker.reset()
        counters.count(.cutsToRelay)
    }

    /// What waits of the only one whom `listener` hears leaves at once, in whole packets.
    private mutating func sendWaiting(
        of leg: UnsafeMutablePointer<Leg>, to listener: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let codec = mixCodec(of: listener)
        let rate = bridges.memory[listener.pointee.seat.bridge].rate
        let packet = codec == .opus ? rate.sampleCount : listener.pointee.payloads.packetBeats * rate.sampleCount / 2
        let ready = codec == .opus ? 0 : listener.pointee.speaker.count * rate.sampleCount / 160
        let lag = MediaEngine.lag(from: leg.pointee.playout.lastCodec, to: codec, rate: rate)
        let count = leg.pointee.playout.drain(
            into: scratch.voice, capacity: Scratch.sampleCapacity / 2, beyond: lag, rate: rate, now: now,
            counters: &counters)
        if let farewell = bridges.farewell(of: listener.pointee.seat.bridge), count >= rate.sampleCount {
            Mixer.add(farewell, onto: scratch.voice, count: rate.sampleCount)
        }
        let wanted = max(1, (ready + count + packet / 2) / packet) * packet - ready
        guard wanted > 0, wanted < 2 * count else { return }
        Splice.fit(scratch.voice, count: count, into: scratch.frame, wanted: wanted, fade: rate.sampleCount / 4)
        var done = 0
        while done < wanted {
            let step = min(rate.sampleCount, wanted - done)
            speak(
                scratch.frame + done, count: step, heard: 0, rate: rate, codec: codec, isSilent: false, on: listener,
                now: now, outbox: &outbox)
            done += step
            guard codec != .opus else { continue }
            while listener.pointee.speaker.count >= listener.pointee.payloads.packetBeats * 80 {
                sendPacket(codec: codec, isSilent: false, on: listener, now: now, outbox: &outbox)
            }
        }
    }

    /// Others still need what waits, so that it cannot leave at once: the relay goes on when nobody misses it.
    mutating func returnInPause(_ leg: UnsafeMutablePointer<Leg>, rate: MixRate) {
        leg.pointee.seat.mayReturn = false
        guard let source = self.leg(at: leg.pointee.seat.only), let began = source.pointee.playout.frameBegan,
            source.pointee.playout.buffer.newestMedia - began <= MediaEngine.mostLost
        else { return }
        for index in 0..<rate.sampleCount where UInt32(scratch.frame[index].magnitude) > MediaEngine.quiet { return }
        returnToRelay(leg)
    }
}
