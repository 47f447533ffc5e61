// What the editor answers, as the page reads it (JSON).

import Foundation
import IVR
public import Store
import YAML

/// One line of the list of hotlines.
public struct HotlineFileSummary: Sendable {
    public let file: String
    public let title: String
    public let numbers: [String]
    /// Calls are led by it; not so a file that was put into the folder since the last reload.
    public let isServed: Bool
    /// The one that went live last.
    public let version: HotlineVersion?
    /// That are going on now.
    public let calls: [Calls]

    public struct Calls: Sendable {
        /// Nil for a version that is forgotten.
        public let version: Int?
        public let count: Int
    }
}

/// A file as the editor begins with it.
public struct OpenHotline: Sendable, Encodable {
    public let file: String
    public let title: String
    public let text: String
    /// Names this text when it is published.
    public let digest: String
    public let isWritable: Bool
    /// The text on disk is the one by which calls are led.
    public let isServed: Bool
}

/// What the checker finds in a text.
public struct CheckedText: Sendable, Encodable {
    public struct Finding: Sendable, Encodable {
        /// Of another file; nil: of the one that is edited.
        public let file: String?
        /// From 1.
        public let line: Int
        /// From 0, in UTF-16 code units, as scripts count: the word that the finding speaks of.
        public let from: Int
        public let to: Int
        /// `error` or `warning`.
        public let severity: String
        public let code: String
        /// What a finding of that code is, in general.
        public let kind: String
        public let message: String
        public let hint: String?
    }

    public let findings: [Finding]
    public let errors: Int
    public let warnings: Int

    init(_ findings: [Finding]) {
        self.findings = findings
        errors = findings.count { $0.severity == "error" }
        warnings = findings.count - errors
    }
}

extension CheckedText.Finding {
    /// - Parameter name: the file that is edited; nil: the one that the source says.
    init(_ finding: YAML.Finding, in source: SourceText, of name: String? = nil, language: ReportLanguage) {
        let place = (finding.file as NSString).lastPathComponent
        let isOwn = place == name ?? (source.file as NSString).lastPathComponent
        let range = isOwn ? Self.word(at: finding.position, in: source) : 0..<0
        self.init(
            file: isOwn ? nil : place, line: finding.position.line, from: range.lowerBound, to: range.upperBound,
            severity: finding.severity.rawValue, code: finding.code, kind: finding.kind?.text(in: language) ?? "",
            message: finding.sentence.text(in: language), hint: finding.advice?.text(in: language))
    }

    /// From the place to the end of what stands there: of a quoted text, or of a word.
    private static func word(at position: Position, in source: SourceText) -> Range<Int> {
        let line = Array(source.line(position.line))
        let start = min(position.column - 1, line.count)
        var end = start
        if start < line.count, line[start] == "\"" || line[start] == "'" {
            end = line[(start + 1)...].firstIndex(of: line[start]).map { $0 + 1 } ?? line.count
        } else {
            while end < line.count, !line[end].isWhitespace, !",]}".contains(line[end]), line[end] != ":" { end += 1 }
        }
        let before = line[..<start].reduce(0) { $0 + $1.utf16.count }
        let within = line[start..<max(end, min(start + 1, line.count))].reduce(0) { $0 + $1.utf16.count }
        return before..<(before + within)
    }
}

/// What came of the tests of a text.
public struct TestedText: Sendable, Encodable {
    public struct Result: Sendable, Encodable {
        public let name: String
        public let line: Int
        public let hasPassed: Bool
        /// One line; of a test that failed what was expected and the whole call.
        public let text: String
    }

    public let results: [Result]
}

/// What differs between two texts.
public struct TextDifference: Sendable, Encodable {
    public struct Line: Sendable, Encodable {
        /// `same`, `removed`, `added` or `gap`.
        public let kind: String
        public let old: Int?
        public let new: Int?
        public let text: String
    }

    /// What it means for callers; nil when one of the two has errors.
    public let sentences: [String]?
    public let lines: [Line]

    init(sentences: [String]?, lines: LineDifference) {
        self.sentences = sentences
        self.lines = lines.lines.map { Line(kind: $0.kind.rawValue, old: $0.old, new: $0.new, text: $0.text) }
    }
}
