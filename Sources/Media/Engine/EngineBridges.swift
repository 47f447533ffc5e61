// Who is in which bridge, and what follows from it: whom each leg hears, and whether it can be relayed.

import Timing

extension MediaEngine {
    // MARK: Coming and going

    mutating func join(_ leg: UnsafeMutablePointer<Leg>, _ id: BridgeID, as role: BridgeRole, now: Instant) {
        guard let index = bridges.index(of: id) else { return counters.count(.commandsIgnored) }
        if bridges.memory[index].number != id.rawValue {
            dissolve(index, now: now)
            bridges.memory[index].number = id.rawValue
        }
        if leg.pointee.seat.bridge != index {
            leave(leg, now: now)
            append(leg, to: index)
        }
        leg.pointee.seat.role = role
        arrange(index)
    }

    /// The two, and nobody else.
    mutating func pair(_ first: UnsafeMutablePointer<Leg>, _ second: UnsafeMutablePointer<Leg>, now: Instant) {
        leave(first, now: now)
        leave(second, now: now)
        let index = bridges.index(ofPairWith: first.pointee.id)
        // Somebody may be left there alone.
        dissolve(index, now: now)
        append(first, to: index)
        append(second, to: index)
        arrange(index)
    }

    mutating func leave(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        let index = leg.pointee.seat.bridge
        guard index >= 0 else { return }
        fadeOut(leg, now: now)
        unlink(leg, from: index)
        arrange(index)
    }

    /// All leave.
    mutating func dissolve(_ index: Int, now: Instant) {
        while let leg = leg(at: bridges.memory[index].first) { leave(leg, now: now) }
    }

    private mutating func append(_ leg: UnsafeMutablePointer<Leg>, to index: Int) {
        bridges.legs += 1
        let bridge = bridges.memory + index
        let slot = leg.pointee.id.slot
        leg.pointee.seat = Seat()
        leg.pointee.seat.bridge = index
        leg.pointee.seat.previous = bridge.pointee.last
        if let last = self.leg(at: bridge.pointee.last) { last.pointee.seat.next = slot }
        if bridge.pointee.first < 0 { bridge.pointee.first = slot }
        bridge.pointee.last = slot
        bridge.pointee.members += 1
    }

    private mutating func unlink(_ leg: UnsafeMutablePointer<Leg>, from index: Int) {
        bridges.legs -= 1
        let bridge = bridges.memory + index
        let seat = leg.pointee.seat
        if let previous = self.leg(at: seat.previous) { previous.pointee.seat.next = seat.next }
        if let next = self.leg(at: seat.next) { next.pointee.seat.previous = seat.previous }
        if bridge.pointee.first == leg.pointee.id.slot { bridge.pointee.first = seat.next }
        if bridge.pointee.last == leg.pointee.id.slot { bridge.pointee.last = seat.previous }
        bridge.pointee.members -= 1
        leg.pointee.seat = Seat()
        leg.pointee.relay.close()
        leg.pointee.speaker.reset()
        quieten(leg)
    }

    // MARK: Who hears whom

    @_noLocks @_noAllocation
    func hears(_ listener: UnsafeMutablePointer<Leg>, _ speaker: UnsafeMutablePointer<Leg>) -> Bool {
        guard listener != speaker else { return false }
        switch speaker.pointee.seat.role {
        case .talk: return true
        case .listen: return false
        case .coach(let consultant): return consultant.rawValue == listener.pointee.id.rawValue
        }
    }

    /// Can take sound of the bridge now: nothing else is sent to it, and it may be sent something.
    @inline(__always)
    func isAttentive(_ leg: UnsafeMutablePointer<Leg>) -> Bool {
        leg.pointee.payloads.sends && leg.pointee.transport.isConnected && !leg.pointee.playback.isPlaying
            && !leg.pointee.keysSent.isActive
    }

    /// For how many legs the sound of this one is decoded.
    func mixedListeners(of leg: UnsafeMutablePointer<Leg>) -> Int {
        let seat = leg.pointee.seat
        guard seat.bridge >= 0 else { return 0 }
        switch seat.role {
        case .talk: return bridges.memory[seat.bridge].listening - (seat.listens ? 1 : 0)
        case .listen: return 0
        case .coach:
            guard let consultant = self.leg(at: seat.audience) else { return 0 }
            return consultant.pointee.seat.listens ? 1 : 0
        }
    }

    /// After somebody came, left or got another role.
    private mutating func arrange(_ index: Int) {
        let bridge = bridges.memory + index
        bridge.pointee.talkers = 0
        bridge.pointee.coaches = 0
        var slot = bridge.pointee.first
        while let leg = leg(at: slot) {
            switch leg.pointee.seat.role {
            case .talk: bridge.pointee.talkers += 1
            case .listen: break
            case .coach: bridge.pointee.coaches += 1
            }
            slot = leg.pointee.seat.next
        }
        slot = bridge.pointee.first
        while let leg = leg(at: slot) {
            leg.pointee.seat.audience = audience(of: leg, in: bridge.pointee)
            let only = leg.pointee.seat.only
            countHeard(by: leg, in: bridge.pointee)
            retune(leg, onlyBefore: only)
            slot = leg.pointee.seat.next
        }
        countListeners(index)
    }

    /// The slot of the only one who hears the leg; −1: nobody does; or `Seat.several`.
    private func audience(of leg: UnsafeMutablePointer<Leg>, in bridge: Bridge) -> Int {
        switch leg.pointee.seat.role {
        case .listen: return -1
        case .coach(let id):
            guard let consultant = self.leg(id), consultant != leg,
                consultant.pointee.seat.bridge == leg.pointee.seat.bridge
            else { return -1 }
            return id.slot
        case .talk:
            switch bridge.members {
            case 1: return -1
            case 2: return bridge.first == leg.pointee.id.slot ? bridge.last : bridge.first
            default: return Seat.several
            }
        }
    }

