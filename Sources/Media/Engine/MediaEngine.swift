// The media engine: legs, and what happens to their packets. Sans-IO: datagrams, time and commands come in, datagrams
// go to the outbox, events to their queue. No lock, no allocation after `init`.

import Timing

/// Everything one media thread does, without the thread.
struct MediaEngine: ~Copyable {
    /// Legs are visited every 10 ms, in ten groups one millisecond apart, so that their packets do not leave in bursts.
    static var phases: Int { 10 }
    static var phaseLength: Duration { .milliseconds(1) }
    static var beatLength: Duration { .milliseconds(10) }
    /// After a standstill longer than this the missed ticks are left out: nobody waits for sound that old.
    static var longestCatchUp: Duration { .milliseconds(200) }
    /// Figures of a leg wait so long to be told together with others'.
    static var figuresWait: Duration { .milliseconds(100) }

    let capacity: Int
    private let slots: UnsafeMutablePointer<UnsafeMutablePointer<Leg>?>
    /// One above the highest slot ever used.
    private(set) var slotsUsed = 0
    let events: EventQueue
    let taps: TapRing
    var counters = MediaCounters()
    var governor = ComplexityGovernor()
    /// Events were queued since `takeNews`.
    private var hasNews = false
    /// Until when figures wait for other events, so that signalling is not woken for each; nil when none wait.
    private var figuresDue: Instant?
    /// Events that must not be lost, until they are delivered.
    private let backlog: UnsafeMutablePointer<MediaEvent>
    private let backlogCapacity: Int
    private var backlogCount = 0
    /// When the next group of legs is visited: a whole millisecond of the clock as soon as there is a leg.
    private(set) var nextPhaseAt: Instant
    private var legsInPhase = InlineArray<10, Int>(repeating: 0)
    var bridges: Bridges
    /// Unix time in nanoseconds less monotonic time, for sender reports.
    let wallClockOffset: Int64
    var random: UInt64
    let scratch: Scratch

