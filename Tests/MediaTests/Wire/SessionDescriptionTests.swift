// SDP bodies: good ones, bad ones, huge ones, broken ones.

import TestTools
import Testing

@testable import Media

@Suite struct SessionDescriptionTests {
    private static let small = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

    private func error(_ text: String) -> SDPError? {
        do {
            _ = try SessionDescription(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: SDPFixture.allCases)
    func `What is printed reads back the same`(fixture: SDPFixture) throws {
        let session = try SessionDescription(parsing: fixture.text)
        #expect(try SessionDescription(parsing: session.text) == session)
        #expect(session.media.first?.kind == "audio")
    }

    @Test func `Line ends may be CR LF or LF, and unknown lines are read over`() throws {
        let text = "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=x\nz=0 0\ny=?\nm=audio 4000 RTP/AVP 8\n"
        let session = try SessionDescription(parsing: text)
        #expect(session.media.count == 1)
        #expect(session.media[0].formats == ["8"])
    }

    @Test func `Attributes belong to the section they follow`() throws {
        let text = Self.small + "a=sendonly\r\nm=audio 1 RTP/AVP 0\r\na=ptime:30\r\nm=video 2 RTP/AVP 96\r\na=x:y:z\r\n"
        let session = try SessionDescription(parsing: text)
        #expect(session.attributes == [SDPAttribute("sendonly")])
        #expect(session.media[0].attributes == [SDPAttribute("ptime", "30")])
        #expect(session.media[1].value("x") == "y:z")
    }

    @Test(arguments: [
        "m=audio -1 RTP/AVP 0", "m=audio 65536 RTP/AVP 0", "m=audio 4294967296 RTP/AVP 0", "m=audio +5 RTP/AVP 0",
        "m=audio 5/x RTP/AVP 0", "m=audio 5 RTP/AVP", "m=audio", "c=IN IP5 1.2.3.4", "c=IN IP4", "c=XX IP4 1.2.3.4",
        "o=- 1 1 IN IP4 192.0.2.1", "=", "x", "a=", "a=:x",
    ])
    func `A line that would send media astray is an error at its line`(line: String) {
        #expect(error(Self.small + line + "\r\n") == .malformed(line: 6))
    }

    @Test func `Without version and origin it is no session description`() {
        #expect(error("") == .incomplete)
        #expect(error("v=1\r\n") == .incomplete)
        #expect(error("v=0\r\ns=-\r\n") == .incomplete)
        #expect(error("hello") == .malformed(line: 1))
        #expect(error("v=0\r\no=- 1 1 IN IP4 192.0.2.1\u{0}\r\n") == .malformed(line: 2))
    }

    @Test func `Bombs are refused`() {
        let line = "a=x\r\n"
        #expect(error(Self.small + String(repeating: line, count: 513)) == .tooMany(line: 518))
        let media = "m=audio 1 RTP/AVP 0\r\n"
        #expect(error(Self.small + String(repeating: media, count: 17)) == .tooMany(line: 22))
        #expect(error(Self.small + media + String(repeating: line, count: 513)) == .tooMany(line: 519))
        let formats = String(repeating: " 0", count: 129)
        #expect(error(Self.small + "m=audio 1 RTP/AVP\(formats)\r\n") == .tooMany(line: 6))
        #expect(error(Self.small + "a=" + String(repeating: "x", count: 65_536) + "\r\n") == .tooLong)
        #expect(error(Self.small + "a=" + String(repeating: "x", count: 60_000) + "\r\n") == nil)
    }

    @Test(arguments: SDPFixture.allCases)
    func `Every truncation fails cleanly or gives a description that can be answered or refused`(fixture: SDPFixture) {
        let bytes = Array(fixture.text.utf8)
        for length in 0..<bytes.count { exercise(bytes.prefix(length)) }
    }

    @Test(arguments: SDPFixture.allCases)
    func `Mutated descriptions never trap, in parser, printer or negotiation`(fixture: SDPFixture) {
        var generator = SeededGenerator(seed: 8_866)
        let original = Array(fixture.text.utf8)
        for _ in 0..<600 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                SDPMutation.apply(to: &bytes, using: &generator)
            }
            exercise(bytes[...])
        }
    }

    private func exercise(_ bytes: ArraySlice<UInt8>) {
        guard let session = try? SessionDescription(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
        #expect((try? SessionDescription(parsing: session.text)) == session)
        _ = try? Negotiation.answer(session, local: .browserFacing)
        _ = try? Negotiation.answer(session, local: .phoneFacing)
        let offer = Negotiation.offer(local: .phoneFacing, hold: false)
        _ = try? Negotiation.accept(session, to: offer, local: .phoneFacing)
    }
}

/// Damage as a hostile or broken peer would do it.
private enum SDPMutation {
    private static let numbers = ["-1", "0", "65536", "4294967296", "18446744073709551616", "", "1e9", "٣"]

    static func apply(to bytes: inout [UInt8], using generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, index + Int.random(in: 1...40, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(index..<end)
        case 2: bytes.insert(contentsOf: bytes[index..<end], at: index)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        case 4:
            let number = numbers[Int.random(in: 0..<numbers.count, using: &generator)]
            let digits = bytes[index...].firstIndex { (48...57).contains($0) } ?? index
            bytes.replaceSubrange(digits..<(digits + 1), with: Array(number.utf8))
        default: bytes.swapAt(index, end - 1)
        }
    }
}
