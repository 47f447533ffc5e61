// Legs come and go; what cannot be understood is counted; what is wrong with a path is told.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct LifecycleTests {
    @Test func `a removed leg comes back exactly once, with a goodbye to its peer`() {
        let rig = Rig()
        let phone = Phone(port: 5_000, tone: 440)
        let leg = rig.connect(phone)
        rig.run(milliseconds: 100)
        rig.handle(.remove(leg))
        rig.handle(.remove(leg))
        rig.run(milliseconds: 100)
        var removed = 0
        for case .removed(let pointer, leg) in rig.takeEvents() {
            removed += 1
            #expect(pointer.statistics.packetsReceived == 4 || pointer.statistics.packetsReceived == 5)
            rig.free(pointer)
        }
        #expect(removed == 1)
        #expect(rig.counters[.legs] == 0)
        #expect(rig.counters[.commandsIgnored] == 1)
        #expect(rig.counters[.droppedForGoneLeg] == 5)
        let goodbye = phone.reports.last ?? []
        #expect(goodbye.suffix(8).prefix(2) == [0x81, 203])
    }

    @Test func `a leg is given back only when its last packets have left, because its sockets are closed then`() throws
    {
        let queue = EventQueue(capacity: 16)
        let now = Instant(nanoseconds: 1_000_000_000)
        var engine = MediaEngine(
            capacity: 4, events: queue, taps: TapRing(capacity: 4_096), now: now, unixMilliseconds: 0, seed: 1)
        var outbox = Outbox(capacity: 8)
        var plan = Rig.plan([.pcma])
        plan.remoteRTP = SocketAddress(ip: "192.0.2.1", port: 4_000)
        plan.rtcpMux = true
        let sockets = MediaSockets(rtp: 100, rtcp: -1, rtpPort: 0, rtcpPort: 0, pool: nil)
        var given: [String] = []
        func take() {
            while let event = queue.pop() {
                switch event {
                case .removed(let leg, _):
                    given.append("removed")
                    leg.free()
                case .detached(let leg, _):
                    given.append("detached")
                    leg.free()
                case .updated, .played, .stopped, .digit, .connected, .lost, .firstPacket, .silent, .heardAgain,
                    .quality, .overflow, .wantsCodec, .cleaning:
                    break
                }
            }
        }
        for order in [Command.remove, Command.detach] {
            let leg = try Leg.make(id: LegID(slot: 0, generation: 0), plan: plan, sockets: sockets)
            engine.handle(.add(leg), now: now, outbox: &outbox)
            engine.handle(order(leg.id), now: now, outbox: &outbox)
            let before = given.count
            take()
            #expect(given.count == before)
            outbox.drain { bytes, _, socket in #expect(socket == 100 && bytes.count > 8) }
            engine.deliver()
            take()
        }
        #expect(given == ["removed", "detached"])
    }

    @Test func `removing one of two ends the bridge and leaves the other usable`() {
        let rig = Rig()
        let phones = (0..<3).map { Phone(port: UInt16(5_000 + $0 * 2), tone: 440 + Double($0) * 300) }
        let legs = phones.map { rig.connect($0) }
        rig.handle(.bridge(legs[0], legs[1]))
        rig.run(milliseconds: 100)
        rig.handle(.remove(legs[1]))
        for case .removed(let pointer, _) in rig.takeEvents() { rig.free(pointer) }
        rig.handle(.bridge(legs[0], legs[2]))
        phones[0].forget()
        rig.run(milliseconds: 400)
        #expect(phones[0].level(of: 1_040) > -16)
        #expect(phones[0].level(of: 740) < -50)
    }

    @Test func `a number that was given back names nobody`() {
        var numbers = LegNumbers(capacity: 2)
        guard let a = numbers.take(), let b = numbers.take() else {
            Issue.record("two are there")
            return
        }
        #expect(numbers.take() == nil)
        numbers.giveBack(a)
        let c = numbers.take()
        #expect(c != nil && c != a && c != b && c?.slot == a.slot)
    }

    @Test func `every leg comes back even when nobody takes events`() {
        let rig = Rig(eventCapacity: 4)
        let phones = (0..<20).map { Phone(port: UInt16(5_000 + $0 * 2), tone: 440) }
        let legs = phones.map { rig.connect($0) }
        // The rig takes events at each step; without one the four places fill up.
        for leg in legs { rig.handle(.remove(leg)) }
        rig.run(milliseconds: 50)
        let events = rig.takeEvents()
        var removed: [LegID] = []
        for case .removed(let pointer, let id) in events {
            removed.append(id)
            rig.free(pointer)
        }
        #expect(removed == legs)
        #expect(rig.counters[.eventsLost] > 0)
    }

    @Test func `a leg whose news was lost says so`() {
        let rig = Rig(eventCapacity: 1)
        let phones = (0..<3).map { Phone(port: UInt16(5_000 + $0 * 2)) }
        let legs = phones.map { rig.connect($0) }
        rig.run(milliseconds: 100)
        let overflowed = rig.takeEvents().compactMap { if case .overflow(let id) = $0 { id } else { nil } }
        #expect(Set(overflowed) == Set(legs.dropFirst()))
    }

    @Test func `an update is given back and takes effect`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 200)
        var plan = Rig.plan([.opus])
        plan.remoteRTP = agent.address
        let update = try LegUpdatePointer.make(plan: plan)
        rig.handle(.update(legs.1, update))
        agent.codec = .opus
        agent.payloadType = 111
        agent.forget()
        caller.forget()
        rig.run(milliseconds: 1_000)
        #expect(agent.level(of: 440, as: .opus) > -18)
        #expect(caller.level(of: 1_000) > -18)
        var updates = 0
        for case .updated(legs.1, let pointer) in rig.takeEvents() {
            updates += 1
            pointer.free()
        }
        #expect(updates == 1)
    }

    @Test func `every truncation of a packet is counted and harms nobody`() {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        var full = Phone.packet(
            payloadType: 8, sequence: 1, timestamp: 160, ssrc: 3, payload: [UInt8](repeating: 0xD5, count: 60))
        // One contributing source, an extension of two words, padding.
        full[0] = 0xB1
        full[18] = 0
        full[19] = 2
        full[full.count - 1] = 4
        let event = Phone.packet(payloadType: 101, sequence: 9, timestamp: 5, ssrc: 3, payload: [5, 0x8A, 3, 0x20])
        let report: [UInt8] = [0x81, 200, 0, 12] + [UInt8](repeating: 7, count: 48) + [0x81, 203, 0, 1, 0, 0, 0, 3]
        var sent = 0
        for packet in [full, event, report] {
            for length in 0...packet.count {
                rig.inject(Array(packet[..<length]), to: leg, from: phone.address)
                rig.inject(Array(packet[..<length]), to: leg, from: phone.address, isRTCP: true)
                sent += 2
            }
        }
        let counters = rig.counters
        let ends: [Counter] = [
            .rtpReceived, .rtcpReceived, .droppedMalformed, .droppedDuplicate, .droppedLate, .droppedForeignStream,
            .droppedWildSequence, .droppedUnknownPayload, .droppedByTransport,
        ]
        // Unknown payload types of the known source are counted twice: as received and as dropped.
        #expect(ends.reduce(0) { $0 + counters[$1] } >= sent)
        #expect(counters[.datagramsReceived] == sent)
        rig.run(milliseconds: 100)
    }

    @Test func `random bytes harm nobody`() {
        let rig = Rig()
        let phone = Phone(port: 5_000, tone: 440)
        let other = Phone(port: 5_002, codec: .opus)
        let legs = (rig.connect(phone), rig.connect(other))
        rig.handle(.bridge(legs.0, legs.1))
        var state: UInt64 = 88_172_645_463_325_252
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(state >> 40) % 60 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes.append(UInt8(truncatingIfNeeded: state >> 32))
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1
            if bytes.count > 2 {
                bytes[0] = bytes[0] & 0x3F | 0x80
                bytes[1] = [8, 0x88, 101, 111, 200, 201, 203, 0][Int(bytes[2] & 7)]
            }
            rig.inject(
                bytes, to: state & 1 == 0 ? legs.0 : legs.1, from: state & 1 == 0 ? phone.address : other.address)
        }
        rig.run(milliseconds: 1_000)
        #expect(rig.counters[.datagramsReceived] > 20_000)
    }

    @Test func `the first packet, silence of ten seconds and the next sound are told`() {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        var news: [String] = []
        func collect() {
            for event in rig.takeEvents() {
                switch event {
                case .firstPacket(leg): news.append("first")
                case .silent(leg): news.append("silent")
                case .heardAgain(leg): news.append("again")
                case .connected(leg): news.append("connected")
                case .quality(leg, _): break
                case .firstPacket, .silent, .heardAgain, .connected, .removed, .detached, .updated, .played, .stopped,
                    .digit, .lost, .overflow, .quality, .wantsCodec, .cleaning:
                    news.append("other")
                }
            }
        }
        rig.run(milliseconds: 10_500)
        phone.tone = 440
        rig.run(milliseconds: 500)
        phone.tone = nil
        rig.run(milliseconds: 9_900)
        collect()
        #expect(news == ["connected", "silent", "first"])
        rig.run(milliseconds: 500)
        phone.tone = 440
        rig.run(milliseconds: 100)
        collect()
        #expect(news == ["connected", "silent", "first", "silent", "again"])
    }

    @Test func `reports go out every five seconds or so and say what was received`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 60_000)
        #expect(caller.reports.count >= 8 && caller.reports.count <= 25)
        #expect(agent.reports.count >= 8 && agent.reports.count <= 25)
        for report in agent.reports { #expect(report[1] == 200, "we send to the agent: sender reports") }
        for report in caller.reports { #expect(report[1] == 201, "nothing is sent to the caller: receiver reports") }
        caller.reports.last?.withUnsafeBytes { bytes in
            var reader = RTCPReader(bytes)
            guard case .receiverReport(_, let blocks) = reader.next(), blocks.count == 1 else {
                Issue.record("a report with a block")
                return
            }
            #expect(blocks.block(at: 0).ssrc == caller.ssrc)
            #expect(blocks.block(at: 0).cumulativeLost == 0)
            guard case .sourceDescription = reader.next() else {
                Issue.record("and a name")
                return
            }
            #expect(reader.next() == nil && !reader.isMalformed)
        }
    }

    @Test func `a peer's report on our stream gives the round trip`() throws {
        let rig = Rig()
        let agent = Phone(port: 5_002)
        let caller = Phone(port: 5_000, tone: 440)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        while agent.reports.isEmpty { rig.run(milliseconds: 10) }
        let compact = agent.reports[0][10..<14].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rig.run(milliseconds: 100)
        var report = [UInt8](repeating: 0, count: RTCPWriter.capacity)
        let length = report.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            var writer = RTCPWriter(start)
            writer.receiverReport(
                ssrc: 1,
                block: ReportBlock(
                    ssrc: agent.heard[0].ssrc, fractionLost: 64, cumulativeLost: 3, highestSequence: 0, jitter: 0,
                    lastSenderReport: compact, delaySinceLastSenderReport: 65_536 / 20))
            return writer.length
        }
        let address = try #require(SocketAddress(ip: agent.address.ip, port: agent.address.port + 1))
        rig.inject(Array(report[..<length]), to: legs.1, from: address, isRTCP: true)
        rig.handle(.remove(legs.1))
        for case .removed(let pointer, _) in rig.takeEvents() {
            let roundTrip = pointer.statistics.roundTripMilliseconds ?? 0
            #expect(roundTrip > 45 && roundTrip < 65)
            #expect(pointer.statistics.remoteLoss == 0.25)
            rig.free(pointer)
        }
    }

    @Test func `a thread that ends says goodbye to more legs than its outbox holds`() throws {
        let now = Instant(nanoseconds: 1_000_000_000)
        let queue = EventQueue(capacity: 512)
        var engine = MediaEngine(
            capacity: 128, events: queue, taps: TapRing(capacity: 1 << 16), now: now, unixMilliseconds: 0, seed: 3)
        var outbox = Outbox(capacity: 32)
        var numbers = LegNumbers(capacity: 128)
        for port in 0..<100 {
            // because 128 are there
            let id = numbers.take()!
            var plan = Rig.plan([.pcma])
            plan.remoteRTP = SocketAddress(ip: "192.0.2.1", port: UInt16(4_000 + 2 * port))
            plan.remoteRTCP = SocketAddress(ip: "192.0.2.1", port: UInt16(4_001 + 2 * port))
            let sockets = MediaSockets(rtp: 100, rtcp: 101, rtpPort: 0, rtcpPort: 0, pool: nil)
            let leg = try Leg.make(id: id, plan: plan, sockets: sockets)
            engine.handle(.add(leg), now: now, outbox: &outbox)
        }
        var told: Set<UInt16> = []
        repeat {
            engine.removeAll(now: now, outbox: &outbox)
            outbox.drain { _, destination, _ in told.insert(destination.port) }
            engine.deliver()
        } while engine.counters[.legs] > 0
        #expect(told.count == 100)
        let dropped = outbox.dropped
        #expect(dropped == 0)
        while let event = queue.pop() {
            if case .removed(let leg, _) = event { leg.free() }
        }
    }
}
