// Reading mappings and scalars by a schema.

import Testing

@testable import YAML

struct ReadingTests {
    private func reader(_ text: String) throws -> MappingReader {
        let (root, log) = YAMLComposer.compose(text, file: "f")
        return MappingReader(try #require(root), .name("the test"), log: log)
    }

    @Test func unknownAndMissingKeysAreTold() throws {
        let reader = try reader("ring: 5s\nrign: 6s\n")
        _ = reader.required("ring")
        _ = reader.required("agents")
        reader.finish()
        #expect(
            reader.log.findings.map(\.message) == ["the test has no 'agents'", "the test has no option 'rign'"])
        #expect(reader.log.findings[1].hint == "did you mean 'ring'?")
    }

    @Test(arguments: [
        ("15s", 15), ("3m", 180), ("2h", 7_200), ("90d", 7_776_000), ("0s", 0),
    ])
    func durationsAreWords(words: String, seconds: Int) {
        #expect(Duration(words: words) == .seconds(seconds))
        #expect(Duration.seconds(seconds).words == words)
    }

    @Test(arguments: ["", "s", "15", "-3m", "+3m", "1.5h", "3 m", "3M", "99999999999999999999s", "15sek", "1m30s"])
    func whatIsNoDurationIsNone(words: String) {
        #expect(Duration(words: words) == nil)
    }

    @Test func valuesNotOfTheirTypeAreTold() throws {
        let reader = try reader("a: x\nb: 11\nc: [1]\nd: {}\ne: 1h\nf: 'off'\ng: tak\n")
        #expect(reader.log.integer(reader.node("a"), .name("a"), in: 1...10) == nil)
        #expect(reader.log.integer(reader.node("b"), .name("b"), in: 1...10) == nil)
        #expect(reader.log.text(reader.node("c"), .name("c")) == nil)
        #expect(reader.log.list(reader.node("d"), .name("d")) == nil)
        #expect(reader.log.duration(reader.node("e"), .name("e"), in: .seconds(1) ... .seconds(600)) == nil)
        #expect(reader.log.flag(reader.node("f"), .name("f")) == false)
        #expect(reader.log.flag(reader.node("g"), .name("g")) == nil)
        #expect(reader.log.findings.map(\.position.line) == [1, 2, 3, 4, 5, 7])
        #expect(reader.log.findings.allSatisfy { $0.code == "E005" })
    }

    @Test func oneTextStandsForAListOfOne() throws {
        let reader = try reader("a: x\nb: [y, z]\n")
        #expect(reader.log.list(reader.node("a"), .name("a"))?.map(\.text) == ["x"])
        #expect(reader.log.list(reader.node("b"), .name("b"))?.map(\.text) == ["y", "z"])
    }
}
