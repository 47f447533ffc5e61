// What a bridge does every 10 ms in which not everybody is relayed to: everybody's frame is taken once, added up once,
// and everybody hears the total without themselves.

import Timing

extension MediaEngine {
    /// So many frames the mix waits for a pause in which it may become wide-band: a second.
    private static var longestUnsettled: Int { 50 }
    /// Greatest sample of what is no sound: −54 dBFS.
    static var quiet: UInt32 { 64 }

    /// One visit to one bridge. Frames are taken every second time, whatever the packet times are: asked for three at
    /// once, a jitter buffer would have to invent two. Packets of 10 ms leave in between.
    mutating func beat(bridge index: Int, now: Instant, outbox: inout Outbox) {
        bridges.memory[index].isFrame.toggle()
        let isFrame = bridges.memory[index].isFrame
        if isFrame { countListeners(index) }
        guard bridges.memory[index].isMixing else { return }
        let rate = bridges.memory[index].rate
        if isFrame { addUp(index, rate: rate, now: now) }
        let speakers = bridges.memory[index].speakers
        var slot = bridges.memory[index].first
        while let leg = leg(at: slot) {
            slot = leg.pointee.seat.next
            guard leg.pointee.seat.listens else { continue }
            leg.pointee.speaker.noteBeat()
            let codec = mixCodec(of: leg)
            let isSilent = speakers == (leg.pointee.seat.voice >= 0 ? 1 : 0)
            if isFrame, let heard = compose(for: leg, codec: codec, rate: rate, now: now) {
                if !isPause(codec: codec, rate: rate, on: leg, now: now, outbox: &outbox) {
                    speak(
                        scratch.frame, count: rate.sampleCount, heard: heard, rate: rate, codec: codec,
                        isSilent: isSilent, on: leg, now: now, outbox: &outbox)
                }
                if leg.pointee.seat.mayReturn { returnInPause(leg, rate: rate) }
            }
            guard codec != .opus, leg.pointee.speaker.hasPacket(beats: leg.pointee.payloads.packetBeats) else {
                continue
            }
            sendPacket(codec: codec, isSilent: isSilent, on: leg, now: now, outbox: &outbox)
        }
    }

    /// Takes everybody's frame, and adds up all that is said to all.
    private mutating func addUp(_ index: Int, rate: MixRate, now: Instant) {
        Mixer.clear(scratch.sum, count: rate.sampleCount)
        var speakers = 0
        var slot = bridges.memory[index].first
        while let leg = leg(at: slot) {
            slot = leg.pointee.seat.next
            leg.pointee.seat.voice = -1
            guard leg.pointee.isDecoded else { continue }
            guard mixedListeners(of: leg) > 0 else {
                quieten(leg)
                continue
            }
            let frame = bridges.voice(speakers)
            leg.pointee.playout.pull(into: frame, rate: rate, now: now, counters: &counters)
            clean(frame, rate: rate, of: leg)
            leg.pointee.seat.voice = speakers
            speakers += 1
            if leg.pointee.seat.role == .talk { Mixer.add(frame, to: scratch.sum, count: rate.sampleCount) }
        }
        if let farewell = bridges.farewell(of: index) {
            Mixer.add(farewell, to: scratch.sum, count: rate.sampleCount)
            bridges.forgetFarewell(of: index)
        }
        bridges.memory[index].speakers = speakers
        bridges.memory[index].isFresh = false
        settleRate(bridges.memory + index)
    }

    /// Codecs begin anew at another rate, and filters lose what they hold: that is done where nobody hears it. For wide
    /// band nobody waits long.
    private func settleRate(_ bridge: UnsafeMutablePointer<Bridge>) {
        guard bridge.pointee.rate.rawValue != bridge.pointee.wantedRate.rawValue else {
            bridge.pointee.framesUnsettled = 0
            return
        }
        bridge.pointee.framesUnsettled += 1
        if bridge.pointee.wantedRate == .narrow || bridge.pointee.framesUnsettled < MediaEngine.longestUnsettled {
            let count = bridge.pointee.rate.sampleCount
            for index in 0..<count where scratch.sum[index].magnitude > MediaEngine.quiet { return }
        }
        bridge.pointee.rate = bridge.pointee.wantedRate
    }

    /// In what the mix is sent: as the relay before it, so that the stream goes on, unless it gets lost on its way.
    func mixCodec(of leg: UnsafeMutablePointer<Leg>) -> Codec {
        guard let codec = leg.pointee.seat.codec, leg.pointee.payloads.payloadType(for: codec) != nil,
            !leg.pointee.choice.isLossy
        else { return leg.pointee.choice.made }
        return codec
    }