    /// `unixMilliseconds` is the wall clock at `now`.
    init(capacity: Int, events: EventQueue, taps: TapRing, now: Instant, unixMilliseconds: Int64, seed: UInt64) {
        self.capacity = capacity
        self.events = events
        self.taps = taps
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: nil, count: capacity)
        backlogCapacity = capacity * 2 + 256
        backlog = .allocate(capacity: backlogCapacity)
        nextPhaseAt = now
        wallClockOffset = unixMilliseconds * 1_000_000 - now.nanoseconds
        random = seed | 1
        scratch = Scratch()
        bridges = Bridges(capacity: capacity)
        counters[.opusComplexity] = governor.complexity
        // The tables of G.711 are made at first use: here rather than in the first tick.
        for law in G711.Law.allCases { _ = G711.encode(G711.decode(0, law: law), law: law) }
    }

    deinit {
        slots.deallocate()
        backlog.deallocate()
        scratch.deallocate()
        bridges.deallocate()
    }

    /// The leg in a slot, or nil.
    func leg(at slot: Int) -> UnsafeMutablePointer<Leg>? {
        slot >= 0 && slot < slotsUsed ? slots[slot] : nil
    }

    /// The leg of that number; nil when it is gone.
    func leg(_ id: LegID) -> UnsafeMutablePointer<Leg>? {
        guard let leg = leg(at: id.slot), leg.pointee.id == id else { return nil }
        return leg
    }

    mutating func occupy(_ slot: Int, with leg: UnsafeMutablePointer<Leg>) {
        precondition(slot < capacity && slots[slot] == nil, "a leg was added to a slot in use")
        slots[slot] = leg
        slotsUsed = max(slotsUsed, slot + 1)
        legsInPhase[slot % MediaEngine.phases] += 1
        counters.count(.legs)
    }

    mutating func vacate(_ slot: Int) {
        slots[slot] = nil
        while slotsUsed > 0, slots[slotsUsed - 1] == nil { slotsUsed -= 1 }
        legsInPhase[slot % MediaEngine.phases] -= 1
        counters.count(.legs, -1)
    }

    private static func millisecond(after now: Instant) -> Instant {
        Instant(nanoseconds: (now.nanoseconds / 1_000_000 + 1) * 1_000_000)
    }

    /// The group that is visited at `nextPhaseAt`. Groups hang on the clock, so that they are visited at the same time
    /// on every thread and a leg that moves within its group stays in step.
    private var phase: Int { Int(nextPhaseAt.nanoseconds / 1_000_000) % MediaEngine.phases }

    /// When the leg in that slot is visited next.
    func nextBeat(of slot: Int) -> Instant {
        let ahead = (slot + MediaEngine.phases - phase) % MediaEngine.phases
        return Instant(nanoseconds: nextPhaseAt.nanoseconds + Int64(ahead) * 1_000_000)
    }

    /// When `tick` is wanted; nil while there is no leg and nothing to tell.
    var deadline: Instant? {
        if backlogCount > 0 { return inPairs(nextPhaseAt) }
        for ahead in 0..<MediaEngine.phases {
            let phase = (phase + ahead) % MediaEngine.phases
            guard legsInPhase[phase] > 0 || bridges.mixing[phase] >= 0 else { continue }
            return inPairs(Instant(nanoseconds: nextPhaseAt.nanoseconds + Int64(ahead) * 1_000_000))
        }
        return nil
    }

    /// While nobody hears anybody, groups are visited two at a time, at even milliseconds: no packet hastens anywhere, and
    /// waking is a good part of what a prompt costs.
    private func inPairs(_ moment: Instant) -> Instant {
        guard bridges.legs == 0, moment.nanoseconds / 1_000_000 % 2 == 1 else { return moment }
        return moment + MediaEngine.phaseLength
    }

    /// When a thread that naps looks at its sockets again: at the next (even) millisecond of the clock, whether or not a group
    /// of legs is visited then. Never after `deadline`, when that is still to come.
    func napEnd(at now: Instant) -> Instant {
        let past = now.nanoseconds - nextPhaseAt.nanoseconds
        guard past >= 0 else { return inPairs(nextPhaseAt) }
        return inPairs(Instant(nanoseconds: nextPhaseAt.nanoseconds + (past / 1_000_000 + 1) * 1_000_000))
    }

    /// Without legs the clock stands still: it goes on after `now`.
    mutating func wake(now: Instant) {
        if counters[.legs] == 0 { nextPhaseAt = MediaEngine.millisecond(after: now) }
    }

    /// Does what is due at `now`, as long as there is room for what it sends. Call it at `nextPhaseAt`; late calls catch
    /// up.
    mutating func tick(now: Instant, outbox: inout Outbox) {
        if now - nextPhaseAt > MediaEngine.longestCatchUp {
            counters.count(.ticksSkipped, Int((now.nanoseconds - nextPhaseAt.nanoseconds) / 1_000_000))
            nextPhaseAt = MediaEngine.millisecond(after: now)
        }
        while nextPhaseAt.nanoseconds <= now.nanoseconds, !outbox.isNearlyFull {
            visit(phase, now: now, outbox: &outbox)
            nextPhaseAt = nextPhaseAt + MediaEngine.phaseLength
        }
    }

    private mutating func visit(_ phase: Int, now: Instant, outbox: inout Outbox) {
        counters.count(.ticks)
        var slot = phase
        fetch(slot)
        fetch(slot + MediaEngine.phases)
        while slot < slotsUsed {
            let next = slot + MediaEngine.phases
            fetch(next + MediaEngine.phases)
            leg(at: next)?.pointee.playback.fetch()
            if let leg = slots[slot] { beat(leg, now: now, outbox: &outbox) }
            slot = next
        }
        var bridge = bridges.mixing[phase]
        while bridge >= 0 {
            // It may have nothing left to mix, and leave the group.
            let next = bridges.memory[bridge].nextMixing
            beat(bridge: bridge, now: now, outbox: &outbox)
            bridge = next
        }
    }

    /// Has the memory at hand that the next visit or packet of a leg needs.
    func fetch(_ slot: Int) {
        if let leg = leg(at: slot) { Prefetch.fetch(leg, count: Leg.busyByteCount) }
    }

    // MARK: Events

    /// An event that may be lost; then the leg is marked and `.overflow` follows when there is room.
    mutating func emit(_ event: MediaEvent, about leg: UnsafeMutablePointer<Leg>) {
        hasNews = true
        if events.push(event) { return }
        counters.count(.eventsLost)
        leg.pointee.hasOverflowed = true
    }

    /// An event that nobody misses, nor minds to hear of a little later.
    mutating func tellIfRoom(_ event: MediaEvent) {
        guard events.push(event) else { return counters.count(.eventsLost) }
        if figuresDue == nil { figuresDue = nextPhaseAt + MediaEngine.figuresWait }
    }

    /// An event that is never lost. It waits for `deliver`.
    mutating func emitSurely(_ event: MediaEvent) {
        precondition(backlogCount < backlogCapacity, "a command was carried out without room for its answer")
        backlog[backlogCount] = event
        backlogCount += 1
    }

    /// Whether one more command may be carried out: it may give back something that must not be lost. False only while
    /// nobody takes events.
    var hasRoomForAnswer: Bool { backlogCount < backlogCapacity }

    /// Tells what must not be lost. Call it when the outbox is empty: whoever is given a leg back closes the sockets
    /// that its last packets leave from, or hands them to another thread.
    mutating func deliver() {
        guard backlogCount > 0 else { return }
        var sent = 0
        while sent < backlogCount, events.push(backlog[sent]) { sent += 1 }
        guard sent > 0 else { return }
        hasNews = true
        backlog.update(from: backlog + sent, count: backlogCount - sent)
        backlogCount -= sent
    }

    /// True when events were queued since the last call that should be told now.
    mutating func takeNews() -> Bool {
        let isDue = figuresDue.map { $0 <= nextPhaseAt || counters[.legs] == 0 } ?? false
        guard hasNews || isDue else { return false }
        hasNews = false
        figuresDue = nil
        return true
    }

    /// There are events that `deliver` found no room for.
    var hasBacklog: Bool { backlogCount > 0 }
}

