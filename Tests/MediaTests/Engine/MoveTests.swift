// A leg goes from one engine to another, as between two media threads, and its party notices nothing.

import TestKit
import Testing
import Timing

@testable import Media

/// Two engines on one clock.
private struct Engines {
    let a = Rig()
    let b = Rig()

    func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            a.run(milliseconds: 1)
            b.run(milliseconds: 1)
        }
    }

    /// - Parameter transit: milliseconds that the leg is nowhere.
    func move(_ leg: LegID, from one: Rig, to other: Rig, transit: Int = 0) -> LegID {
        // because the leg is there
        let moving = one.detach(leg)!
        run(milliseconds: transit)
        return other.adopt(moving)
    }
}

@Suite struct MoveTests {
    private static func prompt(_ milliseconds: Int) throws -> Prompt {
        try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 16 * milliseconds))
    }

    @Test(arguments: [0, 3], [0, 1, 5, 9, 10, 11, 19, 20, 33, 127])
    func `a prompt goes on where it was, in step, without a packet missing or doubled`(transit: Int, after: Int) throws
    {
        let engines = Engines()
        // Other legs have taken the first numbers there.
        for port in 0..<7 { _ = engines.b.connect(Phone(port: UInt16(6_000 + port * 2))) }
        let phone = Phone(port: 5_000)
        let leg = engines.a.connect(phone)
        let prompt = try Self.prompt(600)
        let playlist = Playlist([prompt])
        engines.a.handle(.play(leg, playlist.view, token: 3))
        engines.run(milliseconds: 100 + after)
        let moved = engines.move(leg, from: engines.a, to: engines.b, transit: transit)
        engines.run(milliseconds: 700)
        #expect(phone.heard.flatMap(\.payload) == (0..<4_800).map { prompt.view.pcma[$0] })
        for (one, next) in zip(phone.heard, phone.heard.dropFirst()) {
            #expect(next.sequence == one.sequence &+ 1)
            #expect(next.timestamp == one.timestamp &+ 160)
            #expect(next.ssrc == one.ssrc)
            #expect(abs(next.at - one.at - 20) <= transit)
            #expect(!next.marker)
        }
        let first = phone.heard.first?.at ?? 0
        #expect(phone.heard.last.map { $0.at - first } == 29 * 20, "later packets are in step again")
        let played = engines.b.takeEvents().contains { if case .played(moved, token: 3) = $0 { true } else { false } }
        #expect(played)
        withExtendedLifetime(playlist) {}
    }

    @Test func `what is late by its way is made up for, but not more than anybody would wait for`() throws {
        let engines = Engines()
        let phone = Phone(port: 5_000)
        let leg = engines.a.connect(phone)
        let playlist = Playlist([try Self.prompt(2_000)])
        engines.a.handle(.play(leg, playlist.view, token: 3))
        engines.run(milliseconds: 100)
        phone.forget()
        let moved = engines.move(leg, from: engines.a, to: engines.b, transit: 1_000)
        #expect(engines.b.counters[.legs] == 1 && engines.a.counters[.legs] == 0)
        engines.run(milliseconds: 1)
        #expect(phone.heard.count <= 11)
        engines.b.handle(.stopPlaying(moved))
        withExtendedLifetime(playlist) {}
    }

    @Test func `what arrives is counted on, and news and reports do not begin again`() {
        let engines = Engines()
        let phone = Phone(port: 5_000, tone: 440)
        var leg = engines.a.connect(phone)
        var events: [MediaEvent] = []
        for second in 0..<60 {
            engines.run(milliseconds: 1_000)
            let (here, there) = second % 2 == 0 ? (engines.a, engines.b) : (engines.b, engines.a)
            leg = engines.move(leg, from: here, to: there)
            events += engines.a.takeEvents() + engines.b.takeEvents()
        }
        let connected = events.count { if case .connected = $0 { true } else { false } }
        let firsts = events.count { if case .firstPacket = $0 { true } else { false } }
        let figures = events.count { if case .quality = $0 { true } else { false } }
        #expect(connected == 1 && firsts == 1 && events.count == 2 + figures)
        #expect(figures == 11 || figures == 12, "every five seconds")
        #expect(phone.reports.count >= 8 && phone.reports.count <= 25)
        engines.a.handle(.remove(leg))
        for case .removed(let pointer, leg) in engines.a.takeEvents() {
            #expect(pointer.statistics.packetsReceived == phone.said.count)
            #expect(pointer.statistics.packetsLost == 0)
            #expect(pointer.statistics.jitterMilliseconds < 0.5)
            engines.a.free(pointer)
        }
        #expect(phone.reports.last.map { $0.suffix(8).prefix(2) } == [0x81, 203])
    }

    @Test(arguments: 0..<12)
    func `a key that is being sent is sent to its end, once`(frames: Int) {
        let engines = Engines()
        let phone = Phone(port: 5_000)
        let leg = engines.a.connect(phone)
        engines.run(milliseconds: 40)
        // because the text is short and of keys
        engines.a.handle(.sendDigits(leg, DigitString("5")!))
        engines.run(milliseconds: 20 * frames)
        _ = engines.move(leg, from: engines.a, to: engines.b)
        engines.run(milliseconds: 400)
        let events = phone.heard.filter { $0.payloadType == 101 }
        #expect(Set(events.map(\.timestamp)).count == 1)
        #expect(events.count { $0.marker } == 1)
        #expect(events.map { $0.payload[2...].reduce(0) { $0 << 8 | Int($1) } } == [160, 320, 480, 640, 800, 800, 800])
        #expect(zip(events, events.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
    }

    @Test(arguments: [Codec.pcma, .opus])
    func `a leg leaves its bridge, and in the next one both hear each other`(codec: Codec) {
        let engines = Engines()
        let (caller, clerk, expert) = (
            Phone(port: 5_000, tone: 440), Phone(port: 5_002, tone: 1_000),
            Phone(port: 5_004, codec: codec, tone: 1_700)
        )
        let legs = (engines.a.connect(caller), engines.a.connect(clerk), engines.b.connect(expert))
        engines.a.handle(.bridge(legs.0, legs.1))
        engines.run(milliseconds: 500)
        let moved = engines.move(legs.0, from: engines.a, to: engines.b)
        engines.b.handle(.bridge(moved, legs.2))
        engines.run(milliseconds: 100)
        for phone in [caller, clerk, expert] { phone.forget() }
        engines.run(milliseconds: 1_000)
        #expect(caller.level(of: 1_700) > -18 && caller.level(of: 1_000) < -50)
        #expect(expert.level(of: 440, as: codec) > -18)
        #expect(clerk.heard.isEmpty)
        #expect(engines.a.counters[.relayed] > 0 && engines.b.counters[.legs] == 2)
    }

    @Test func `a leg that is gone is not given back twice`() {
        let rig = Rig()
        let leg = rig.connect(Phone(port: 5_000))
        rig.handle(.remove(leg))
        rig.handle(.detach(leg))
        var removed = 0
        for event in rig.takeEvents() {
            guard case .removed(let pointer, leg) = event else { continue }
            removed += 1
            rig.free(pointer)
        }
        #expect(removed == 1 && rig.counters[.commandsIgnored] == 1)
    }

    @Test func `a moved leg gets a number of its group as long as there is one`() {
        var numbers = LegNumbers(capacity: 25)
        // because there are 25
        let old = (0..<25).map { _ in numbers.take()! }
        var others = LegNumbers(capacity: 25)
        #expect(others.take(inStepWith: old[3])?.slot == 3)
        #expect(others.take(inStepWith: old[3])?.slot == 13)
        #expect(others.take(inStepWith: old[13])?.slot == 23)
        #expect(others.take(inStepWith: old[23])?.slot == 0)
        #expect(others.take(inStepWith: old[4])?.slot == 4)
        for _ in 0..<20 { #expect(others.take(inStepWith: old[7]) != nil) }
        #expect(others.take(inStepWith: old[7]) == nil)
    }
}
