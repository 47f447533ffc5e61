// The JSON Schema against the reader: what the one takes for a key, a type, a must, the other takes too.

import Foundation
import Testing
import YAML

@testable import IVR

struct SchemaTests {
    private let schema = SchemaCheck(HotlineSchema.root)

    private func complaints(_ text: String) -> [SchemaCheck.Complaint] {
        guard let root = YAMLComposer.compose(text, file: "f").root else { return [] }
        return schema.complaints(root)
    }

    @Test(arguments: ["infolinia.yaml", "everything.yaml", "helpline.yaml"])
    func goodFilesFit(file: String) throws {
        #expect(complaints(try Fixture.text(Fixture.path(file))).map(\.text) == [])
    }

    @Test func itIsJSONThatNamesItsDraft() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(HotlineSchema.json.utf8)) as? [String: Any]
        #expect(parsed?["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
        #expect((parsed?["definitions"] as? [String: Any])?.count == HotlineSchema.shapes.count + 1)
    }

    /// The file with everything has every key of the table, so that the next test meets each.
    @Test func everyKeyOfTheTableIsUsed() throws {
        let root = try #require(YAMLComposer.compose(try Fixture.text(Fixture.path("everything.yaml")), file: "f").root)
        let used = schema.usedKeys(root)
        for shape in HotlineSchema.shapes + [LanguageTable.file] {
            let missing = shape.keys.map(\.name).filter { !used.contains("\(shape.name).\($0)") }
            // Polish and English have no form "two".
            #expect(missing.filter { "\(shape.name).\($0)" != "forms.two" } == [], "\(shape.name)")
        }
    }

    /// Every key of every mapping is misspelt once: both call it unknown, or both do not; and both miss what was there.
    @Test func readerAndSchemaKnowTheSameKeys() throws {
        let text = try Fixture.text(Fixture.path("everything.yaml"))
        let root = try #require(YAMLComposer.compose(text, file: "f").root)
        let entries = Self.entries(root)
        #expect(entries.count > 300)
        for entry in entries {
            let changed = Self.replaced(text, at: entry.keyPosition, entry.key, entry.key + "q")
            let findings = Fixture.check(changed).findings
            let complaints = complaints(changed)
            let line = entry.keyPosition.line
            if Self.isKind(entry, in: root) {
                #expect(findings.hasErrors && !complaints.isEmpty, "line \(line) '\(entry.key)'")
                continue
            }
            let isUnknown = findings.contains {
                $0.position == entry.keyPosition && ["E002", "E005", "E042", "E004"].contains($0.code)
            }
            let isRefused = complaints.contains { $0.kind == .unknownKey && $0.position == entry.keyPosition }
            #expect(isUnknown == isRefused, "line \(line) '\(entry.key)'")
            // Whether these must be there depends on others: the schema does not say it of one key alone.
            guard !["full", "max_wait"].contains(entry.key),
                !findings.contains(where: { $0.message.contains(" needs ") })
            else { continue }
            let isMissed = findings.contains { $0.message.contains("has no '\(entry.key)'") }
            let isRequired = complaints.contains { $0.kind == .missing(entry.key) }
            #expect(isMissed == isRequired, "line \(line) '\(entry.key)' required")
        }
    }

    /// The key that makes a step what it is: without it nobody can say which keys it may have.
    private static func isKind(_ entry: YAMLEntry, in root: YAMLNode) -> Bool {
        guard case .mapping(let sections) = root.content,
            case .mapping(let steps)? = sections.first(where: { $0.key == "steps" })?.value.content
        else { return false }
        return steps.contains { step in
            guard case .mapping(let options) = step.value.content else { return false }
            return options.first?.keyPosition == entry.keyPosition
        }
    }

    /// Whatever value the schema refuses, the checker refuses: no editor cries wolf.
    @Test func whatTheSchemaRefusesTheCheckerRefuses() throws {
        let text = try Fixture.text(Fixture.path("everything.yaml"))
        let root = try #require(YAMLComposer.compose(text, file: "f").root)
        var refused = 0
        let values = ["'?!'", "[x, x]", "{ x: x }", "-1", "on", "9m"]
        for (index, (scalar, position)) in Self.scalars(root).enumerated() where index % 2 == 0 {
            let value = values[index / 2 % values.count]
            let changed = Self.replaced(text, at: position, Self.written(scalar, text, position), value)
            guard changed != text, !complaints(changed).isEmpty else { continue }
            refused += 1
            let hasError = Fixture.check(changed).findings.hasErrors
            #expect(hasError, "line \(position.line): \(scalar) as \(value)")
        }
        #expect(refused > 80)
    }

    private static func entries(_ node: YAMLNode) -> [YAMLEntry] {
        switch node.content {
        case .scalar: []
        case .sequence(let nodes): nodes.flatMap(entries)
        case .mapping(let entries): entries + entries.flatMap { Self.entries($0.value) }
        }
    }

    private static func scalars(_ node: YAMLNode) -> [(String, Position)] {
        switch node.content {
        case .scalar(let text): [(text, node.position)]
        case .sequence(let nodes): nodes.flatMap(scalars)
        case .mapping(let entries): entries.flatMap { scalars($0.value) }
        }
    }

    /// With its quotes, where it has some.
    private static func written(_ scalar: String, _ text: String, _ position: Position) -> String {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)[position.line - 1]
        return line.dropFirst(position.column - 1).first == "\"" ? "\"\(scalar)\"" : scalar
    }

    private static func replaced(_ text: String, at position: Position, _ old: String, _ new: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let line = lines[position.line - 1]
        var start = line.index(line.startIndex, offsetBy: position.column - 1)
        let isQuotedKey = line[start] == "\"" && !old.hasPrefix("\"")
        if isQuotedKey { start = line.index(after: start) }
        guard line[start...].hasPrefix(old) else { return text }
        let end = line.index(start, offsetBy: old.count)
        lines[position.line - 1] = line[..<start] + new + line[end...]
        return lines.joined(separator: "\n")
    }
}
