// The jitter buffer by itself, in virtual time: what follows what, and when.

import Testing

@testable import Media

@Suite struct JitterBufferTests {
    private static let millisecond: Int64 = 1_000_000
    private static let span = 20 * millisecond

    /// What the buffer answered, without slots.
    private enum Heard: Equatable {
        case packet, missing, replaced, silence
        case lost(milliseconds: Int64, restorable: Bool)
    }

    /// A buffer that is asked for sound every 20 ms, first when the fastest packet is 25 ms old. Media time is counted
    /// from the first packet, and `arrivals` in milliseconds; a packet without an arrival is lost. Extended numbers begin
    /// in cycle 1.
    private static func listen(
        to arrivals: [Int64?], codec: Codec = .pcma, from first: Int64 = 1_000, until end: Int64
    ) -> (heard: [Heard], target: Int64) {
        var buffer = JitterBuffer()
        var waiting: [(sequence: Int, arrival: Int64)] = arrivals.enumerated()
            .compactMap { index, arrival in arrival.map { (index, $0) } }
            .sorted { $0.1 < $1.1 }
        var heard: [Heard] = []
        for time in stride(from: Int64(25), to: end, by: 20) {
            while let packet = waiting.first, packet.arrival <= time {
                waiting.removeFirst()
                [UInt8](repeating: 1, count: 160).withUnsafeBytes { payload in
                    _ = buffer.insert(
                        sequence: 0x1_0000 + first + Int64(packet.sequence), media: Int64(packet.sequence) * span,
                        codec: codec, payload: payload, arrival: packet.arrival * millisecond)
                }
            }
            heard.append(contentsOf: step(&buffer, at: time * millisecond))
        }
        return (heard, buffer.target(for: codec))
    }

    /// 20 ms of sound, in as many answers as it takes.
    private static func step(_ buffer: inout JitterBuffer, at time: Int64) -> [Heard] {
        var heard: [Heard] = []
        var made: Int64 = 0
        while made < span {
            switch buffer.next(at: time) {
            case .packet:
                buffer.noteSpan(span)
                heard.append(.packet)
                made += span
            case .lost(let successor):
                heard.append(.lost(milliseconds: buffer.lostSpan / millisecond, restorable: successor != nil))
                made += max(millisecond, buffer.lostSpan)
            case .missing:
                buffer.noteBridged(span)
                heard.append(.missing)
                made += span
            case .replaced: heard.append(.replaced)
            case .noise: break
            case .pause, .filling:
                heard.append(.silence)
                made += span
            }
        }
        return heard
    }

    /// Packets every 20 ms that arrive at once.
    private static func steady(_ count: Int) -> [Int64?] { (0..<count).map { Int64($0) * 20 } }

    @Test(arguments: [Int64(0), 1, 127, 32_767, 32_768, 65_407, 65_534, 65_535])
    func `of three lost packets, of which two were bridged, the third is asked for whole`(first: Int64) {
        var arrivals = Self.steady(60)
        for lost in 40..<43 { arrivals[lost] = nil }
        let (heard, _) = Self.listen(to: arrivals, from: first, until: 1_220)
        let gap = heard.drop { $0 != .missing }.prefix { $0 != .packet }
        #expect(Array(gap) == [.missing, .missing, .lost(milliseconds: 20, restorable: true)])
    }

    @Test func `when all that was lost was bridged the next packet follows at once`() {
        var arrivals = Self.steady(60)
        arrivals[40] = nil
        // The successor is so late that the lost packet's time has passed.
        arrivals[41] = 41 * 20 + 12
        let (heard, _) = Self.listen(to: arrivals, until: 1_220)
        #expect(heard.count { $0 == .missing } == 1)
        #expect(!heard.contains { if case .lost = $0 { true } else { false } })
    }

    @Test func `a packet whose place was taken by invented sound is not played`() {
        var arrivals = Self.steady(320)
        for late in 300..<303 { arrivals[late] = 300 * 20 + 45 }
        let (heard, _) = Self.listen(to: arrivals, until: 6_420)
        #expect(heard.count { $0 == .missing } == 1)
        #expect(heard.count { $0 == .replaced } == 1)
        #expect(heard.count { $0 == .packet } == 319)
    }

    @Test func `a late packet is played where the delay is still too short, so that it grows`() {
        var arrivals = Self.steady(60)
        for late in stride(from: 10, to: 60, by: 10) {
            arrivals[late] = Int64(late) * 20 + 36
            arrivals[late + 1] = arrivals[late]
        }
        let (heard, _) = Self.listen(to: arrivals, until: 1_240)
        #expect(heard.first == .packet)
        #expect(heard.count { $0 == .missing } == 1)
        #expect(heard.count { $0 == .packet } == 60)
        #expect(!heard.contains(.replaced))
    }

    @Test func `Opus waits for its redundancy only as long as jitter does not make it wait anyway`() {
        var calm = Self.steady(100)
        calm[60] = nil
        let onSteadyNetwork = Self.listen(to: calm, codec: .opus, until: 2_000)
        // Nine in ten packets need less than 5 ms, and the next one is sent 20 ms later.
        #expect((20...25).contains(onSteadyNetwork.target / Self.millisecond))
        var jittery = Self.steady(100)
        for late in stride(from: 0, to: 100, by: 20) { jittery[late] = Int64(late) * 20 + 55 }
        jittery[63] = nil
        let behindJitter = Self.listen(to: jittery, codec: .opus, until: 2_000)
        #expect((55...60).contains(behindJitter.target / Self.millisecond))
    }

    @Test(arguments: [0, 1, 3, 62, 63, 64, 65] as [Int64])
    func `an empty slot is not taken for a packet, whatever number the first one has`(first: Int64) {
        var buffer = JitterBuffer()
        [UInt8](repeating: 1, count: 160).withUnsafeBytes { payload in
            _ = buffer.insert(sequence: first, media: 0, codec: .pcma, payload: payload, arrival: 0)
        }
        #expect(Self.step(&buffer, at: Self.span) == [.packet])
        #expect(buffer.isEmpty && buffer.lastTaken == first)
        #expect(Self.step(&buffer, at: 2 * Self.span) == [.missing])
    }
}