/// Memory that the engine uses within one call.
struct Scratch: BitwiseCopyable {
    static var packetCapacity: Int { 2_048 }

    /// A packet that is being made, header first.
    let packet: UnsafeMutableRawPointer
    /// Longer than what a jitter buffer holds back.
    static var sampleCapacity: Int { 8_192 }

    let frame: UnsafeMutablePointer<Int16>
    let voice: UnsafeMutablePointer<Int16>
    /// All who talk in a bridge, and what one of its legs hears instead.
    let sum: UnsafeMutablePointer<Int32>
    let ownSum: UnsafeMutablePointer<Int32>

    init() {
        packet = .allocate(byteCount: Scratch.packetCapacity, alignment: 16)
        frame = .allocate(capacity: Scratch.sampleCapacity)
        voice = .allocate(capacity: Scratch.sampleCapacity)
        sum = .allocate(capacity: MixRate.wide.sampleCount)
        ownSum = .allocate(capacity: MixRate.wide.sampleCount)
    }

    func deallocate() {
        packet.deallocate()
        frame.deallocate()
        voice.deallocate()
        sum.deallocate()
        ownSum.deallocate()
    }

    /// Where the payload of the packet that is being made begins.
    var payload: UnsafeMutablePointer<UInt8> {
        (packet + RTPHeader.length).assumingMemoryBound(to: UInt8.self)
    }
}
