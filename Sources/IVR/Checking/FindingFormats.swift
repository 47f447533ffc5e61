// Findings for machines: JSON for editors, SARIF 2.1.0 (OASIS) for what reads reports of analysers.

import Foundation
public import YAML

extension CheckReport {
    /// One object: `files`, `errors`, `warnings`, and `findings` with `file`, `line`, `column` (from 1, in characters),
    /// `severity`, `code`, `message`, `source` and, where there is one, `hint`.
    public func json(in language: ReportLanguage) -> String {
        Self.encoded(
            JSONReport(
                files: files, errors: errorCount, warnings: warningCount,
                findings: findings.map { JSONFinding($0, language) }))
    }

    /// Columns are those of `Finding`; a letter with its accent stored apart counts as one.
    public func sarif(in language: ReportLanguage) -> String {
        let rules = FindingCode.all.map {
            SARIF.Rule(id: $0.code, shortDescription: SARIF.Message(text: $0.note.text(in: language)))
        }
        let tool = SARIF.Tool(driver: SARIF.Driver(name: "centrala", rules: rules))
        let results = findings.map { SARIF.Result($0, language) }
        return Self.encoded(
            SARIF(
                schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
                runs: [SARIF.Run(tool: tool, columnKind: "unicodeCodePoints", results: results)]))
    }

    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("texts and numbers can be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

private struct JSONReport: Encodable {
    let files: Int
    let errors: Int
    let warnings: Int
    let findings: [JSONFinding]
}

private struct JSONFinding: Encodable {
    let file: String
    let line: Int
    let column: Int
    let severity: String
    let code: String
    let message: String
    let source: String
    let hint: String?

    init(_ finding: Finding, _ language: ReportLanguage) {
        file = finding.file
        line = finding.position.line
        column = finding.position.column
        severity = finding.severity.rawValue
        code = finding.code
        message = finding.sentence.text(in: language)
        source = finding.sourceLine
        hint = finding.advice?.text(in: language)
    }
}

private struct SARIF: Encodable {
    struct Message: Encodable { let text: String }

    struct Rule: Encodable {
        let id: String
        let shortDescription: Message
    }

    struct Driver: Encodable {
        let name: String
        let rules: [Rule]
    }

    struct Tool: Encodable { let driver: Driver }

    struct Run: Encodable {
        let tool: Tool
        let columnKind: String
        let results: [Result]
    }

    struct Result: Encodable {
        struct Location: Encodable { let physicalLocation: Place }

        struct Place: Encodable {
            let artifactLocation: Artifact
            let region: Region
        }

        struct Artifact: Encodable { let uri: String }

        struct Region: Encodable {
            let startLine: Int
            let startColumn: Int
        }

        let ruleId: String
        let level: String
        let message: Message
        let locations: [Location]

        init(_ finding: Finding, _ language: ReportLanguage) {
            ruleId = finding.code
            level = finding.severity.rawValue
            let hint = finding.advice.map { " (\($0.text(in: language)))" } ?? ""
            message = Message(text: finding.sentence.text(in: language) + hint)
            let uri = finding.file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? finding.file
            let region = Region(startLine: finding.position.line, startColumn: finding.position.column)
            locations = [Location(physicalLocation: Place(artifactLocation: Artifact(uri: uri), region: region))]
        }
    }

    let schema: String
    let version: String
    let runs: [Run]

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version, runs
    }
}
