// How findings look, and what their hints guess.

import Testing

@testable import YAML

struct FindingTests {
    private func finding(_ line: String, column: Int, hint: FindingText? = nil) -> Finding {
        Finding(
            file: "f.yaml", position: Position(line: 3, column: column), severity: .error, code: "E010",
            message: .name("key 4 leads nowhere"), hint: hint, sourceLine: line)
    }

    @Test func theCaretStandsUnderTheLetter() {
        let text = finding("  zażółć: gęślą", column: 11, hint: "did you mean 'x'?").text
        #expect(
            text == """
                f.yaml:3:11: error E010: key 4 leads nowhere
                      zażółć: gęślą
                              ^
                    hint: did you mean 'x'?
                """)
    }

    @Test func longLinesAreCutAroundTheCaret() {
        let line = String(repeating: "ą", count: 150) + "X" + String(repeating: "b", count: 150)
        let lines = finding(line, column: 151).text.split(separator: "\n")
        let caret = lines[2].count - 1
        #expect(Array(lines[1])[caret] == "X")
        #expect(lines[1].count < 110)
    }

    @Test func linesWithControlCharactersAreShownHarmless() {
        #expect(!finding("a\u{1B}[2Jb", column: 1).text.contains("\u{1B}"))
        #expect(quoted("a\nb") == "'a b'")
        #expect(quoted(String(repeating: "a", count: 100)).count == 60)
    }

    @Test func aFindingPastTheEndOfItsLineStillHasACaret() {
        #expect(finding("ab", column: 9).text.hasSuffix("    ab\n      ^"))
    }

    @Test func errorsComeFirstInFileOrder() {
        let log = FindingLog(source: SourceText(file: "f", text: "a\nb\nc"))
        log.warning("W1", at: Position(line: 1, column: 1), .name("w"))
        log.error("E2", at: Position(line: 3, column: 1), .name("late"))
        log.error("E1", at: Position(line: 2, column: 1), .name("early"))
        #expect(log.findings.inReadingOrder.map(\.code) == ["E1", "E2", "W1"])
        #expect(log.hasErrors)
    }

    @Test func theDistanceCountsSlipsOfTheFingers() {
        let distance = { (a: String, b: String) in Similarity.distance(Array(a), Array(b)) }
        #expect(distance("infromacja", "informacja") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("", "abc") == 3)
        #expect(distance("żółć", "żółć") == 0)
    }

    @Test func hintsAreGivenOnlyWhenNear() {
        let names = ["informacja", "rozmowa", "koniec"]
        #expect(Similarity.hint(for: "infromacja", among: names)?.text(in: .en) == "did you mean 'informacja'?")
        #expect(Similarity.hint(for: "Koniec", among: names)?.text(in: .en) == "did you mean 'koniec'?")
        #expect(Similarity.hint(for: "ankieta", among: names) == nil)
        #expect(Similarity.hint(for: "a", among: ["b"]) == nil)
    }
}
