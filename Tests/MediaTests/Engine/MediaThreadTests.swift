// The thread with real sockets on the loopback interface.

import CLinux
import Glibc
import TestKit
import Testing
import Timing

@testable import Media

@Suite(.serialized) struct MediaThreadTests {
    /// The next event that `wanted` accepts, waiting on the doorbell; nil after ten seconds.
    static func wait<Value>(_ thread: MediaThread, _ wanted: (MediaEvent) -> Value?) -> Value? {
        for _ in 0..<1_000 {
            while let event = thread.nextEvent() {
                if let value = wanted(event) { return value }
            }
            guard clinux_wait(thread.doorbell, 10_000_000_000) > 0 else { return nil }
            var rings: UInt64 = 0
            _ = read(thread.doorbell, &rings, 8)
        }
        return nil
    }

    static func plan(to remote: LoopbackSocket) -> MediaPlan {
        var plan = Rig.plan([.pcma])
        plan.remoteRTP = remote.address
        plan.rtcpMux = true
        return plan
    }

    private static func leg(_ id: LegID, at local: LoopbackSocket, to remote: LoopbackSocket) throws -> LegPointer {
        try Leg.make(id: id, plan: plan(to: remote), sockets: local.sockets)
    }

    @Test func `two peers on real sockets hear each other, a prompt plays, legs come back`() throws {
        let thread = try MediaThread(name: "media-test", tapCapacity: 1 << 16)
        try thread.start()
        let a = LoopbackSocket()
        let b = LoopbackSocket()
        let peerA = LoopbackSocket()
        let peerB = LoopbackSocket()
        let ids = (LegID(slot: 0, generation: 0), LegID(slot: 1, generation: 0))
        #expect(thread.send(.add(try Self.leg(ids.0, at: a, to: peerA))))
        #expect(thread.send(.add(try Self.leg(ids.1, at: b, to: peerB))))
        #expect(thread.send(.bridge(ids.0, ids.1)))
        for _ in 0..<2 {
            let connected: Bool? = Self.wait(thread) { if case .connected = $0 { true } else { nil } }
            #expect(connected == true)
        }
        let payload = (0..<160).map { UInt8($0) }
        peerA.send(
            Phone.packet(payloadType: 8, sequence: 1, timestamp: 1, ssrc: 5, payload: payload), to: a.address)
        let relayed = peerB.receive()
        #expect(Array(relayed.dropFirst(12)) == payload)
        let first: LegID? = Self.wait(thread) { if case .firstPacket(let id) = $0 { id } else { nil } }
        #expect(first == ids.0)

        let playlist = Playlist([try Prompt(samples16k: [Int16](repeating: 500, count: 3_200))])
        #expect(thread.send(.play(ids.1, playlist.view, token: 77)))
        let played: UInt32? = Self.wait(thread) { if case .played(_, let token) = $0 { token } else { nil } }
        #expect(played == 77)
        var packets = 0
        while packets < 10 {
            let packet = peerB.receive()
            guard !packet.isEmpty else { break }
            if packet.count == 172 { packets += 1 }
        }
        #expect(packets == 10)
        thread.send(.remove(ids.0))
        let removed: LegPointer? = Self.wait(thread) { if case .removed(let leg, _) = $0 { leg } else { nil } }
        #expect(removed?.id == ids.0)
        removed?.free()
        thread.stop()
        // The other leg comes back because the thread ended.
        var rest: [LegID] = []
        while let event = thread.nextEvent() {
            guard case .removed(let leg, let id) = event else { continue }
            rest.append(id)
            leg.free()
        }
        #expect(rest == [ids.1])
        #expect(thread.counters[.relayed] == 1 && thread.counters[.promptPackets] == 10)
        withExtendedLifetime(playlist) {}
    }

    @Test func `with forty legs, when the thread naps, every leg hears its prompt`() throws {
        let thread = try MediaThread(realtime: false, tapCapacity: 1 << 16)
        try thread.start()
        let peer = LoopbackSocket()
        let sockets = (0..<40).map { _ in LoopbackSocket() }
        let playlist = Playlist([try Prompt(samples16k: [Int16](repeating: 500, count: 1_600))])
        for (slot, socket) in sockets.enumerated() {
            let id = LegID(slot: slot, generation: 0)
            thread.send(.add(try Self.leg(id, at: socket, to: peer)))
            thread.send(.play(id, playlist.view, token: UInt32(slot)))
        }
        var played: Set<UInt32> = []
        while played.count < 40 {
            let token: UInt32? = Self.wait(thread) { if case .played(_, let token) = $0 { token } else { nil } }
            guard let token else { break }
            played.insert(token)
        }
        #expect(played.count == 40)
        thread.stop()
        while let event = thread.nextEvent() {
            if case .removed(let leg, _) = event { leg.free() }
        }
        #expect(thread.counters[.promptPackets] == 200)
        #expect(!thread.isRealtime)
        withExtendedLifetime(playlist) {}
    }

    /// 20 ms of sound, recognisable by its bytes.
    private static func sound(_ mark: UInt8) -> [UInt8] {
        Phone.packet(
            payloadType: 8, sequence: UInt16(mark), timestamp: UInt32(mark) * 160, ssrc: 5,
            payload: [UInt8](repeating: mark, count: 160))
    }

    /// Whether the next sound that `listener` hears is this; reports are passed over.
    private static func hears(_ mark: UInt8, _ listener: LoopbackSocket) -> Bool {
        while true {
            let packet = listener.receive()
            if packet.isEmpty { return false }
            if packet.count == 172 { return packet.last == mark }
        }
    }

