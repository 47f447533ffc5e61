// As much of JSON Schema (draft-07) as the schema of the language uses, on YAML nodes.

import YAML

@testable import IVR

/// Validates by a schema; scalars are typed as YAML 1.2 does (core schema).
struct SchemaCheck {
    struct Complaint: Equatable {
        enum Kind: Equatable {
            case unknownKey
            case missing(String)
            case other
        }

        let kind: Kind
        let position: Position
        let text: String
    }

    private let root: JSONValue
    /// Every pattern of the schema, compiled once.
    private let patterns: [String: Regex<AnyRegexOutput>]
    /// What was asked before: the same names come again and again.
    private let answers = Answers()

    private final class Answers { var known: [[String]: Bool] = [:] }

    init(_ root: JSONValue) {
        self.root = root
        var patterns: [String: Regex<AnyRegexOutput>] = [:]
        for pattern in root.patterns { patterns[pattern] = try? Regex(pattern) }
        self.patterns = patterns
    }

    func complaints(_ node: YAMLNode) -> [Complaint] { check(node, root) }

    /// `queue.agents` for every key of a definition that stands in the file.
    func usedKeys(_ node: YAMLNode) -> Set<String> { used(node, root, "file") }

    // MARK: Validation

    private func check(_ node: YAMLNode, _ schema: JSONValue) -> [Complaint] {
        let fields = schema.fields
        if let reference = fields["$ref"]?.text { return check(node, definition(reference)) }
        var complaints: [Complaint] = []
        func complain(_ text: String) {
            complaints.append(Complaint(kind: .other, position: node.position, text: "\(node.position): \(text)"))
        }
        if let type = fields["type"], !type.texts.contains(where: { isOf($0, node) }) {
            complain("is not \(type.texts)")
        }
        if let words = fields["enum"]?.list, !words.contains(where: { isEqual(node, $0) }) {
            complain("is none of \(words)")
        }
        if let pattern = fields["pattern"]?.text, let text = string(node), !matches(text, pattern) {
            complain("does not match \(pattern)")
        }
        if let text = node.text, let number = Int(text), isOf("integer", node) {
            if case .number(let least)? = fields["minimum"], number < least { complain("is below \(least)") }
            if case .number(let most)? = fields["maximum"], number > most { complain("is above \(most)") }
        }
        if case .sequence(let nodes) = node.content, let items = fields["items"] {
            complaints += nodes.flatMap { check($0, items) }
        }
        if case .mapping(let entries) = node.content { complaints += check(entries, node, fields) }
        for one in fields["allOf"]?.list ?? [] { complaints += check(node, one) }
        if let condition = fields["if"], check(node, condition).isEmpty, let then = fields["then"] {
            complaints += check(node, then)
        }
        if let not = fields["not"], check(node, not).isEmpty { complain("is what it must not be") }
        if let any = fields["anyOf"]?.list {
            let all = any.map { check(node, $0) }
            if !all.contains(where: \.isEmpty) { complaints += best(all) }
        }
        if let one = fields["oneOf"]?.list, one.count(where: { check(node, $0).isEmpty }) != 1 {
            complain("is not one of them")
        }
        return complaints
    }

    /// Of alternatives that all fail the one that was meant: whose type was right.
    private func best(_ all: [[Complaint]]) -> [Complaint] {
        all.min { a, b in
            let (x, y) = (a.contains { $0.text.contains("is not [") }, b.contains { $0.text.contains("is not [") })
            return x == y ? a.count < b.count : !x
        } ?? []
    }

