// Legs that go from one media thread to another, with real sockets and real keys.

import Glibc
import TestKit
import Testing
import Timing

@testable import Media

@Suite(.serialized) struct ThreadMoveTests {
    /// Two threads, and where a leg goes next.
    private struct Threads {
        let a: MediaThread
        let b: MediaThread

        init() throws {
            a = try MediaThread(name: "media-a", realtime: false, tapCapacity: 1 << 16)
            b = try MediaThread(name: "media-b", realtime: false, tapCapacity: 1 << 16)
            try a.start()
            try b.start()
        }

        /// As signalling does it.
        func move(_ id: LegID, from one: MediaThread, to other: MediaThread, as next: LegID) -> Bool {
            one.send(.detach(id))
            let leg: LegPointer? = MediaThreadTests.wait(one) {
                if case .detached(let leg, id) = $0 { leg } else { nil }
            }
            leg?.renumber(next)
            return leg.map { other.send(.add($0)) } ?? false
        }

        func stop() -> Int {
            var legs = 0
            for thread in [a, b] {
                thread.stop()
                while let event = thread.nextEvent() {
                    guard case .removed(let leg, _) = event else { continue }
                    leg.free()
                    legs += 1
                }
            }
            return legs
        }
    }

    private static func sequence(_ packet: [UInt8]) -> UInt16 { UInt16(packet[2]) << 8 | UInt16(packet[3]) }