    @Test func `a latched path hears nobody else until a re-negotiation says so, and closed ports lose no packet`()
        throws
    {
        let thread = try MediaThread(realtime: false, tapCapacity: 1 << 16)
        try thread.start()
        let pool = try PortPool(address: "127.0.0.1", range: 20_000...60_000)
        let sockets = (try pool.open(rtcpMux: true), try pool.open(rtcpMux: true))
        let (caller, agent, stranger) = (LoopbackSocket(), LoopbackSocket(), LoopbackSocket())
        // because the address is a literal
        let toCaller = SocketAddress(ip: "127.0.0.1", port: sockets.0.rtpPort)!
        let toAgent = SocketAddress(ip: "127.0.0.1", port: sockets.1.rtpPort)!
        let ids = (LegID(slot: 0, generation: 0), LegID(slot: 1, generation: 0))
        thread.send(.add(try Leg.make(id: ids.0, plan: Self.plan(to: caller), sockets: sockets.0)))
        thread.send(.add(try Leg.make(id: ids.1, plan: Self.plan(to: agent), sockets: sockets.1)))
        thread.send(.bridge(ids.0, ids.1))
        for mark in [UInt8(1), 2] {
            caller.send(Self.sound(mark), to: toCaller)
            #expect(Self.hears(mark, agent))
        }
        stranger.send(Self.sound(3), to: toCaller)
        caller.send(Self.sound(4), to: toCaller)
        #expect(Self.hears(4, agent), "the stranger was not heard")

        thread.send(.update(ids.0, try LegUpdatePointer.make(plan: Self.plan(to: stranger))))
        let updated: LegUpdatePointer? = Self.wait(thread) {
            if case .updated(_, let update) = $0 { update } else { nil }
        }
        updated?.free()
        stranger.send(Self.sound(5), to: toCaller)
        #expect(Self.hears(5, agent), "the party has moved")
        caller.send(Self.sound(6), to: toCaller)
        agent.send(Self.sound(7), to: toAgent)
        #expect(Self.hears(7, stranger))
        stranger.send(Self.sound(8), to: toCaller)
        #expect(Self.hears(8, agent))
        thread.stop()
        while let event = thread.nextEvent() {
            if case .removed(let leg, _) = event {
                leg.sockets.close()
                leg.free()
            }
        }
        #expect(thread.counters[.datagramsRefused] == 0)
    }

    @Test(arguments: [(-300, 1_000), (0, 1_000), (1, 1_000), (1_000, 2_000), (2_400, 3_000), (9_000, 10_000)])
    func `while legs hear each other a nap ends with the next millisecond`(now: Int, end: Int) throws {
        let start = Instant(nanoseconds: 1_000_000_000)
        let queue = EventQueue(capacity: 64)
        var engine = MediaEngine(
            capacity: 16, events: queue, taps: TapRing(capacity: 4_096), now: start, unixMilliseconds: 0, seed: 1)
        var outbox = Outbox(capacity: 16)
        let ids = [LegID(slot: 0, generation: 0), LegID(slot: 4, generation: 0)]
        for id in ids {
            let sockets = MediaSockets(rtp: 100, rtcp: 101, rtpPort: 0, rtcpPort: 0, pool: nil)
            let leg = try Leg.make(id: id, plan: Rig.plan([.pcma]), sockets: sockets)
            engine.handle(.add(leg), now: start, outbox: &outbox)
        }
        // Groups 0 and 4 have legs: the millisecond 1,001 is group 1's.
        let alone = engine.deadline
        engine.handle(.bridge(ids[0], ids[1]), now: start, outbox: &outbox)
        let napEnd = engine.napEnd(at: start + .microseconds(now))
        let together = engine.deadline
        #expect(napEnd == start + .microseconds(end))
        #expect(alone == start + .milliseconds(4) && together == start + .milliseconds(4))
        engine.handle(.unbridge(ids[0]), now: start, outbox: &outbox)
        let apart = engine.napEnd(at: start)
        #expect(apart == start + .milliseconds(2))
        engine.removeAll(now: start, outbox: &outbox)
        engine.deliver()
        while let event = queue.pop() {
            if case .removed(let leg, _) = event { leg.free() }
        }
    }

    @Test(arguments: [
        (-300, 0), (0, 2_000), (1, 2_000), (1_999, 2_000), (2_400, 4_000), (8_999, 10_000), (9_000, 10_000),
    ])
    func `while nobody hears anybody a nap ends with the next even millisecond`(now: Int, end: Int) {
        let start = Instant(nanoseconds: 1_000_000_000)
        let engine = MediaEngine(
            capacity: 16, events: EventQueue(capacity: 64), taps: TapRing(capacity: 4_096), now: start,
            unixMilliseconds: 0, seed: 1)
        let napEnd = engine.napEnd(at: start + .microseconds(now))
        #expect(napEnd == start + .microseconds(end))
    }

    @Test func `what a connected socket is told of a closed port costs no datagram`() throws {
        let a = LoopbackSocket()
        var outbox = Outbox(capacity: 16)
        let payload: [UInt8] = [1, 2, 3]
        var closed: LoopbackSocket? = LoopbackSocket()
        // because it was made in the line before
        let address = closed!.address
        _ = address.withSockaddr { connect(a.descriptor, $0, $1) }
        closed = nil
        var refused = 0
        for _ in 0..<10 {
            payload.withUnsafeBytes { outbox.send($0, to: address, socket: a.descriptor, isConnected: true) }
            refused += outbox.flush()
        }
        #expect(refused == 0)
    }

    @Test func `a thread without legs starts, rests and stops`() throws {
        let thread = try MediaThread()
        try thread.start()
        thread.stop()
        thread.stop()
        #expect(thread.nextEvent() == nil)
        #expect(thread.counters[.legs] == 0)
    }
}