    private func check(_ entries: [YAMLEntry], _ node: YAMLNode, _ fields: [String: JSONValue]) -> [Complaint] {
        var complaints: [Complaint] = []
        for key in fields["required"]?.texts ?? [] where !entries.contains(where: { $0.key == key }) {
            complaints.append(
                Complaint(kind: .missing(key), position: node.position, text: "\(node.position): lacks \(key)"))
        }
        for entry in entries {
            if let pattern = fields["propertyNames"]?.fields["pattern"]?.text, !matches(entry.key, pattern) {
                complaints.append(Complaint(kind: .other, position: entry.keyPosition, text: "no name: \(entry.key)"))
            }
            if let schema = property(entry.key, fields) {
                complaints += check(entry.value, schema)
            } else if fields["additionalProperties"] == .flag(false) {
                complaints.append(
                    Complaint(kind: .unknownKey, position: entry.keyPosition, text: "unknown: \(entry.key)"))
            }
        }
        return complaints
    }

    private func property(_ key: String, _ fields: [String: JSONValue]) -> JSONValue? {
        if let schema = fields["properties"]?.fields[key] { return schema }
        if let schema = fields["patternProperties"]?.fields.first(where: { matches(key, $0.key) })?.value {
            return schema
        }
        guard let other = fields["additionalProperties"], case .object = other else { return nil }
        return other
    }

    private func definition(_ reference: String) -> JSONValue {
        let name = reference.split(separator: "/").last.map(String.init) ?? ""
        return root.fields["definitions"]?.fields[name] ?? .object([:])
    }

    private func isOf(_ type: String, _ node: YAMLNode) -> Bool {
        switch node.content {
        case .mapping: type == "object"
        case .sequence: type == "array"
        case .scalar(let text):
            switch type {
            case "integer": Int(text) != nil
            case "number": Double(text) != nil
            case "boolean": ["true", "false"].contains(text)
            // Quotes are not known here: a number may have been written as a string.
            case "string": !text.isEmpty
            default: false
            }
        }
    }

    private func string(_ node: YAMLNode) -> String? { node.text }

    private func isEqual(_ node: YAMLNode, _ value: JSONValue) -> Bool {
        switch value {
        case .text(let text): node.text == text
        case .number(let number): node.text == String(number)
        case .flag, .list, .object: false
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        if let known = answers.known[[text, pattern]] { return known }
        let isMatch = patterns[pattern].map { text.firstMatch(of: $0) != nil } ?? false
        answers.known[[text, pattern]] = isMatch
        return isMatch
    }

    // MARK: Use

    private func used(_ node: YAMLNode, _ schema: JSONValue, _ name: String) -> Set<String> {
        let fields = schema.fields
        var used: Set<String> = []
        if let reference = fields["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return check(node, schema).isEmpty ? self.used(node, definition(reference), name) : []
        }
        if case .mapping(let entries) = node.content {
            for entry in entries {
                if fields["properties"]?.fields[entry.key] != nil { used.insert("\(name).\(entry.key)") }
                if let schema = property(entry.key, fields) { used.formUnion(self.used(entry.value, schema, name)) }
            }
        }
        if case .sequence(let nodes) = node.content, let items = fields["items"] {
            for node in nodes { used.formUnion(self.used(node, items, name)) }
        }
        for one in (fields["anyOf"]?.list ?? []) + (fields["allOf"]?.list ?? []) {
            used.formUnion(self.used(node, one, name))
        }
        if let condition = fields["if"], check(node, condition).isEmpty, let then = fields["then"] {
            used.formUnion(self.used(node, then, name))
        }
        return used
    }
}

extension JSONValue {
    /// The values at `pattern` and the keys of `patternProperties`, wherever they stand.
    fileprivate var patterns: Set<String> {
        var found = Set([fields["pattern"]?.text].compactMap { $0 })
        found.formUnion(fields["patternProperties"]?.fields.keys.map { $0 } ?? [])
        for value in Array(fields.values) + (list ?? []) { found.formUnion(value.patterns) }
        return found
    }

    var fields: [String: JSONValue] { if case .object(let fields) = self { fields } else { [:] } }
    var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    /// One text, or a list of them.
    var texts: [String] { text.map { [$0] } ?? list?.compactMap(\.text) ?? [] }
}