    private func countHeard(by leg: UnsafeMutablePointer<Leg>, in bridge: Bridge) {
        var heard = bridge.talkers - (leg.pointee.seat.role == .talk ? 1 : 0)
        leg.pointee.seat.only = -1
        if heard < 2 || bridge.coaches > 0 {
            heard = 0
            var slot = bridge.first
            while let other = self.leg(at: slot) {
                if hears(leg, other) {
                    heard += 1
                    leg.pointee.seat.only = heard == 1 ? slot : -1
                }
                slot = other.pointee.seat.next
            }
        }
        leg.pointee.seat.heard = heard
    }

    /// The leg hears others than before: how it is fed follows. `onlyBefore`: whom alone it heard.
    private func retune(_ leg: UnsafeMutablePointer<Leg>, onlyBefore: Int) {
        let seat = leg.pointee.seat
        if seat.heard == 0 { return fallSilent(leg) }
        switch seat.feed {
        case .relay:
            if seat.heard == 1 { return follow(seat.only, leg, after: onlyBefore) }
            // Whoever is relayed goes on being relayed until the mix has the same to say.
            guard leg.pointee.relay.isOpen, isHeard(onlyBefore, by: leg) else { return beginMix(leg) }
            leg.pointee.seat.feed = .warming
            leg.pointee.seat.source = onlyBefore
        case .warming:
            if seat.only == seat.source {
                leg.pointee.seat.feed = .relay
            } else if !isHeard(seat.source, by: leg) {
                beginMix(leg)
            }
        case .splicing: if !isHeard(seat.source, by: leg) { beginMix(leg) }
        case .entering, .mix: break
        }
    }

    private func isHeard(_ slot: Int, by leg: UnsafeMutablePointer<Leg>) -> Bool {
        guard let speaker = self.leg(at: slot), !speaker.pointee.isMuted else { return false }
        return speaker.pointee.seat.bridge == leg.pointee.seat.bridge && hears(leg, speaker)
    }

    private func follow(_ only: Int, _ leg: UnsafeMutablePointer<Leg>, after onlyBefore: Int) {
        if only != onlyBefore { leg.pointee.relay.close() }
        // Somebody makes the silence of the muted.
        if let speaker = self.leg(at: only), speaker.pointee.isMuted { beginMix(leg) }
    }

    private func fallSilent(_ leg: UnsafeMutablePointer<Leg>) {
        leg.pointee.seat.feed = .relay
        leg.pointee.relay.close()
        leg.pointee.speaker.reset()
    }

    // MARK: Mixing or not

    /// For whom the mix is made now, and which rate it ought to have: 16 kHz only when at least two have wide band, because
    /// for one alone there is nothing above 4 kHz. Begins and ends mixing.
    mutating func countListeners(_ index: Int) {
        let bridge = bridges.memory + index
        var mixed = 0
        var wide = 0
        bridge.pointee.listening = 0
        var slot = bridge.pointee.first
        while let leg = leg(at: slot) {
            slot = leg.pointee.seat.next
            leg.pointee.seat.listens = false
            if mixCodec(of: leg).isWideBand || leg.pointee.playout.lastCodec.isWideBand { wide += 1 }
            guard !leg.pointee.seat.feed.isRelay else { continue }
            mixed += 1
            guard isAttentive(leg) else {
                beginMix(leg)
                continue
            }
            leg.pointee.seat.listens = true
            bridge.pointee.listening += 1
        }
        bridge.pointee.wantedRate = wide > 1 ? .wide : .narrow
        if mixed > 0 { return startMixing(index) }
        guard bridge.pointee.isMixing else { return }
        bridges.stopMixing(index)
        slot = bridge.pointee.first
        while let leg = leg(at: slot) {
            quieten(leg)
            slot = leg.pointee.seat.next
        }
    }

    /// With the group of its first leg: the thread is awake then anyway.
    mutating func startMixing(_ index: Int) {
        bridges.startMixing(index, phase: max(0, bridges.memory[index].first) % MediaEngine.phases)
        if bridges.memory[index].isFresh { bridges.memory[index].rate = bridges.memory[index].wantedRate }
    }

    /// A leg is muted or heard again.
    mutating func mute(_ leg: UnsafeMutablePointer<Leg>, _ isMuted: Bool) {
        leg.pointee.isMuted = isMuted
        quieten(leg)
        let index = leg.pointee.seat.bridge
        guard index >= 0 else { return }
        let slot = leg.pointee.id.slot
        var place = bridges.memory[index].first
        while let listener = self.leg(at: place) {
            place = listener.pointee.seat.next
            guard listener.pointee.seat.relayed == slot else { continue }
            if isMuted { beginMix(listener) } else { listener.pointee.relay.close() }
        }
        countListeners(index)
    }

    /// What a speaker who leaves was about to say ends within 5 ms instead of at once, where it is mixed.
    private mutating func fadeOut(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        let index = leg.pointee.seat.bridge
        guard leg.pointee.seat.role == .talk, leg.pointee.isDecoded, mixedListeners(of: leg) > 0,
            let farewell = bridges.makeFarewell(of: index)
        else { return }
        let rate = bridges.memory[index].rate
        let length = rate.sampleCount / 4
        leg.pointee.playout.pull(into: scratch.voice, rate: rate, now: now, counters: &counters)
        clean(scratch.voice, rate: rate, of: leg)
        Mixer.ramp(scratch.voice, count: length, from: 1, to: 0)
        Mixer.add(scratch.voice, onto: farewell, count: length)
    }
}
