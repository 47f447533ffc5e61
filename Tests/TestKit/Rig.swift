// A media engine and its phones, in virtual time.

public import Timing

@testable public import Media

/// Moves time by the millisecond. Not for several threads.
public final class Rig {
    private struct Flight {
        let at: Int
        let slot: Int
        let from: SocketAddress
        let bytes: [UInt8]
        let isRTCP: Bool
    }

    /// Virtual milliseconds since the beginning.
    public private(set) var time = 0
    public private(set) var events: [MediaEvent] = []
    public let taps = TapRing(capacity: 1 << 20)
    private let queue: EventQueue
    private var engine: MediaEngine
    private var outbox = Outbox(capacity: 4_096)
    private var numbers = LegNumbers(capacity: 512)
    private var phones: [Int: Phone] = [:]
    private var impairments: [Int: Impairment] = [:]
    private var flights: [Flight] = []
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: 2_048, alignment: 16)

    public init(eventCapacity: Int = 4_096) {
        queue = EventQueue(capacity: eventCapacity)
        engine = MediaEngine(
            capacity: 512, events: queue, taps: taps, now: Instant(nanoseconds: 1_001_000_000),
            unixMilliseconds: 1_700_000_000_000, seed: 7)
    }

    deinit {
        engine.removeAll(now: now, outbox: &outbox)
        repeat { collect() } while engine.hasBacklog
        for case .removed(let leg, _) in events where phones[leg.id.slot] != nil { leg.free() }
        buffer.deallocate()
    }

    public var now: Instant { Instant(nanoseconds: 1_000_000_000 + Int64(time) * 1_000_000) }
    public var counters: MediaCounters { engine.counters }
    /// What of the memory for bridges is in use.
    public var bridges: (legs: Int, mixing: Int, farewells: Int) { engine.bridges.inUse }

    /// Takes every event out so far.
    public func takeEvents() -> [MediaEvent] {
        collect()
        let taken = events
        events = []
        return taken
    }

    // MARK: Legs

    /// A plain leg to a phone, with the phone's codec and G.711 A-law unless `plan` says otherwise.
    public func connect(_ phone: Phone, plan: MediaPlan? = nil) -> LegID {
        // because tests never have 512 legs
        let id = numbers.take()!
        let sockets = MediaSockets(
            rtp: Int32(10_000 + id.slot * 2), rtcp: Int32(10_001 + id.slot * 2), rtpPort: 4_000, rtcpPort: 4_001,
            pool: nil)
        var complete = plan ?? Rig.plan([phone.codec])
        if complete.remoteRTP == nil { complete.remoteRTP = phone.address }
        if complete.remoteRTCP == nil {
            complete.remoteRTCP = SocketAddress(ip: phone.address.ip, port: phone.address.port + 1)
        }
        // because plain legs with a codec can be made
        let leg = try! Leg.make(id: id, plan: complete, sockets: sockets)
        phones[id.slot] = phone
        handle(.add(leg))
        return id
    }

    /// Telephone-event under 101 unless `events` is empty.
    public static func plan(_ codecs: [Codec], packetTime: Int = 20, events: [Int] = [8_000]) -> MediaPlan {
        MediaPlan(
            codecs: codecs.map { CodecBinding(codec: $0, payloadType: $0.defaultPayloadType) },
            telephoneEvents: events.map { TelephoneEventBinding(payloadType: $0 == 8_000 ? 101 : 110, clockRate: $0) },
            packetTime: packetTime)
    }

    public func impair(_ leg: LegID, _ impairment: Impairment) { impairments[leg.slot] = impairment }

    /// A leg's inner state, for tests that set where sequences begin.
    public func with(_ leg: LegID, _ body: (UnsafeMutablePointer<Leg>) -> Void) {
        guard let pointer = engine.leg(leg) else { return }
        body(pointer)
    }

    /// The thread has spent so much CPU time.
    public func govern(cpu: Duration) { engine.govern(cpu: cpu.nanoseconds, now: now) }

    public func handle(_ command: Command) { engine.handle(command, now: now, outbox: &outbox) }

    /// After `.removed`.
    public func free(_ leg: LegPointer) {
        phones[leg.id.slot] = nil
        numbers.giveBack(leg.id)
        leg.free()
    }

    /// Lets go of a leg, for another rig at the same time to `adopt`.
    public func detach(_ leg: LegID) -> (leg: LegPointer, phone: Phone)? {
        handle(.detach(leg))
        collect()
        let pointer = events.compactMap { if case .detached(let pointer, leg) = $0 { pointer } else { nil } }.first
        events.removeAll { if case .detached(_, leg) = $0 { true } else { false } }
        guard let pointer, let phone = phones.removeValue(forKey: leg.slot) else { return nil }
        numbers.giveBack(leg)
        return (pointer, phone)
    }

    /// A leg that another rig let go of.
    public func adopt(_ moving: (leg: LegPointer, phone: Phone)) -> LegID {
        // because tests never have 512 legs
        let id = numbers.take(inStepWith: moving.leg.id)!
        moving.leg.renumber(id)
        phones[id.slot] = moving.phone
        handle(.add(moving.leg))
        collect()
        return id
    }

    // MARK: Time

    public func run(milliseconds: Int) {
        for _ in 0..<milliseconds { step() }
    }

    private func step() {
        time += 1
        let due = flights.filter { $0.at <= time }
        flights.removeAll { $0.at <= time }
        for flight in due { deliver(flight.bytes, to: flight.slot, from: flight.from, isRTCP: flight.isRTCP) }
        for (slot, phone) in phones.sorted(by: { $0.key < $1.key }) {
            if let packet = phone.step() { launch(packet, to: slot, from: phone.address) }
        }
        engine.tick(now: now, outbox: &outbox)
        collect()
    }

    /// A datagram from a leg's phone, on its way through the leg's network.
    public func send(_ bytes: [UInt8], from phone: Phone, to leg: LegID) {
        launch(bytes, to: leg.slot, from: phone.address)
    }

    /// A datagram that arrives at once, from whatever address, on the socket for RTCP if so wanted.
    public func inject(_ bytes: [UInt8], to leg: LegID, from source: SocketAddress, isRTCP: Bool = false) {
        deliver(bytes, to: leg.slot, from: source, isRTCP: isRTCP)
        collect()
    }

    private func launch(_ bytes: [UInt8], to slot: Int, from source: SocketAddress) {
        guard var impairment = impairments[slot] else {
            return deliver(bytes, to: slot, from: source, isRTCP: false)
        }
        for after in impairment.arrivals() {
            flights.append(Flight(at: time + after, slot: slot, from: source, bytes: bytes, isRTCP: false))
        }
        impairments[slot] = impairment
    }

    private func deliver(_ bytes: [UInt8], to slot: Int, from source: SocketAddress, isRTCP: Bool) {
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            buffer.copyMemory(from: start, byteCount: source.count)
        }
        engine.receive(
            UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count), capacity: 2_048, slot: slot, from: source,
            isRTCPSocket: isRTCP, now: now, outbox: &outbox)
    }

    private func empty() {
        let phones = phones
        let time = time
        outbox.drain { datagram, destination, _ in
            for phone in phones.values {
                let isRTCP =
                    phone.address.ip == destination.ip && phone.address.port &+ 1 == destination.port
                guard phone.address == destination || isRTCP else { continue }
                phone.take(Array(datagram), at: time)
            }
        }
    }

    /// As the thread does it: what waits to be sent first, then the news.
    private func collect() {
        empty()
        engine.deliver()
        while let event = queue.pop() { events.append(event) }
    }
}
