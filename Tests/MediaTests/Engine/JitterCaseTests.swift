// What networks and senders do to a stream, case by case, and what is heard of it.

import Glibc
import TestKit
import Testing

@testable import Media

@Suite struct JitterCaseTests {
    /// Delays of 0…`width` milliseconds, evenly spread: the same for the same number.
    private static func jitter(_ width: Double, seed: UInt64 = 1) -> (Int) -> Double? {
        { number in
            var state = (UInt64(number) &+ 1) &* 0x9E37_79B9_7F4A_7C15 ^ seed &* 0xBF58_476D_1CE4_E5B9
            state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            state ^= state >> 27
            return width * Double(state >> 40) / Double(1 << 24)
        }
    }

    private static func isTone(_ sound: some Collection<Int16>) -> Bool {
        Tones.windowedLevel(of: 440, in: Array(sound), rate: 8_000) > -13
    }

    @Test(arguments: [30.0, 60, 120])
    func `when a calm network begins to jitter, two seconds later hardly anything is missing`(width: Double) throws {
        var line = Line()
        line.speak(10_000)
        line.speak(10_000, delay: Self.jitter(width))
        var ear = try Ear(.pcmu)
        let invented = line.inventedEachSecond(by: &ear)
        #expect(invented[..<10].allSatisfy { $0 == 0 })
        #expect(invented[10..<12].reduce(0, +) < 20)
        #expect(invented[12...].reduce(0, +) < 20, "of 400")
    }

    @Test func `one queue of packets does not make the delay longer for good`() throws {
        var line = Line()
        line.voice = Line.ticking
        line.speak(10_000)
        // Five packets arrive together with the last of them.
        line.speak(100) { Double(4 - $0) * 20 + 10 }
        line.speak(10_000)
        var ear = try Ear(.pcmu)
        let delays = Line.delays(line.heard(by: &ear))
        #expect(ear.counters[.framesConcealed] <= 5)
        #expect(delays.suffix(5).allSatisfy { $0 <= delays[5] + 10 })
    }

    @Test func `when jitter ends, the delay is short again within fifteen seconds`() throws {
        var line = Line()
        line.voice = Line.ticking
        line.speak(20_000, delay: Self.jitter(100))
        line.speak(15_000)
        let settled = Int(line.time / 1_000)
        line.speak(5_000)
        var ear = try Ear(.pcmu)
        let delays = Line.delays(line.heard(by: &ear))
        #expect(delays[15...18].allSatisfy { $0 > 90 })
        #expect(delays[settled...].allSatisfy { $0 < 75 }, "20 ms of packet, up to 50 of buffer")
        #expect(ear.counters[.framesShortened] > 0)
    }

    @Test func `after a pause sound begins with the delay that the network needs now`() throws {
        var line = Line()
        line.voice = Line.ticking
        line.speak(4_000, delay: Self.jitter(80))
        for _ in 0..<5 {
            line.pause(1_000)
            line.speak(3_000)
        }
        var ear = try Ear(.pcmu)
        let invented = ear.counters[.framesConcealed]
        let delays = Line.delays(line.heard(by: &ear))
        #expect(invented == 0)
        #expect(ear.counters[.framesLengthened] == 0)
        #expect(try #require(delays.last) < 75)
    }

    @Test func `packets that come twice are heard once`() throws {
        var once = Line()
        once.speak(2_000)
        var twice = Line()
        for _ in 0..<100 {
            twice.speak(20)
            twice.echo(sequence: twice.sequence &- 1, after: 7)
        }
        var first = try Ear(.pcmu)
        var second = try Ear(.pcmu)
        #expect(once.heard(by: &first) == twice.heard(by: &second))
        #expect(second.counters[.droppedDuplicate] >= 98)
    }

    @Test func `packets that overtake one another are heard in order`() throws {
        var line = Line()
        line.speak(20_000) { $0 % 2 == 0 ? 25 : 0 }
        var ear = try Ear(.pcmu)
        let invented = line.inventedEachSecond(by: &ear)
        #expect(invented[2...].allSatisfy { $0 == 0 })
        var again = try Ear(.pcmu)
        let sound = line.heard(by: &again)
        #expect(Self.isTone(sound.suffix(80_000)))
        #expect(LossyLine.greatestExtraStep(Array(sound.suffix(80_000)), beyond: 440) < 200)
    }

