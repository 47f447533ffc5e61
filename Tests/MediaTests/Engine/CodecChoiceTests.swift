// Which codec goes where, by what the reports say.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct CodecChoiceTests {
    private static func choice(_ codecs: [Codec], follows: Bool = true) -> CodecChoice {
        var plan = Rig.plan(codecs)
        plan.peerFollows = follows
        return CodecChoice(plan)
    }

    /// Any peer that sends no redundancy.
    private static let source = choice([.opus], follows: false)

    private static func relays(_ leg: CodecChoice, _ codec: Codec) -> Bool {
        leg.relays(codec, from: source, now: at(100))
    }

    /// So many packets on a stream that uses as many numbers and `gaps` more.
    private static func sent(_ packets: Int, gaps: Int = 0) -> SendStream.Interval {
        SendStream.Interval(packets: packets, numbers: packets + gaps)
    }

    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func `on a clean network everything is relayed and what is made is made in the usual codec`() {
        let page = Self.choice([.pcma, .pcmu, .opus])
        #expect(page.made == .pcma)
        #expect(Codec.allCases.allSatisfy { Self.relays(page, $0) })
        #expect(page.expectedLoss == 5)
    }

    @Test func `loss reported makes it Opus with as much redundancy, and calm brings the usual codec back`() {
        var page = Self.choice([.pcma, .pcmu, .opus])
        #expect(page.noteSent(lost: 26, of: Self.sent(250), now: Self.at(5)) == .lossy)
        #expect(page.made == .opus)
        #expect(Codec.allCases.allSatisfy { !Self.relays(page, $0) })
        #expect(page.expectedLoss == 11)
        for report in 2...6 {
            #expect(page.noteSent(lost: 0, of: Self.sent(250), now: Self.at(Int64(report) * 5)) == nil)
        }
        #expect(page.noteSent(lost: 0, of: Self.sent(250), now: Self.at(35)) == .clean)
        #expect(page.made == .pcma && Self.relays(page, .pcma))
        #expect(page.expectedLoss == 5)
    }

    @Test func `Opus with redundancy is relayed to a page that loses packets, until it has none any more`() throws {
        var page = Self.choice([.pcma, .opus])
        _ = page.noteSent(lost: 26, of: Self.sent(250), now: Self.at(5))
        var source = Self.choice([.opus], follows: false)
        func send(expectedLoss: Int, at second: Int64) throws {
            var encoder = try OpusEncoder(sampleRate: 16_000, expectedLoss: expectedLoss)
            let speech = Tones.sine(300, rate: 16_000, from: 0, count: 6_400)
            var payload = [UInt8](repeating: 0, count: 400)
            for start in stride(from: 0, to: 6_400, by: 320) {
                let length = encoder.encode(Array(speech[start..<start + 320]), count: 320, into: &payload)
                payload[..<length].withUnsafeBytes { source.noteOpus($0, now: Self.at(second)) }
            }
        }
        try send(expectedLoss: 0, at: 10)
        #expect(!page.relays(.opus, from: source, now: Self.at(10)))
        try send(expectedLoss: 10, at: 11)
        #expect(page.relays(.opus, from: source, now: Self.at(11)))
        #expect(!page.relays(.pcma, from: source, now: Self.at(11)))
        try send(expectedLoss: 0, at: 20)
        #expect(page.relays(.opus, from: source, now: Self.at(20)))
        #expect(!page.relays(.opus, from: source, now: Self.at(22)))
    }

    @Test func `what had not come to us is no loss on the way from us`() {
        var page = Self.choice([.pcma, .opus])
        // The caller's network lost 20 of 270 packets, and the page's network none.
        for report in 1...10 {
            #expect(page.noteSent(lost: 18, of: Self.sent(250, gaps: 20), now: Self.at(Int64(report) * 5)) == nil)
        }
        #expect(page.made == .pcma)
        // The page's network loses 5 % on top.
        #expect(page.noteSent(lost: 31, of: Self.sent(250, gaps: 20), now: Self.at(60)) == .lossy)
    }

    @Test(arguments: [([Codec.pcma, .opus], false), ([.pcma, .pcmu], true), ([.opus], true)])
    func `a telephone, and a page with nothing to choose from, keep their codec`(codecs: [Codec], follows: Bool) {
        var leg = Self.choice(codecs, follows: follows)
        #expect(leg.noteSent(lost: 100, of: Self.sent(250), now: Self.at(5)) == nil)
        leg.noteHeard(lost: 100, of: 250, now: Self.at(5))
        #expect(leg.made == codecs[0])
        #expect(codecs.allSatisfy { Self.relays(leg, $0) })
        #expect(leg.takeWish(towards: Self.choice([.opus])) == nil)
        // The encoder's redundancy follows all the same, where there is one.
        #expect(leg.expectedLoss == 30)
    }

    @Test func `a page is asked for what the other one is sent, once`() {
        var page = Self.choice([.pcma, .pcmu, .opus])
        let phones: [(Codec, Codec?)] = [(.pcma, nil), (.pcmu, .pcmu), (.pcmu, nil), (.opus, .opus), (.pcma, .pcma)]
        for (phone, wish) in phones { #expect(page.takeWish(towards: Self.choice([phone], follows: false)) == wish) }
    }

    @Test func `a page is not asked for what it did not negotiate`() {
        var page = Self.choice([.pcma, .opus])
        #expect(page.takeWish(towards: Self.choice([.pcmu], follows: false)) == nil)
    }

    @Test func `two pages send each other Opus`() {
        var consultant = Self.choice([.pcma, .pcmu, .opus])
        var caller = Self.choice([.opus, .pcma, .pcmu])
        #expect(consultant.takeWish(towards: caller) == .opus)
        #expect(caller.takeWish(towards: consultant) == nil)
    }

    @Test func `what gets lost on its way to us should be Opus, until it no longer does`() {
        var page = Self.choice([.pcma, .opus])
        let phone = Self.choice([.pcma], follows: false)
        page.noteHeard(lost: 20, of: 250, now: Self.at(5))
        #expect(page.takeWish(towards: phone) == .opus)
        #expect(page.made == .pcma, "the other direction is clean")
        for report in 2...8 { page.noteHeard(lost: 0, of: 250, now: Self.at(Int64(report) * 5)) }
        #expect(page.takeWish(towards: phone) == .pcma)
    }
}

@Suite struct SendStreamIntervalTests {
    @Test func `an interval counts packets and numbers since the one before`() {
        var stream = SendStream(clockRate: 8_000, ssrc: 1, sequence: 65_530, timestamp: 0)
        func send(_ sequence: UInt16) {
            stream.noteSequence(sequence)
            stream.noteSent(timestamp: 0, duration: 160, began: Instant(nanoseconds: 0), octets: 160)
        }
        for number in 0..<10 where number != 4 { send(65_530 &+ UInt16(number)) }
        var interval = stream.takeInterval()
        #expect(interval.packets == 9 && interval.numbers == 10)
        // The one that was missing comes after all.
        send(65_534)
        send(4)
        interval = stream.takeInterval()
        #expect(interval.packets == 2 && interval.numbers == 2)
        interval = stream.takeInterval()
        #expect(interval.packets == 0 && interval.numbers == 0)
    }
}
