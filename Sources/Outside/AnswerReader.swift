// A JSON object (RFC 8259) → the wanted fields as texts. Pure.

import Foundation

enum AnswerReader {
    /// Bytes of an answer that are read at most.
    static let largest = 65_536
    /// Unicode scalars of a value: one visible character may hide thousands of marks.
    static let longest = 200

    /// A comma too many at the end is forgiven, for Foundation forgives it.
    /// - Throws: `malformed`, `unfitValue`.
    static func fields(_ wanted: Set<String>, in body: Data) throws(LookupError) -> [String: String] {
        guard let object = try? JSONDecoder().decode([String: Field].self, from: body) else { throw .malformed }
        var fields: [String: String] = [:]
        for (name, field) in object where wanted.contains(name) {
            switch field {
            case .none: continue
            case .text(let text) where isFit(text): fields[name] = text
            case .text, .broken: throw .unfitValue(field: name)
            }
        }
        return fields
    }

    private static func isFit(_ text: String) -> Bool {
        text.unicodeScalars.count <= longest
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator: false
                // They turn round what a person reads in a log or on a page.
                default: !scalar.properties.isBidiControl
                }
            }
    }
}

/// Any JSON value.
private enum Field: Decodable {
    case text(String)
    /// null, an object, an array.
    case none
    /// Half a surrogate pair, a number that none is or that is beyond all measure. Foundation looks into a value only
    /// when it is asked for it; in a field that nobody wants such a thing does no harm.
    case broken

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let string = try? value.decode(String.self) {
            self = .text(string)
        } else if let flag = try? value.decode(Bool.self) {
            self = .text(flag ? "true" : "false")
        } else if let number = try? value.decode(Decimal.self) {
            // Decimal, because a customer's number of 19 digits does not fit into a Double.
            self = .text(number.description)
        } else if value.decodeNil() || (try? decoder.unkeyedContainer()) != nil
            || (try? decoder.container(keyedBy: AnyName.self)) != nil
        {
            self = .none
        } else {
            self = .broken
        }
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
