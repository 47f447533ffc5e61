// What a bridge does every 10 ms in which not everybody is relayed to: everybody's frame is taken once, added up once,
// and everybody hears the total without themselves.

import Timing

extension MediaEngine {
    /// One visit to one bridge. Frames are taken every second time, whatever the packet times are: asked for three at
    /// once, a jitter buffer would have to invent two. Packets of 10 ms leave in between.
    mutating func beat(bridge index: Int, now: Instant, outbox: inout Outbox) {
        bridges.memory[index].beat &+= 1
        let isFrame = bridges.memory[index].beat & 1 == 1
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
            if isFrame, compose(for: leg, codec: codec, rate: rate, now: now) {
                speak(
                    scratch.frame, count: rate.sampleCount, rate: rate, codec: codec, isSilent: isSilent, on: leg,
                    now: now, outbox: &outbox)
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
            leg.pointee.seat.voice = speakers
            speakers += 1
            if leg.pointee.seat.role == .talk { Mixer.add(frame, to: scratch.sum, count: rate.sampleCount) }
        }
        if let farewell = bridges.farewell(of: index) {
            Mixer.add(farewell, to: scratch.sum, count: rate.sampleCount)
            bridges.forgetFarewell(of: index)
        }
        bridges.memory[index].speakers = speakers
    }

    /// In what the mix is sent: as the relay before it, so that the stream goes on.
    func mixCodec(of leg: UnsafeMutablePointer<Leg>) -> Codec {
        guard let codec = leg.pointee.seat.codec, leg.pointee.payloads.payloadType(for: codec) != nil else {
            return leg.pointee.payloads.preferred
        }
        return codec
    }

    // MARK: One listener

    /// The next 20 ms for one leg, into `scratch.frame`.
    /// - Returns: false when nothing is to be sent.
    private mutating func compose(
        for leg: UnsafeMutablePointer<Leg>, codec: Codec, rate: MixRate, now: Instant
    ) -> Bool {
        if case .warming = leg.pointee.seat.feed { finishWarming(leg, now: now) }
        switch leg.pointee.seat.feed {
        case .relay, .warming: return false
        case .splicing(let media):
            guard splice(leg, from: media, rate: rate, now: now) else {
                rehearse(codec: codec, rate: rate, on: leg)
                return false
            }
        case .entering: _ = enter(leg, rate: rate)
        case .mix: mix(for: leg, instead: nil, rate: rate)
        }
        leg.pointee.seat.feed = .mix
        leg.pointee.relay.close()
        return true
    }

    /// What the leg hears, into `scratch.frame`. `instead`: the frame of the one it was relayed, where it differs from
    /// what all others hear.
    mutating func mix(
        for leg: UnsafeMutablePointer<Leg>, instead: UnsafePointer<Int16>?, rate: MixRate
    ) {
        let count = rate.sampleCount
        let bridge = bridges.memory + leg.pointee.seat.bridge
        let own = leg.pointee.seat.role == .talk && leg.pointee.seat.voice >= 0 ? leg.pointee.seat.voice : nil
        var isClipped = false
        if bridge.pointee.coaches == 0, instead == nil {
            isClipped =
                own.map { Mixer.mix(scratch.sum, without: bridges.voice($0), into: scratch.frame, count: count) }
                ?? Mixer.mix(scratch.sum, into: scratch.frame, count: count)
        } else {
            scratch.ownSum.update(from: scratch.sum, count: count)
            if let own { Mixer.subtract(bridges.voice(own), from: scratch.ownSum, count: count) }
            if bridge.pointee.coaches > 0 { addCoaches(of: leg, in: bridge, count: count) }
            if let instead, let source = self.leg(at: leg.pointee.seat.source) {
                Mixer.subtract(bridges.voice(source.pointee.seat.voice), from: scratch.ownSum, count: count)
                Mixer.add(instead, to: scratch.ownSum, count: count)
            }
            isClipped = Mixer.mix(scratch.ownSum, into: scratch.frame, count: count)
        }
        if isClipped { counters.count(.clipped) }
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

    /// Sound goes on its way, at most 20 ms: in Opus at once, in other codecs towards the next packet.
    mutating func speak(
        _ samples: UnsafePointer<Int16>, count: Int, rate: MixRate, codec: Codec, isSilent: Bool,
        on leg: UnsafeMutablePointer<Leg>, now: Instant, outbox: inout Outbox
    ) {
        switch codec {
        case .pcmu, .pcma, .g722: leg.pointee.speaker.add(samples, count: count, rate: rate, codec: codec)
        case .opus:
            let length = leg.pointee.speaker.encodeOpus(samples, rate: rate, into: scratch.payload)
            guard length > 0 else { return }
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
