// The plural categories of CLDR for whole numbers (Unicode CLDR, "Language Plural Rules").

/// Which form of a noun a number needs.
enum PluralForm: String, Sendable, CaseIterable {
    case one
    case two
    case few
    case many
    case other

    /// The form that `number` takes.
    static func of(_ number: Int, language: String) -> PluralForm {
        guard language == "pl" else { return number == 1 ? .one : .other }
        if number == 1 { return .one }
        let teens = 12...14
        return (2...4).contains(number % 10) && !teens.contains(number % 100) ? .few : .many
    }

    /// The forms a language must have. Polish `other` is for fractions, which are never spoken here.
    static func required(in language: String) -> [PluralForm] {
        language == "pl" ? [.one, .few, .many] : [.one, .other]
    }

    /// The forms a language may have.
    static func permitted(in language: String) -> [PluralForm] {
        language == "pl" ? [.one, .few, .many, .other] : [.one, .other]
    }
}