    @Test(arguments: [1_000, 2_000_000_000, 4_294_947_295] as [UInt32])
    func `another source is heard within 100 ms, whatever its numbers`(timestamp: UInt32) throws {
        var line = Line()
        line.speak(3_000)
        line.ssrc = 99
        line.sequence = 40_000
        line.timestamp = timestamp
        line.speak(3_000)
        var ear = try Ear(.pcmu)
        let sound = line.heard(by: &ear)
        #expect(Self.isTone(sound[24_800..<46_000]))
        #expect(ear.counters[.framesConcealed] <= 10)
    }

    @Test(arguments: [-160_000, -16_000, -4_000, -1_600, 800, 4_000, 16_000, 160_000, 2_147_483_647])
    func `when the sender's timestamps jump it is heard again within 300 ms, no later than before`(jump: Int) throws {
        var line = Line()
        line.voice = Line.ticking
        line.speak(12_000)
        line.timestamp &+= UInt32(truncatingIfNeeded: jump)
        line.speak(20_000)
        var ear = try Ear(.pcmu)
        let sound = line.heard(by: &ear)
        let gap = sound[96_000...].enumerated().filter { abs(Int($0.element)) > 2_000 }.map(\.offset)
        #expect(zip(gap, gap.dropFirst()).allSatisfy { $1 - $0 < 2_400 })
        let delays = Line.delays(sound)
        #expect(try #require(delays.last) <= delays[10] + 30)
        #expect(ear.counters[.packetsSkipped] <= 10)
    }

    @Test func `markers on every packet change nothing`() throws {
        var plain = Line()
        var marked = Line()
        marked.hasMarkers = true
        for delay in [0.0, 40] {
            plain.speak(3_000, delay: Self.jitter(delay))
            marked.speak(3_000, delay: Self.jitter(delay))
        }
        var first = try Ear(.pcmu)
        var second = try Ear(.pcmu)
        #expect(plain.heard(by: &first) == marked.heard(by: &second))
    }

    @Test(arguments: [10, 20, 30, 40, 60])
    func `packets of any length are heard whole, with jitter too`(packetTime: Int) throws {
        for width in [0.0, 40] {
            var line = Line()
            line.packetTime = packetTime
            line.speak(12_000, delay: Self.jitter(width))
            var ear = try Ear(.pcmu)
            let invented = line.inventedEachSecond(by: &ear)
            #expect(invented[4...].reduce(0, +) <= (width > 0 ? 10 : 0), "\(width)")
            #expect(ear.counters[.framesLengthened] + ear.counters[.framesShortened] < 20)
            var again = try Ear(.pcmu)
            #expect(Self.isTone(line.heard(by: &again).suffix(64_000)))
        }
    }

    @Test func `the length of packets may change in a call`() throws {
        var line = Line()
        for packetTime in [20, 60, 10, 40, 30, 20] {
            line.packetTime = packetTime
            line.speak(6_000)
        }
        var ear = try Ear(.pcmu)
        let invented = line.inventedEachSecond(by: &ear)
        // A longer packet comes later; after that nothing is missing.
        #expect(invented.enumerated().filter { $0.offset % 6 > 1 }.allSatisfy { $0.element == 0 })
        #expect(invented.reduce(0, +) < 15)
        var again = try Ear(.pcmu)
        #expect(Self.isTone(line.heard(by: &again).dropFirst(800)))
    }

    @Test(arguments: [0.999, 1.001])
    func `noise without pauses is stretched too, when the sender's clock runs wrong`(speed: Double) throws {
        let noise = Signals.noise(count: 8_000)
        var line = Line()
        line.voice = { noise[$0 * 7 % 8_000] }
        line.speed = speed
        line.speak(60_000)
        var ear = try Ear(.pcmu)
        let invented = line.inventedEachSecond(by: &ear)
        #expect(invented.reduce(0, +) <= 3)
        #expect(ear.counters[.bufferLate] <= 3)
        #expect(ear.counters[.framesLengthened] + ear.counters[.framesShortened] > 0)
    }

    @Test func `a word that breaks off fades, and so does what is cut out`() throws {
        var line = Line()
        line.speak(2_010 / 20 * 20)
        line.pause(400)
        line.speak(2_000)
        // A network that stood still for a second gives everything at once.
        line.speak(1_000) { 1_000 - Double($0) * 20 }
        line.speak(2_000)
        var ear = try Ear(.pcmu)
        let sound = line.heard(by: &ear)
        #expect(ear.counters[.packetsSkipped] > 0)
        #expect(LossyLine.greatestExtraStep(sound, beyond: 440) < 800, "a click")
    }
}
