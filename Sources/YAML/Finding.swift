// What a checker says about one place in a file.

/// One message about one place: a stable code, one sentence, the line with a caret and, where there is one, a hint.
public struct Finding: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable {
        case error
        case warning
    }

    public let file: String
    public let position: Position
    public let severity: Severity
    /// Stable, for looking up: `E010`, `W033`.
    public let code: String
    /// One sentence without a full stop.
    public let sentence: FindingText
    /// What to write instead, when it can be guessed.
    public let advice: FindingText?
    /// The line the finding speaks of; empty when there is none to show.
    public let sourceLine: String

    public init(
        file: String, position: Position, severity: Severity, code: String, message: FindingText,
        hint: FindingText? = nil, sourceLine: String = ""
    ) {
        self.file = file
        self.position = position
        self.severity = severity
        self.code = code
        sentence = message
        advice = hint
        self.sourceLine = sourceLine
    }

    /// The sentence in English, as logs and tests have it.
    public var message: String { sentence.text(in: .en) }
    public var hint: String? { advice?.text(in: .en) }

    public var text: String { text(in: .en) }

    /// As a terminal shows it: `file:line:column: error E010: …`, the line, the caret, the hint.
    public func text(in language: ReportLanguage) -> String {
        let kind =
            switch severity {
            case .error: language.text("błąd", "error")
            case .warning: language.text("ostrzeżenie", "warning")
            }
        let place = "\(file):\(position.line):\(position.column)"
        var lines = ["\(place): \(kind) \(code): \(sentence.text(in: language))"]
        if !sourceLine.isEmpty {
            let (shown, caret) = excerpt
            lines.append("    " + shown)
            lines.append("    " + String(repeating: " ", count: caret) + "^")
        }
        if let advice {
            lines.append("    " + language.text("wskazówka", "hint") + ": " + advice.text(in: language))
        }
        return lines.joined(separator: "\n")
    }

    /// The source line, cut to a window around the caret when it is long, and the characters before the caret.
    private var excerpt: (String, Int) {
        let width = 100
        let caret = sourceLine.prefix(max(position.column - 1, 0)).count
        // A line may be as long as the file: only what is shown is looked at.
        let isLong = !sourceLine.dropFirst(width).isEmpty
        let start = isLong && caret >= width - 20 ? caret - 40 : 0
        let window = sourceLine.dropFirst(start).prefix(width)
        let head = start > 0 ? "…" : ""
        let tail = window.endIndex < sourceLine.endIndex ? "…" : ""
        let shown = String(window.map { $0.isNewline || Self.isControl($0) ? " " : $0 })
        return (head + shown + tail, caret - start + head.count)
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension Sequence where Element == Finding {
    /// Errors first, then warnings, each in the order of the files and of their lines.
    public var inReadingOrder: [Finding] {
        sorted { a, b in
            if a.severity != b.severity { return a.severity == .error }
            if a.file != b.file { return a.file < b.file }
            return (a.position, a.code, a.message) < (b.position, b.code, b.message)
        }
    }

    public var hasErrors: Bool { contains { $0.severity == .error } }
}
