// What came of one in-file test, as a person reads it.

public import YAML

/// What came of one test.
public struct HotlineTestResult: Sendable {
    /// One line of the trace.
    public struct Line: Sendable {
        /// Since the call was answered.
        public let at: Duration
        /// `hear menu`; what the caller and the consultants do stands in brackets, and is said in the reader's language.
        public let words: FindingText

        public var text: String { words.text(in: .en) }
    }

    public let name: String
    public let file: String
    public let line: Int
    /// What was expected, in order.
    public let expected: [String]
    /// The first expectation that did not come true; nil: all did.
    public let failed: Int?
    public let trace: [Line]

    public var hasPassed: Bool { failed == nil }

    /// One line when it passed; what was expected and the whole call when it did not.
    public func text(in language: ReportLanguage) -> String {
        guard failed != nil else { return language.text("dobrze  ", "ok      ") + name }
        let head = language.text("BŁĄD    ", "FAILED  ") + "\(name)  (\(file):\(line))"
        return ([head] + story(in: language).map { "    " + $0 }).joined(separator: "\n")
    }

    public var text: String { text(in: .en) }

    /// What was expected, and the call.
    private func story(in language: ReportLanguage) -> [String] {
        var lines = [language.text("oczekiwano, w tej kolejności:", "expected, in this order:")]
        let missing = "    <- " + language.text("nie nastąpiło", "did not happen")
        for (index, text) in expected.enumerated() {
            let mark = index < failed ?? expected.count ? "+" : index == failed ? "-" : " "
            lines.append("  \(mark) \(text)" + (index == failed ? missing : ""))
        }
        lines.append(language.text("rozmowa:", "the call:"))
        for line in trace {
            let seconds = Int(line.at.components.seconds)
            lines.append(
                "  \(Self.twoDigits(seconds / 60)):\(Self.twoDigits(seconds % 60))  \(line.words.text(in: language))")
        }
        return lines
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
