// Journals: what goes in comes out, and nothing that happens to the file goes unnoticed.

import Media
import TestTools
import Testing
import Timing

@testable import Recorder

@Suite("Journal")
struct JournalTests {
    struct Reading: Equatable {
        var entries: [JournalEntry] = []
        var payloads: [[UInt8]] = []
        var ending = Journal.Ending.interrupted
        var damages = 0
        var place = 0
    }

    private func read(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> Reading {
        try folder.write(bytes, as: "j.cjr")
        var journal = try Journal(path: "\(folder.path)/j.cjr")
        var reading = Reading()
        while journal.nextSegment({ entry, payload in
            reading.entries.append(entry)
            reading.payloads.append(Array(payload))
        }) {}
        reading.ending = journal.ending
        reading.damages = journal.damages
        reading.place = journal.place
        return reading
    }

    /// Two segments of two small packets each, and the end.
    private func small() -> [UInt8] {
        var writer = JournalWriter(Recording.header())
        for number in 0..<4 {
            let block = TapBlock(
                recording: 1, side: number % 2 == 0 ? .left : .right, codec: .pcma, flags: [],
                at: Recording.origin + .milliseconds(20 * number), rtpTimestamp: UInt32(160 * number),
                sequence: UInt16(number), ssrc: SSRC(rawValue: 9), length: 5)
            [UInt8](repeating: UInt8(number), count: 5).withUnsafeBytes { writer.append(block, payload: $0) }
            if number == 1 { writer.seal() }
        }
        writer.end(.closed, lost: 0)
        return writer.takeBytes()
    }

    @Test("all payloads come back with everything that was known of them")
    func roundTrip() throws {
        var recording = Recording()
        try recording.add(
            Sound.sine(400, rate: 8_000, milliseconds: 3_000), side: .left, codec: .pcma, start: 15,
            sequence: 65_500, timestamp: .max - 500)
        try recording.add(
            Sound.sine(400, rate: 16_000, milliseconds: 3_000), side: .right, codec: .opus, start: 22, ssrc: .max)
        let reading = try read(recording.journal(), in: TemporaryFolder())
        let packets = recording.packets.sorted { $0.block.at < $1.block.at }
        #expect(reading.payloads == packets.map(\.payload))
        #expect(reading.entries == packets.map { JournalEntry($0.block, origin: Recording.origin) })
        #expect(reading.ending == .closed)
        #expect(reading.damages == 0)
    }

    @Test("a codec keeps its number: old journals stay readable")
    func codecs() {
        #expect([Codec.pcmu, .pcma, .opus, .g722].map(\.rawValue) == [0, 1, 2, 3])
    }

    @Test("no segment is longer than a second")
    func segments() throws {
        var recording = Recording()
        try recording.add(Sound.silence(rate: 8_000, milliseconds: 3_500), side: .left, codec: .pcmu, start: 0)
        let folder = try TemporaryFolder()
        try folder.write(recording.journal(end: nil), as: "j.cjr")
        var journal = try Journal(path: "\(folder.path)/j.cjr")
        var counts: [Int] = []
        var count = 0
        while journal.nextSegment({ _, _ in count += 1 }) {
            counts.append(count)
            count = 0
        }
        #expect(counts == [50, 50, 50, 25])
        #expect(journal.ending == .interrupted)
    }

    @Test("every truncation gives the whole segments before it and says that it is not complete")
    func truncations() throws {
        let folder = try TemporaryFolder()
        let whole = small()
        let header = Recording.header().bytes.count
        let full = try read(whole, in: folder)
        let segment = JournalSegment.headLength + 2 * (JournalEntry.headLength + 5)
        for length in 0..<whole.count {
            guard length >= header else {
                #expect(throws: JournalError.notAJournal) { try read(Array(whole[..<length]), in: folder) }
                continue
            }
            let reading = try read(Array(whole[..<length]), in: folder)
            let segments = min((length - header) / segment, 2)
            #expect(reading.entries == Array(full.entries[..<(2 * segments)]))
            #expect(reading.ending != .closed)
            #expect(reading.place == header + segments * segment)
            let rest = length - header - segments * segment
            #expect(reading.ending == (rest == 0 ? .interrupted : .torn(bytes: rest)))
            #expect(reading.damages == 0)
        }
    }

    @Test("every flipped bit of a small journal is noticed, and at most one segment is lost by it")
    func flips() throws {
        let folder = try TemporaryFolder()
        let whole = small()
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << bit
                guard let reading = try? read(bytes, in: folder) else {
                    #expect(place < Recording.header().bytes.count)
                    continue
                }
                #expect(reading.damages > 0 || reading.ending != .closed, "byte \(place), bit \(bit)")
                #expect(reading.entries.count >= 2)
            }
        }
    }

    @Test("a segment taken out, doubled or exchanged is noticed")
    func tampering() throws {
        let folder = try TemporaryFolder()
        let whole = small()
        let header = Recording.header().bytes.count
        let length = JournalSegment.headLength + 2 * (JournalEntry.headLength + 5)
        let (first, second) = (whole[header..<header + length], whole[header + length..<header + 2 * length])
        let (start, end) = (whole[..<header], whole[(header + 2 * length)...])
        for bytes in [
            start + second + end, start + first + end, start + second + first + end,
            start + first + first + second + end,
        ] {
            let reading = try read(Array(bytes), in: folder)
            #expect(reading.damages > 0)
        }
        // Another payload under a new checksum: only the chain knows.
        var forged = second
        forged[forged.endIndex - 1] ^= 1
        let link = Array(forged[(forged.startIndex + 16)..<(forged.startIndex + 48)])
        var remade = Array(forged)
        _ = remade.withUnsafeMutableBytes { JournalSegment.seal(.payloads, number: 1, $0, after: []) }
        let bytes = start + first + remade[..<16] + link + remade[48...] + end
        #expect(try read(Array(bytes), in: folder).damages > 0)
        #expect(try read(whole + [0], in: folder).ending == .torn(bytes: 1))
    }

    @Test("what is no journal, and what is not there, is refused")
    func strangers() throws {
        let folder = try TemporaryFolder()
        #expect(throws: JournalError.notAJournal) { try read([], in: folder) }
        #expect(throws: JournalError.notAJournal) { try read(Array(repeating: 0x41, count: 500), in: folder) }
        #expect(throws: JournalError.self) { _ = try Journal(path: "\(folder.path)/none") }
    }

    @Test("only plain names are contacts")
    func contacts() {
        for name in ["a", "0f3c-9_B", String(repeating: "x", count: 64)] {
            #expect(JournalHeader.isUsable(contact: name))
        }
        for name in ["", "a/b", "..", "a b", "ż", "a\0", String(repeating: "x", count: 65)] {
            #expect(!JournalHeader.isUsable(contact: name))
        }
    }
}
