// The language as a JSON Schema (draft-07), for completion and checks in editors.

import Foundation

/// Made from the table by which the reader reads. It knows shapes and types; names that lead nowhere, ways and texts are
/// the checker's.
public enum HotlineSchema {
    /// The schema as text.
    public static var json: String { CheckReport.encoded(root) }

    static var root: JSONValue {
        var definitions: [String: JSONValue] = ["step": step]
        for shape in shapes { definitions[shape.name] = object(shape) }
        var root = fields(object(LanguageTable.file))
        root["$schema"] = .text("http://json-schema.org/draft-07/schema#")
        root["title"] = .text("Hotline")
        root["definitions"] = .object(definitions)
        return .object(root)
    }

    /// All but the file itself.
    static let shapes: [Shape] =
        [
            LanguageTable.calendar, LanguageTable.exception, LanguageTable.prompt, LanguageTable.forms,
            LanguageTable.recorded, LanguageTable.recording, LanguageTable.queue, LanguageTable.announce,
            LanguageTable.offer, LanguageTable.overflow, LanguageTable.lastAgent, LanguageTable.raise,
            LanguageTable.relaxation, LanguageTable.mailbox, LanguageTable.test, StepTable.key,
            StepTable.branch, StepTable.busy, StepTable.question,
        ] + StepTable.kinds

    /// What YAML's own types make of a text; the reader takes all of them as text.
    private static let scalars: JSONValue = .list([.text("string"), .text("number"), .text("boolean")])
    private static let namePattern = #"^[\p{L}\p{N}_-]{1,60}$"#

    private static func object(_ shape: Shape) -> JSONValue {
        var required = shape.keys.filter { $0.missing != nil }.map(\.name)
        if StepTable.kinds.contains(where: { $0.name == shape.name }) { required.insert(shape.keys[0].name, at: 0) }
        var fields: [String: JSONValue] = [
            "type": .text("object"), "description": .text(shape.note), "additionalProperties": .flag(false),
            "properties": .object(
                Dictionary(uniqueKeysWithValues: shape.keys.map { ($0.name, described(schema($0.value), $0.note)) })),
        ]
        if !required.isEmpty { fields["required"] = .list(required.map(JSONValue.text)) }
        if !shape.exactlyOne.isEmpty { fields["oneOf"] = .list(shape.exactlyOne.map(requiring)) }
        if !shape.atLeastOne.isEmpty { fields["anyOf"] = .list(shape.atLeastOne.map(requiring)) }
        return .object(fields)
    }

    private static func requiring(_ key: String) -> JSONValue { .object(["required": .list([.text(key)])]) }

    /// By the kind that is there, so that an editor speaks of that kind alone. `say` is an option of some kinds too.
    private static var step: JSONValue {
        let kinds = StepTable.kinds.map { shape in
            let word = shape.keys[0].name
            let others = StepTable.kinds.filter { $0.keys[0].name != word && $0.names.contains(word) }.map {
                requiring($0.keys[0].name)
            }
            var condition = fields(requiring(word))
            if !others.isEmpty { condition["not"] = .object(["anyOf": .list(others)]) }
            return JSONValue.object(["if": .object(condition), "then": reference(shape)])
        }
        return .object([
            "type": .text("object"),
            "anyOf": .list(StepTable.words.map(requiring)),
            "allOf": .list(kinds),
            "properties": .object(
                Dictionary(
                    uniqueKeysWithValues: StepTable.kinds.map {
                        ($0.keys[0].name, .object(["description": .text($0.note)]))
                    })),
        ])
    }

    private static func schema(_ value: Shape.Value) -> JSONValue {
        switch value {
        case .text: .object(["type": scalars])
        case .name, .reference: .object(["type": scalars, "pattern": .text(namePattern)])
        case .integer(let range):
            .object([
                "anyOf": .list([
                    .object([
                        "type": .text("integer"), "minimum": .number(range.lowerBound),
                        "maximum": .number(range.upperBound),
                    ]),
                    .object(["type": .text("string"), "pattern": .text(#"^\d+$"#)]),
                ])
            ])
        case .duration: .object(["type": .text("string"), "pattern": .text(#"^\d{1,6}[smhd]$"#)])
        case .flag(let yes, let no): .object(["enum": .list([.text(yes), .text(no)])])
        case .choice(let words):
            .object(["enum": .list(words.flatMap { word in [.text(word)] + (Int(word).map { [.number($0)] } ?? []) })])
        case .pattern(let pattern):
            .object(["type": .list([.text("string"), .text("integer")]), "pattern": .text(pattern)])
        case .list(let element): .object(["type": .text("array"), "items": schema(element)])
        case .some(let element):
            .object([
                "anyOf": .list([schema(element), .object(["type": .text("array"), "items": schema(element)])])
            ])
        case .mapping(let shape): reference(shape)
        case .named(let value):
            .object([
                "type": .text("object"), "propertyNames": .object(["pattern": .text(namePattern)]),
                "additionalProperties": isStep(value)
                    ? .object(["$ref": .text("#/definitions/step")]) : schema(value),
            ])
        case .keyed(let pattern, let value):
            .object([
                "type": .text("object"), "patternProperties": .object([pattern: schema(value)]),
                "additionalProperties": .flag(false),
            ])
        case .either(let values): .object(["anyOf": .list(values.map(schema))])
        }
    }

    private static func isStep(_ value: Shape.Value) -> Bool {
        guard case .either(let values) = value else { return false }
        return values.count == StepTable.kinds.count
    }

    private static func reference(_ shape: Shape) -> JSONValue {
        .object(["$ref": .text("#/definitions/\(shape.name)")])
    }

    /// Beside a `$ref` draft-07 ignores everything: the description stands with the definition.
    private static func described(_ schema: JSONValue, _ note: String) -> JSONValue {
        var described = fields(schema)
        guard described["$ref"] == nil else { return schema }
        described["description"] = .text(note)
        return .object(described)
    }

    private static func fields(_ value: JSONValue) -> [String: JSONValue] {
        switch value {
        case .object(let fields): fields
        case .text, .number, .flag, .list: [:]
        }
    }
}

/// What a JSON text can hold, as far as a schema needs it.
enum JSONValue: Encodable, Hashable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }
}