    // MARK: One listener

    /// The next 20 ms for one leg, into `scratch.frame`.
    /// - Returns: how many samples of it the leg heard by relay; nil when nothing is to be sent.
    private mutating func compose(
        for leg: UnsafeMutablePointer<Leg>, codec: Codec, rate: MixRate, now: Instant
    ) -> Int? {
        if case .warming = leg.pointee.seat.feed { finishWarming(leg, now: now) }
        var heard = 0
        switch leg.pointee.seat.feed {
        case .relay, .warming: return nil
        case .splicing(let media):
            mix(for: leg, rate: rate)
            switch seam(of: leg, at: media, codec: codec, rate: rate, now: now) {
            case .none: fadeIn(leg, rate: rate)
            case .later:
                rehearse(codec: codec, rate: rate, on: leg)
                return nil
            case .here(let samples): heard = samples
            }
        case .entering:
            mix(for: leg, rate: rate)
            fadeIn(leg, rate: rate)
        case .mix: mix(for: leg, rate: rate)
        }
        leg.pointee.seat.feed = .mix
        leg.pointee.relay.close()
        return heard
    }

    /// What the leg hears, into `scratch.frame`.
    private mutating func mix(for leg: UnsafeMutablePointer<Leg>, rate: MixRate) {
        let count = rate.sampleCount
        let bridge = bridges.memory + leg.pointee.seat.bridge
        let own = leg.pointee.seat.role == .talk && leg.pointee.seat.voice >= 0 ? leg.pointee.seat.voice : nil
        var isClipped = false
        if bridge.pointee.coaches > 0 {
            scratch.ownSum.update(from: scratch.sum, count: count)
            if let own { Mixer.subtract(bridges.voice(own), from: scratch.ownSum, count: count) }
            addCoaches(of: leg, in: bridge, count: count)
            isClipped = Mixer.mix(scratch.ownSum, into: scratch.frame, count: count)
        } else if let own {
            isClipped = Mixer.mix(scratch.sum, without: bridges.voice(own), into: scratch.frame, count: count)
        } else {
            isClipped = Mixer.mix(scratch.sum, into: scratch.frame, count: count)
        }
        if isClipped { counters.count(.clipped) }
    }

    /// The first frame of a mix that joins nothing grows over 2.5 ms.
    private func fadeIn(_ leg: UnsafeMutablePointer<Leg>, rate: MixRate) {
        leg.pointee.speaker.reset()
        Mixer.ramp(scratch.frame, count: rate.sampleCount / 8, from: 0, to: 1)
    }

    private func addCoaches(of leg: UnsafeMutablePointer<Leg>, in bridge: UnsafePointer<Bridge>, count: Int) {
        var slot = bridge.pointee.first
        while let coach = self.leg(at: slot) {
            slot = coach.pointee.seat.next
            guard coach.pointee.seat.role != .talk, coach.pointee.seat.voice >= 0, hears(leg, coach) else { continue }
            Mixer.add(bridges.voice(coach.pointee.seat.voice), to: scratch.ownSum, count: count)
        }
    }

    // MARK: Sending

    /// Sound goes on its way, at most 20 ms: in Opus at once, in other codecs towards the next packet. `heard`: what of it
    /// the leg heard already.
    mutating func speak(
        _ samples: UnsafePointer<Int16>, count: Int, heard: Int, rate: MixRate, codec: Codec, isSilent: Bool,
        on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        switch codec {
        case .pcmu, .pcma, .g722, .g729:
            leg.pointee.speaker.add(samples, count: count, heard: heard, rate: rate, codec: codec)
        case .opus:
            let length = encodeOpus(samples, heard: heard, rate: rate, on: leg)
            guard length > 0 else { return }
            if leg.pointee.speaker.isPause(length) {
                counters.count(.pausesLeftOut)
                return leg.pointee.sent.pause()
            }
            counters.count(isSilent ? .silentPackets : .mixedPackets)
            sendMade(length, codec: codec, beats: 2, on: leg, now: now, outbox: &outbox)
        }
    }

    /// Sends a packet of what waits, not in Opus.
    mutating func sendPacket(
        codec: Codec, isSilent: Bool, on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        let beats = leg.pointee.payloads.packetBeats
        leg.pointee.speaker.take(beats * 80, into: scratch.payload)
        counters.count(isSilent ? .silentPackets : .mixedPackets)
        sendMade(beats * 80, codec: codec, beats: beats, on: leg, now: now, outbox: &outbox)
    }
}
