// An hour of each kind of call: nothing drifts, grows, breaks or is forgotten.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct HourTests {
    private static let hour = 3_600
    /// When parties keep what they hear: a second in every ten minutes, the last one 10 minutes before the end.
    private static let kept = stride(from: 600, to: hour, by: 600)

    /// 2 s of a tone of 400 Hz, twice as loud in the first 50 ms of each second: said over and over it never breaks, and
    /// its age can be told.
    private static func ticks(_ codec: Codec) throws -> [[UInt8]] {
        let rate = codec == .opus ? 16_000 : 8_000
        let steady = Tones.sine(400, rate: rate, from: 0, count: 2 * rate)
        let samples = steady.enumerated().map { $0 % rate < rate / 20 ? $1 : $1 / 3 }
        var encoder = codec == .opus ? try OpusEncoder(expectedLoss: 5) : nil
        return stride(from: 0, to: samples.count, by: rate / 50).map { start in
            let frame = Array(samples[start..<start + rate / 50])
            var payload = [UInt8](repeating: 0, count: 1_000)
            var length = frame.count
            switch codec {
            case .opus: length = encoder?.encode(frame, count: frame.count, into: &payload) ?? 0
            default: G711.encode(frame, count: frame.count, law: codec == .pcma ? .a : .mu, into: &payload)
            }
            return Array(payload[..<length])
        }
    }

    private static func bridge(_ a: Party, _ b: Party, in call: LongCall) -> (LegID, LegID) {
        let legs = (call.connect(a), call.connect(b))
        call.handle(.bridge(legs.0, legs.1))
        return legs
    }

    /// Milliseconds from the beginning of a second in which a tick was heard, in G.711, to the tick.
    private static func tick(heardBy party: Party, in second: Int) -> Double? {
        let packets = party.kept.filter { Int($0.at) / 1_000 == second }
        guard let first = packets.first else { return nil }
        let law: G711.Law = party.codec == .pcma ? .a : .mu
        let samples = packets.flatMap(\.payload).map { abs(Int(G711.decode($0, law: law))) }
        // The end of a tick that began before this second is skipped.
        let quiet = samples.prefix(400).lastIndex { $0 > 5_000 }.map { $0 < 400 ? $0 + 1 : 0 } ?? 0
        let start = quiet < 390 ? quiet : 0
        guard let loud = samples[start...].firstIndex(where: { $0 > 5_000 }) else { return nil }
        return first.at - Double(second) * 1_000 + Double(loud) / 8
    }

    @Test(arguments: [Codec.pcma, .opus])
    func `an hour of a prompt that loops leaves packet by packet, each at its time`(codec: Codec) throws {
        let call = LongCall()
        let caller = Party(port: 5_000, codec: codec)
        caller.words = [[UInt8](repeating: 0xD5, count: 100)]
        let leg = call.connect(caller)
        let prompt = try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 44_800))
        let music = Playlist([prompt], loops: true)
        call.handle(.play(leg, music.view, token: 1))
        call.run(seconds: Self.hour)
        #expect((Self.hour * 50...Self.hour * 50 + 1).contains(caller.heard))
        #expect(caller.breaks == 0 && caller.longestGap < 20.5 && abs(caller.drift) < 20)
        #expect(call.counters[.rtpReceived] == caller.said)
        if codec == .pcma {
            // 2.8 s are 140 packets: what is heard at a time is known to the byte.
            for second in Self.kept {
                let heard = caller.second(at: second * 1_000)
                #expect(heard.count == 50)
                let number = Int((Double(second) * 1_000 / 20).rounded(.up)) % 140
                let wanted = (0..<160).map { prompt.view.pcma[number * 160 + $0] }
                #expect(heard.prefix(2).contains(wanted))
            }
        }
        #expect(call.dropped == 0)
        withExtendedLifetime(music) {}
    }

    @Test(arguments: [Codec.pcma, .opus])
    func `an hour of relay loses, doubles and changes nothing, numbers and timestamps wrap`(codec: Codec) throws {
        let call = LongCall()
        let caller = Party(port: 5_000, codec: codec)
        let agent = Party(port: 5_002, codec: codec)
        caller.speed = 1.0002
        caller.words = try Self.ticks(codec)
        agent.words = caller.words
        _ = Self.bridge(caller, agent, in: call)
        call.run(seconds: Self.hour)
        #expect(caller.heard == agent.said && agent.heard == caller.said && agent.heard >= Self.hour * 50 - 1)
        #expect(caller.breaks == 0 && agent.breaks == 0)
        #expect(call.counters[.relayed] == caller.said + agent.said)
        let isUnchanged = Set(agent.kept.map(\.payload)).isSubset(of: caller.words)
        #expect(isUnchanged && agent.kept.count > 200)
        #expect(abs(agent.drift - 720) < 20, "the caller's clock is passed on as it is: 200 ppm of an hour")
        #expect(call.dropped == 0)
    }

    @Test(arguments: [0.9998, 1.0002])
    func `an hour of mixing follows a clock that is 200 ppm off: nothing is missing, the delay stays`(
        speed: Double
    ) throws {
        let call = LongCall()
        let caller = Party(port: 5_000, codec: .pcmu)
        let agent = Party(port: 5_002, codec: .pcma)
        caller.speed = speed
        caller.words = try Self.ticks(.pcmu)
        _ = Self.bridge(caller, agent, in: call)
        call.run(seconds: Self.hour)
        #expect(agent.heard >= Self.hour * 50 - 5)
        #expect(agent.breaks == 0 && agent.longestGap < 30 && abs(agent.drift) < 40)
        #expect(call.counters[.framesConcealed] == 0)
        #expect(call.counters[.packetsSkipped] == 0 && call.counters[.bufferLate] == 0)
        let changes = call.counters[.framesLengthened] + call.counters[.framesShortened]
        #expect((30...400).contains(changes), "720 ms in steps of 2.5 to 10 ms")
        for second in Self.kept {
            let tick = try #require(Self.tick(heardBy: agent, in: second))
            // The caller's tick number n was said at n seconds of the caller's clock.
            let said = (Double(second) * 1_000 * (1 / speed - 1)).truncatingRemainder(dividingBy: 1_000)
            let delay = (tick - said + 2_000).truncatingRemainder(dividingBy: 1_000)
            #expect((20...100).contains(delay), "after \(second) s: \(delay) ms")
        }
    }

    @Test func `an hour of speech and pauses without packets is heard whole, spurt by spurt`() throws {
        let call = LongCall()
        let caller = Party(port: 5_000, codec: .pcmu)
        let agent = Party(port: 5_002, codec: .pcma)
        caller.rhythm = (4, 6)
        caller.words = try Self.ticks(.pcmu)
        agent.keepsEvery = 60
        _ = Self.bridge(caller, agent, in: call)
        call.run(seconds: Self.hour)
        #expect(agent.breaks == 0 && agent.longestGap < 30)
        #expect(call.counters[.bufferLate] == 0 && call.counters[.packetsSkipped] == 0)
        #expect(call.counters[.framesDecoded] == caller.said)
        #expect(call.counters[.framesConcealed] <= 10 * Self.hour / 10, "a pause begins like a loss")
        for second in stride(from: 60, to: Self.hour, by: 60) {
            let samples = agent.second(at: second * 1_000).flatMap { $0 }.map { G711.decode($0, law: .a) }
            let begin = samples.firstIndex { abs(Int($0)) > 5_000 } ?? 8_000
            #expect(begin < 8 * 100)
            #expect(Tones.windowedLevel(of: 400, in: Array(samples[begin...]), rate: 8_000) > -24)
        }
    }

    @Test func `an hour of Opus heard by a telephone`() throws {
        let call = LongCall()
        let browser = Party(port: 5_000, codec: .opus)
        let caller = Party(port: 5_002, codec: .pcma)
        browser.rhythm = (10, 50)
        browser.words = try Self.ticks(.opus)
        _ = Self.bridge(browser, caller, in: call)
        call.run(seconds: Self.hour)
        #expect(caller.heard >= Self.hour * 50 - 5)
        #expect(caller.breaks == 0 && caller.longestGap < 30 && abs(caller.drift) < 40)
        #expect(call.counters[.framesDecoded] == browser.said)
        for second in Self.kept {
            let tick = try #require(Self.tick(heardBy: caller, in: second))
            #expect((20...100).contains(tick), "after \(second) s")
        }
    }

    @Test func `an hour of a telephone heard by Opus`() throws {
        let call = LongCall()
        let caller = Party(port: 5_000, codec: .pcma)
        let browser = Party(port: 5_002, codec: .opus)
        caller.rhythm = (10, 50)
        caller.words = try Self.ticks(.pcma)
        let legs = Self.bridge(caller, browser, in: call)
        // 180,000 frames are encoded: as cheaply as Opus can.
        let cheap = try OpusEncoder(sampleRate: 8_000, complexity: 0)
        var encoder = Optional(cheap)
        call.with(legs.1) { $0.pointee.speaker.opusEncoder = encoder.take() }
        call.run(seconds: Self.hour)
        #expect(browser.heard >= Self.hour * 50 - 5)
        #expect(browser.breaks == 0 && browser.longestGap < 30 && abs(browser.drift) < 40)
        #expect(call.counters[.framesDecoded] == caller.said)
    }

    @Test func `what is recorded for an hour lies side by side within 20 ms`() throws {
        let call = LongCall()
        let caller = Party(port: 5_000)
        let agent = Party(port: 5_002)
        caller.words = try Self.ticks(.pcma)
        agent.words = caller.words
        let legs = Self.bridge(caller, agent, in: call)
        var first: [TapBlock.Side: TapBlock] = [:]
        var last: [TapBlock.Side: TapBlock] = [:]
        var bytes = 0
        call.onTap = { block, payload in
            if first[block.side] == nil { first[block.side] = block }
            last[block.side] = block
            bytes += payload.count
        }
        call.handle(.record(legs.0, recording: 1))
        call.run(seconds: Self.hour)
        #expect(bytes == 160 * (caller.said + agent.said) && call.dropped == 0)
        for side in [TapBlock.Side.left, .right] {
            let (begin, end) = try (#require(first[side]), #require(last[side]))
            let elapsed = Double(end.at.nanoseconds - begin.at.nanoseconds) / 1_000_000
            let sound = Double(end.rtpTimestamp &- begin.rtpTimestamp) / 8
            #expect(abs(elapsed - sound) < 20 && sound > 3_599_000)
        }
        let ends = try (#require(last[.left]), #require(last[.right]))
        #expect(abs(ends.0.at.nanoseconds - ends.1.at.nanoseconds) < 20_000_000)
    }
}
