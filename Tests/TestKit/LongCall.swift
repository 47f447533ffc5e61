// Calls of an hour in virtual time: an engine that is visited every 10 ms, and parties who count what they hear.

import Timing

@testable public import Media

/// The party at the other end of a leg. It says prepared payloads over and over and keeps little of what it hears, so that
/// an hour takes seconds.
public final class Party {
    public let address: SocketAddress
    public let codec: Codec
    /// Milliseconds of sound in a packet.
    public let packetTime: Int
    /// What it says: one payload after another, then from the beginning.
    public var words: [[UInt8]] = []
    /// Its clock's seconds for one of ours.
    public var speed = 1.0
    /// Seconds of speech and of pause, in turn; 0: it never pauses.
    public var rhythm = (speech: 0, pause: 0)
    /// Keeps what it hears in the first second of so many.
    public var keepsEvery = 600
    public var sequence: UInt16 = 65_000
    public var timestamp: UInt32 = .max - 4_000_000

    public private(set) var said = 0
    public private(set) var heard = 0
    /// Packets heard whose number or timestamp does not follow from the one before.
    public private(set) var breaks = 0
    /// The longest time between two packets heard, milliseconds.
    public private(set) var longestGap = 0.0
    /// Packets kept: when they were heard (milliseconds) and what.
    public private(set) var kept: [(at: Double, payload: [UInt8])] = []
    /// How far the timestamps of the last packet heard are from where our clock would have them, milliseconds.
    public private(set) var drift = 0.0
    private var last: (sequence: UInt16, timestamp: UInt32, at: Double)?
    private var first: (timestamp: Int64, at: Double)?
    private var elapsed: Int64 = 0

    /// When its next packet is complete.
    fileprivate var next = 0.0
    private var departures = 0

    public init(port: UInt16, codec: Codec = .pcma, packetTime: Int = 20) {
        // because the address is a literal
        address = SocketAddress(ip: "192.0.2.7", port: port)!
        self.codec = codec
        self.packetTime = packetTime
        next = Double(packetTime)
    }

    /// The next packet; nil in a pause.
    fileprivate func speak(into buffer: UnsafeMutableRawPointer) -> Int? {
        defer {
            departures += 1
            next = Double((departures + 1) * packetTime) / speed
            timestamp &+= UInt32(packetTime * codec.clockRate / 1_000)
        }
        let cycle = (rhythm.speech + rhythm.pause) * 1_000
        guard !words.isEmpty, cycle == 0 || departures * packetTime % cycle < rhythm.speech * 1_000 else { return nil }
        let payload = words[said % words.count]
        RTPHeader(
            marker: false, payloadType: codec.defaultPayloadType, sequence: sequence, timestamp: timestamp,
            ssrc: UInt32(address.port)
        ).write(to: buffer)
        payload.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            (buffer + RTPHeader.length).copyMemory(from: start, byteCount: bytes.count)
        }
        sequence &+= 1
        said += 1
        return RTPHeader.length + payload.count
    }

    fileprivate func hear(_ datagram: UnsafeRawBufferPointer, at now: Double) {
        guard DatagramKind(classifying: datagram) == .rtp, let header = RTPHeader(parsing: datagram) else { return }
        heard += 1
        if let last {
            let step = header.timestamp &- last.timestamp
            elapsed += Int64(step)
            let isNext = header.sequence == last.sequence &+ 1
            // Pauses are passed on by the relay: whole packets are missing then.
            if !isNext || step == 0 || Int(step) % (codec.clockRate / 100) != 0 { breaks += 1 }
            longestGap = max(longestGap, now - last.at)
        }
        let begin = first ?? (0, now)
        first = begin
        drift = Double(elapsed) * 1_000 / Double(codec.clockRate) - (now - begin.at)
        last = (header.sequence, header.timestamp, now)
        if Int(now / 1_000) % keepsEvery == 0 {
            kept.append((now, Array(datagram[header.payloadOffset..<header.payloadOffset + header.payloadLength])))
        }
    }

    /// What it kept of the second that began at so many milliseconds.
    public func second(at begin: Int) -> [[UInt8]] {
        kept.filter { $0.at >= Double(begin) && $0.at < Double(begin + 1_000) }.map(\.payload)
    }
}

