// The composer: places, duplicates, refusals, limits.

import Glibc
import Testing

@testable import YAML

struct YAMLComposerTests {
    private func findings(_ text: String) -> [String] {
        YAMLComposer.compose(text, file: "f").log.findings.map {
            "\($0.position.line):\($0.position.column) \($0.code)"
        }
    }

    private func entries(_ text: String) throws -> [YAMLEntry] {
        let root = try #require(YAMLComposer.compose(text, file: "f").root)
        guard case .mapping(let entries) = root.content else {
            Issue.record("not a mapping")
            return []
        }
        return entries
    }

    @Test func scalarsKeepTheTextThatWasWritten() throws {
        let entries = try entries("a: 8:00\nb: +48222500100\nc: no\n1: 0x1F\non: ~\nd:\n")
        #expect(entries.map(\.key) == ["a", "b", "c", "1", "on", "d"])
        #expect(entries.map(\.value.text) == ["8:00", "+48222500100", "no", "0x1F", "~", ""])
    }

    @Test func columnsCountLettersAsAPersonDoes() throws {
        let composed = "zażółć: gęślą # jaźń\nł: { ż: 1, o\u{301}: 2, x: 3 }\n"
        let entries = try entries(composed)
        #expect(entries[0].value.position == Position(line: 1, column: 9))
        guard case .mapping(let inner) = entries[1].value.content else { return }
        #expect(inner.map(\.keyPosition.column) == [6, 12, 18])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func linesEndAsEditorsEndThem(end: String) throws {
        let text = ["ą: 1", "b:", "  c: ź", "", "d: 4", ""].joined(separator: end)
        let entries = try entries(text)
        #expect(entries.map(\.keyPosition.line) == [1, 2, 5])
        let source = SourceText(file: "f", text: text)
        #expect((1...6).map(source.line) == ["ą: 1", "b:", "  c: ź", "", "d: 4", ""])
    }

    @Test func everyDuplicateIsToldWithTheLineOfTheFirst() {
        let log = YAMLComposer.compose("a: 1\nb:\n  c: 1\n  c: 2\na: 2\na: 3\n", file: "f").log
        #expect(
            log.findings.map(\.message) == [
                "'c' is given twice; the first one is on line 3", "'a' is given twice; the first one is on line 1",
                "'a' is given twice; the first one is on line 1",
            ])
        #expect(log.findings.map(\.position.line) == [4, 5, 6])
    }

    @Test func anchorsAliasesTagsAndDirectivesAreRefusedAllInOnePass() {
        #expect(
            findings("%YAML 1.1\n---\na: &x 1\nb: *x\nc: !!int 5\nd: !own { e: *y }\n")
                == ["1:1 E007", "3:4 E007", "4:4 E007", "5:4 E007", "6:4 E007", "6:14 E007"])
    }

    @Test func tabsAreRefusedOnceALine() {
        #expect(findings("a:\t1\nb:\t\t2\n\tc: 3\n").prefix(3) == ["1:3 E001", "2:3 E001", "3:1 E001"])
    }

    @Test func whatIsNotYAMLIsToldAtItsPlace() {
        #expect(findings("a: [1, 2\nb: 3\n") == ["2:2 E001"])
        #expect(findings("a: \"ą\nb") == ["2:2 E001"])
        #expect(findings("a: ą\u{1}b\n") == ["1:5 E001"])
        #expect(findings("") == ["1:1 E001"])
        #expect(findings("a: 1\n---\nb: 2\n") == ["2:1 E001"])
        #expect(findings("[a]: 1\n") == ["1:1 E001"])
    }

    /// Printed: how long the slowest takes.
    @Test func bombsAreRefusedWithOneClearError() {
        let bombs = [
            (String(repeating: "[", count: 200_000), "1:21 E006"),
            (String(repeating: "{a: ", count: 200_000), "1:78 E006"),
            (String(repeating: "- ", count: 200_000), "1:41 E006"),
            (String(repeating: "? ", count: 200_000), "1:41 E006"),
            ("[" + String(repeating: "a,", count: 20_000) + "]", "1:20000 E006"),
            (String(repeating: "a", count: YAMLComposer.maximumBytes + 1), "1:1 E006"),
            ("a: " + String(repeating: "a", count: 1_000_000), "1:4 E006"),
            ("a: " + String(repeating: "ż", count: 500_000), "1:4 E006"),
            ("a: \"" + String(repeating: "\\u0041", count: 150_000) + "\"", "1:4 E006"),
        ]
        var slowest = Duration.zero
        for (text, finding) in bombs {
            let time = ContinuousClock().measure { #expect(findings(text) == [finding]) }
            slowest = max(slowest, time)
        }
        print("bombs of up to a megabyte: the slowest refusal took \(slowest)")
    }

    @Test func aliasesAreNeverExpanded() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let (root, log) = YAMLComposer.compose(bomb, file: "f")
        #expect(root != nil)
        #expect(log.findings.count == 13 + 12 * 9)
        #expect(log.findings.allSatisfy { $0.code == "E007" })
    }

    @Test func anEndlessListOfFindingsEnds() {
        #expect(findings("[" + String(repeating: "*a,", count: 5_000) + "]").count == 500)
    }

    @Test func aFileThatIsNoTextIsToldWithItsLine() throws {
        let path = "/tmp/centrala-yaml-\(UInt64.random(in: 0 ... .max)).yaml"
        #expect(YAMLFile.compose(path: path).log.findings.map(\.code) == ["E008"])
        try write([0xEF, 0xBB, 0xBF] + Array("a: ż\n".utf8), to: path)
        let marked = YAMLFile.compose(path: path)
        #expect(marked.log.findings == [] && marked.root != nil)
        try write(Array("a: ż\nb: x".utf8) + [0xFF, 0x0A], to: path)
        let broken = YAMLFile.compose(path: path).log.findings
        #expect(broken.map(\.position) == [Position(line: 2, column: 5)])
        try write([UInt8](repeating: 0x61, count: YAMLComposer.maximumBytes + 1), to: path)
        #expect(YAMLFile.compose(path: path).log.findings.map(\.code) == ["E006"])
        remove(path)
    }
}

private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}
