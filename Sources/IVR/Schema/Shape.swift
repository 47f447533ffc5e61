// The shape of one mapping of the language: its keys and what stands at them.

import YAML

/// What the reader reads by and what the JSON Schema is made from: one table for both, so that they cannot differ.
struct Shape: Sendable {
    /// As the schema calls it.
    let name: String
    /// One sentence for whoever writes it.
    let note: String
    let keys: [Key]
    let names: Set<String>
    /// Of these keys exactly one must be there.
    let exactlyOne: [String]
    /// Of these keys one must be there, or more.
    let atLeastOne: [String]

    init(
        _ name: String, _ note: String, _ keys: [Key], exactlyOne: [String] = [], atLeastOne: [String] = []
    ) {
        self.name = name
        self.note = note
        self.keys = keys
        names = Set(keys.map(\.name))
        self.exactlyOne = exactlyOne
        self.atLeastOne = atLeastOne
    }

    func key(_ name: String) -> Key {
        guard let key = keys.first(where: { $0.name == name }) else {
            preconditionFailure("the table has no '\(name)' in '\(self.name)'")
        }
        return key
    }

    struct Key: Sendable {
        let name: String
        let value: Value
        let note: String
        /// The code under which it is reported when it is missing; nil: it may be missing.
        var missing: String?
        /// What is hinted at when it is missing.
        var hint: FindingText?

        init(_ name: String, _ value: Value, _ note: String, missing: String? = nil, hint: FindingText? = nil) {
            self.name = name
            self.value = value
            self.note = note
            self.missing = missing
            self.hint = hint
        }
    }

    indirect enum Value: Sendable {
        case text
        /// Letters, digits, - and _.
        case name
        /// The name of a step, prompt, queue, calendar, mailbox.
        case reference(String)
        case integer(ClosedRange<Int>)
        case duration(ClosedRange<Duration>)
        case flag(yes: String, no: String)
        case choice([String])
        /// A text of this form (a regular expression of ECMA-262).
        case pattern(String)
        case list(Value)
        /// A list, or one for a list of one.
        case some(Value)
        case mapping(Shape)
        /// Names, and a value at each.
        case named(Value)
        /// Keys of this form, and a value at each.
        case keyed(String, Value)
        case either([Value])
    }
}

extension Shape.Value {
    static let onOff = Shape.Value.flag(yes: "on", no: "off")
    static let yesNo = Shape.Value.flag(yes: "yes", no: "no")
    static let step = Shape.Value.reference("step")
    static let prompt = Shape.Value.reference("prompt")

    static func seconds(_ range: ClosedRange<Int>) -> Shape.Value {
        .duration(.seconds(range.lowerBound) ... .seconds(range.upperBound))
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    static var words: [String] { allCases.map(\.rawValue) }
}