/// Moves time by 10 ms. Not for several threads.
public final class LongCall {
    private static let start: Int64 = 1_000_000_000

    public private(set) var events: [MediaEvent] = []
    /// Called with every payload that is recorded.
    public var onTap: ((TapBlock, UnsafeRawBufferPointer) -> Void)?
    private let taps = TapRing(capacity: 1 << 20)
    private let queue = EventQueue(capacity: 4_096)
    private var engine: MediaEngine
    private var outbox = Outbox(capacity: 256)
    private var numbers = LegNumbers(capacity: 64)
    private var parties: [(leg: LegID, party: Party)] = []
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: 2_048, alignment: 16)
    /// Milliseconds since the beginning.
    public private(set) var time = 0

    public init() {
        engine = MediaEngine(
            capacity: 64, events: queue, taps: taps, now: Instant(nanoseconds: LongCall.start),
            unixMilliseconds: 1_700_000_000_000, seed: 7)
    }

    deinit {
        engine.removeAll(now: now, outbox: &outbox)
        while let event = queue.pop() {
            if case .removed(let leg, _) = event { leg.free() }
        }
        buffer.deallocate()
    }

    public var counters: MediaCounters { engine.counters }
    /// Datagrams that found no room.
    public var dropped: Int { outbox.dropped + taps.dropped }
    private var now: Instant { LongCall.instant(Double(time)) }

    private static func instant(_ milliseconds: Double) -> Instant {
        Instant(nanoseconds: start + Int64(milliseconds * 1_000_000))
    }

    public func connect(_ party: Party, plan: MediaPlan? = nil) -> LegID {
        // because tests have a few legs
        let id = numbers.take()!
        var complete = plan ?? Rig.plan([party.codec], packetTime: party.packetTime)
        complete.remoteRTP = party.address
        complete.remoteRTCP = SocketAddress(ip: party.address.ip, port: party.address.port + 1)
        let sockets = MediaSockets(rtp: 10, rtcp: 11, rtpPort: 4_000, rtcpPort: 4_001, pool: nil)
        // because plain legs with a codec can be made
        handle(.add(try! Leg.make(id: id, plan: complete, sockets: sockets)))
        parties.append((id, party))
        return id
    }

    public func handle(_ command: Command) { engine.handle(command, now: now, outbox: &outbox) }

    public func with<Result>(_ leg: LegID, _ body: (UnsafeMutablePointer<Leg>) -> Result) -> Result? {
        engine.leg(leg).map(body)
    }

    public func run(seconds: Int) {
        for _ in 0..<seconds * 100 { step() }
    }

    private func step() {
        let end = Double(time + 10)
        for (leg, party) in parties {
            while party.next < end {
                let at = LongCall.instant(party.next)
                let moment = party.next
                guard let length = party.speak(into: buffer) else { continue }
                engine.receive(
                    UnsafeMutableRawBufferPointer(start: buffer, count: length), capacity: 2_048, slot: leg.slot,
                    from: party.address, isRTCPSocket: false, now: at, outbox: &outbox)
                deliver(at: moment)
            }
        }
        time += 10
        engine.tick(now: now, outbox: &outbox)
        deliver(at: end)
        while let event = queue.pop() {
            if case .quality = event { continue }
            events.append(event)
        }
        if let onTap { taps.read(onTap) }
    }

    private func deliver(at moment: Double) {
        guard outbox.count > 0 else { return }
        outbox.drain { datagram, destination, _ in
            for (_, party) in parties where party.address.port == destination.port { party.hear(datagram, at: moment) }
        }
    }
}
