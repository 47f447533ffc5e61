// A call of an hour, recorded and rendered.

import Foundation
import Media
import TestKit
import TestTools
import Testing
import Timing

@testable import Recorder

@Suite("A recorded hour")
struct HourTests {
    /// 2 s of a tone of 400 Hz, twice as loud in the first 50 ms of each second, as A-law packets.
    private static func ticks() -> [[UInt8]] {
        let tone = Tones.sine(400, rate: 8_000, from: 0, count: 16_000)
        let samples = tone.enumerated().map { $0 % 8_000 < 400 ? $1 : $1 / 3 }
        return stride(from: 0, to: 16_000, by: 160).map { start in
            var payload = [UInt8](repeating: 0, count: 160)
            G711.encode(Array(samples[start..<start + 160]), count: 160, law: .a, into: &payload)
            return payload
        }
    }

    /// Seconds of the file at which a side begins to be loud, in its last half minute.
    private static func ends(of path: String) throws -> (left: [Double], right: [Double], seconds: Double) {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        let size = try file.seekToEnd()
        let frame: UInt64 = 4
        let count: UInt64 = 30 * 8_000
        try file.seek(toOffset: size - count * frame)
        let bytes = try [UInt8](file.readToEnd() ?? Data())
        // The header has 44 bytes.
        let seconds = Double((size - 44) / frame) / 8_000
        func side(_ offset: Int) -> [Double] {
            let samples = stride(from: offset, to: bytes.count - 1, by: 4).map {
                Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8)
            }
            let loud = samples.enumerated().filter { abs(Int($0.element)) > 5_000 }.map(\.offset)
            let first = zip([-8_000] + loud, loud).filter { $1 - $0 > 2_000 }.map { Double($1) }
            return first.map { seconds - 30 + $0 / 8_000 }
        }
        return (side(0), side(2), seconds)
    }

    @Test(
        "both sides lie within 20 ms of where they were said, though one clock is 200 ppm off",
        arguments: [0.9998, 1.0002])
    func alignment(speed: Double) throws {
        let call = LongCall()
        let caller = Party(port: 5_000)
        let agent = Party(port: 5_002)
        // Talking in turns: an hour of packets would be checked for a minute.
        caller.rhythm = (2, 18)
        agent.rhythm = (2, 18)
        caller.speed = speed
        caller.words = Self.ticks()
        agent.words = caller.words
        let legs = (call.connect(caller), call.connect(agent))
        call.handle(.bridge(legs.0, legs.1))
        call.handle(.record(legs.0, recording: 1))
        let header = JournalHeader(
            contact: "hour", startedAt: 1_700_000_000_000, origin: Instant(nanoseconds: 1_000_000_000))
        var writer = JournalWriter(header)
        var journal: [UInt8] = []
        call.onTap = { block, payload in writer.append(block, payload: payload) }
        for _ in 0..<60 {
            call.run(seconds: 60)
            journal += writer.takeBytes()
        }
        writer.end(.closed, lost: 0)
        journal += writer.takeBytes()
        let folder = try TemporaryFolder()
        try folder.write(journal, as: "j.cjr")
        let report = try Renderer.render(journal: "\(folder.path)/j.cjr", to: "\(folder.path)/out.wav", format: .wav)
        #expect(report.left.packets == caller.said && report.right.packets == agent.said)
        let (left, right, seconds) = try Self.ends(of: "\(folder.path)/out.wav")
        #expect(seconds > 3_580)
        // The last words of both were begun at 3,580 s of each clock; a packet arrives when its 20 ms are said.
        for (side, speed) in [(left, speed), (right, 1)] {
            let ticks = side.filter { (3_570..<3_590).contains($0) }
            let said = [3_580, 3_581].map { $0 / speed + 0.02 }
            #expect(ticks.count == 2)
            #expect(zip(ticks, said).allSatisfy { abs($0 - $1) < 0.02 }, "\(ticks)")
        }
    }
}
