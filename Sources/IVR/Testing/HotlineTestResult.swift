// What came of one in-file test, as a person reads it.

/// What came of one test.
public struct HotlineTestResult: Sendable {
    /// One line of the trace.
    public struct Line: Sendable {
        /// Since the call was answered.
        public let at: Duration
        /// `hear menu`; what the caller and the consultants do stands in brackets.
        public let text: String
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
    public var text: String {
        guard failed != nil else { return "ok      \(name)" }
        return (["FAILED  \(name)  (\(file):\(line))"] + story.map { "    " + $0 }).joined(separator: "\n")
    }

    /// What was expected, and the call.
    var story: [String] {
        var lines = ["expected, in this order:"]
        for (index, text) in expected.enumerated() {
            let mark = index < failed ?? expected.count ? "+" : index == failed ? "-" : " "
            lines.append("  \(mark) \(text)" + (index == failed ? "    <- did not happen" : ""))
        }
        lines.append("the call:")
        for line in trace {
            let seconds = Int(line.at.components.seconds)
            lines.append("  \(Self.twoDigits(seconds / 60)):\(Self.twoDigits(seconds % 60))  \(line.text)")
        }
        return lines
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