    @Test func `an encrypted leg goes to and fro, and neither side notices`() throws {
        let threads = try Threads()
        let (server, own) = (try DTLSCertificate(), try DTLSCertificate())
        let browser = try TestBrowser(certificate: own, server: server.fingerprint)
        let (local, page) = (LoopbackSocket(), LoopbackSocket())
        let (localPhone, phone) = (LoopbackSocket(), LoopbackSocket())
        var leg = LegID(slot: 0, generation: 0)
        let pointer = try Leg.make(
            id: leg, plan: TestBrowser.plan(own.fingerprint), sockets: local.sockets, ice: TestBrowser.serverICE,
            certificate: server)
        threads.a.send(.add(pointer))

        page.send(TestBrowser.check(nominates: true), to: local.address)
        #expect(page.receive().first == 1, "the check is answered")
        for datagram in browser.start() { page.send(datagram, to: local.address) }
        while !browser.isEstablished {
            let datagram = page.receive()
            guard !datagram.isEmpty else { break }
            for answer in browser.receive([datagram]) { page.send(answer, to: local.address) }
        }
        #expect(browser.isEstablished)
        let connected: Bool? = MediaThreadTests.wait(threads.a) { if case .connected = $0 { true } else { nil } }
        #expect(connected == true)

        // What plays goes on: every packet can be decrypted, none is missing.
        let playlist = Playlist([try Prompt(samples16k: [Int16](repeating: 500, count: 16_000))], loops: true)
        threads.a.send(.play(leg, playlist.view, token: 1))
        var numbers: [UInt16] = []
        func hear(_ count: Int) {
            let wanted = numbers.count + count
            while numbers.count < wanted {
                let datagram = page.receive()
                guard !datagram.isEmpty else { return }
                guard datagram[1] & 0x7F == 111 else { continue }
                let packet = browser.unprotect(datagram)
                guard packet.count > 12 else {
                    Issue.record("a packet that cannot be decrypted")
                    return
                }
                numbers.append(Self.sequence(packet))
            }
        }
        hear(5)
        for round in 0..<6 {
            let next = LegID(slot: 7 + round, generation: 3)
            let isThere =
                round % 2 == 0
                ? threads.move(leg, from: threads.a, to: threads.b, as: next)
                : threads.move(leg, from: threads.b, to: threads.a, as: next)
            #expect(isThere)
            leg = next
            hear(3)
        }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 &+ 1 })

        // And both ways through a bridge, where a packet that was seen before the move is still known.
        var plan = Rig.plan([.opus])
        plan.remoteRTP = phone.address
        plan.rtcpMux = true
        let other = LegID(slot: 0, generation: 0)
        let said = browser.protect(rtp(111, sequence: 100))
        page.send(said, to: local.address)
        let first: Bool? = MediaThreadTests.wait(threads.a) { if case .firstPacket = $0 { true } else { nil } }
        #expect(first == true)
        threads.a.send(.stopPlaying(leg))
        #expect(threads.move(leg, from: threads.a, to: threads.b, as: LegID(slot: 1, generation: 1)))
        threads.b.send(.add(try Leg.make(id: other, plan: plan, sockets: localPhone.sockets)))
        threads.b.send(.bridge(LegID(slot: 1, generation: 1), other))
        page.send(said, to: local.address)
        page.send(browser.protect(rtp(111, sequence: 101)), to: local.address)
        #expect(phone.receive().suffix(160) == rtp(111).suffix(160))
        phone.send(rtp(111, sequence: 9), to: localPhone.address)
        while true {
            let datagram = page.receive()
            guard !datagram.isEmpty else { break }
            guard datagram[1] & 0x7F == 111 else { continue }
            let packet = browser.unprotect(datagram)
            // The last packets of the prompt were on their way.
            guard packet.count == 172, packet.suffix(160) == rtp(111).suffix(160) else { continue }
            break
        }
        #expect(threads.stop() == 2)
        #expect(threads.b.counters[.droppedByTransport] == 1, "the packet that came twice")
        withExtendedLifetime(playlist) {}
    }

    @Test func `what arrives while a leg moves waits in its socket, and a connected one stays connected`() throws {
        let threads = try Threads()
        let pool = try PortPool(address: "127.0.0.1", range: 20_000...60_000)
        let sockets = try pool.open(rtcpMux: true)
        // because the address is a literal
        let toLeg = SocketAddress(ip: "127.0.0.1", port: sockets.rtpPort)!
        let (caller, stranger) = (LoopbackSocket(), LoopbackSocket())
        var leg = LegID(slot: 0, generation: 0)
        threads.a.send(.add(try Leg.make(id: leg, plan: MediaThreadTests.plan(to: caller), sockets: sockets)))
        let payload = [UInt8](repeating: 0xD5, count: 160)
        func say(_ number: Int, from socket: LoopbackSocket) {
            socket.send(
                Phone.packet(
                    payloadType: 8, sequence: UInt16(number), timestamp: UInt32(number * 160), ssrc: 5, payload: payload
                ),
                to: toLeg)
        }
        say(0, from: caller)
        let first: Bool? = MediaThreadTests.wait(threads.a) { if case .firstPacket = $0 { true } else { nil } }
        #expect(first == true)
        for round in 0..<40 {
            let (here, there) = round % 2 == 0 ? (threads.a, threads.b) : (threads.b, threads.a)
            let next = LegID(slot: round % 5, generation: 9)
            here.send(.detach(leg))
            let pointer: LegPointer? = MediaThreadTests.wait(here) {
                if case .detached(let pointer, leg) = $0 { pointer } else { nil }
            }
            // Nobody reads the socket now. All rounds together fit into its queue, however slow the threads are.
            for number in 1...3 { say(round * 3 + number, from: caller) }
            say(1, from: stranger)
            pointer?.renumber(next)
            #expect(pointer.map { there.send(.add($0)) } == true)
            leg = next
        }
        // The key comes behind all the sound.
        caller.send(
            Phone.packet(payloadType: 101, sequence: 121, timestamp: 1, ssrc: 5, payload: [5, 0x8A, 3, 0x20]), to: toLeg
        )
        let digit: Bool? = MediaThreadTests.wait(threads.a) { if case .digit = $0 { true } else { nil } }
        #expect(digit == true)
        threads.a.send(.remove(leg))
        let removed: LegPointer? = MediaThreadTests.wait(threads.a) {
            if case .removed(let pointer, _) = $0 { pointer } else { nil }
        }
        #expect(removed?.statistics.packetsReceived == 122)
        #expect(removed?.statistics.packetsLost == 0)
        removed?.sockets.close()
        removed?.free()
        #expect(threads.stop() == 0)
        let counters = (threads.a.counters, threads.b.counters)
        #expect(counters.0[.rtpReceived] + counters.1[.rtpReceived] == 122)
        #expect(
            counters.0[.droppedByTransport] + counters.1[.droppedByTransport] == 0, "the kernel keeps strangers out")
        #expect(counters.0[.legs] == 0 && counters.1[.legs] == 0)
    }

    @Test func `while nobody takes events, commands wait, and each gets its answer in the end`() throws {
        let thread = try MediaThread(realtime: false, tapCapacity: 1 << 12)
        try thread.start()
        let gone = LegID(slot: 0, generation: 0)
        let update = try LegUpdatePointer.make(plan: Rig.plan([.pcma]))
        // As much as there is room for: in the ring of events, in the engine, in the ring of commands.
        let room = 16_384 + 2 * MediaThread.capacity + 256 + 8_192
        var sent = 0
        while sent < room { if thread.send(.update(gone, update)) { sent += 1 } else { sched_yield() } }
        #expect(!thread.send(.update(gone, update)))
        var answers = 0
        while answers < room {
            let answer: Bool? = MediaThreadTests.wait(thread) { if case .updated = $0 { true } else { nil } }
            guard answer == true else { break }
            answers += 1
        }
        #expect(answers == room)
        thread.stop()
        #expect(thread.nextEvent() == nil)
        update.free()
    }

    @Test func `a thread tells what time it took, and nothing when it does not run`() throws {
        let thread = try MediaThread(realtime: false, tapCapacity: 1 << 12)
        #expect(thread.cpuTime == .zero && !thread.isRealtime)
        try thread.start()
        let (local, peer) = (LoopbackSocket(), LoopbackSocket())
        let playlist = Playlist([try Prompt(samples16k: [Int16](repeating: 500, count: 3_200))])
        let id = LegID(slot: 0, generation: 0)
        thread.send(.add(try Leg.make(id: id, plan: MediaThreadTests.plan(to: peer), sockets: local.sockets)))
        thread.send(.play(id, playlist.view, token: 1))
        let played: Bool? = MediaThreadTests.wait(thread) { if case .played = $0 { true } else { nil } }
        #expect(played == true)
        #expect(thread.cpuTime > .zero)
        thread.stop()
        while let event = thread.nextEvent() { if case .removed(let leg, _) = event { leg.free() } }
        #expect(thread.cpuTime == .zero)
        withExtendedLifetime(playlist) {}
    }
}
