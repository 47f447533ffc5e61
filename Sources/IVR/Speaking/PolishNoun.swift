// Polish nouns beside numerals: "jedna minuta", "dwie minuty", "po pięciu minutach".

/// The forms of a noun that can follow a number.
struct PolishNoun: Sendable {
    let gender: PolishGender
    let one: String
    let oneAccusative: String
    let oneGenitive: String
    let oneLocative: String
    let few: String
    let many: String
    let manyLocative: String

    static let minute = PolishNoun(
        gender: .feminine, one: "minuta", oneAccusative: "minutę", oneGenitive: "minuty", oneLocative: "minucie",
        few: "minuty", many: "minut", manyLocative: "minutach")
    static let hour = PolishNoun(
        gender: .feminine, one: "godzina", oneAccusative: "godzinę", oneGenitive: "godziny", oneLocative: "godzinie",
        few: "godziny", many: "godzin", manyLocative: "godzinach")
    static let thousand = PolishNoun(
        gender: .masculine, one: "tysiąc", oneAccusative: "tysiąc", oneGenitive: "tysiąca", oneLocative: "tysiącu",
        few: "tysiące", many: "tysięcy", manyLocative: "tysiącach")
    static let million = PolishNoun(
        gender: .masculine, one: "milion", oneAccusative: "milion", oneGenitive: "miliona", oneLocative: "milionie",
        few: "miliony", many: "milionów", manyLocative: "milionach")
    static let zloty = PolishNoun(
        gender: .masculine, one: "złoty", oneAccusative: "złoty", oneGenitive: "złotego", oneLocative: "złotym",
        few: "złote", many: "złotych", manyLocative: "złotych")
    static let grosz = PolishNoun(
        gender: .masculine, one: "grosz", oneAccusative: "grosz", oneGenitive: "grosza", oneLocative: "groszu",
        few: "grosze", many: "groszy", manyLocative: "groszach")
    static let dollar = PolishNoun(
        gender: .masculine, one: "dolar", oneAccusative: "dolar", oneGenitive: "dolara", oneLocative: "dolarze",
        few: "dolary", many: "dolarów", manyLocative: "dolarach")
    static let cent = PolishNoun(
        gender: .masculine, one: "cent", oneAccusative: "cent", oneGenitive: "centa", oneLocative: "cencie",
        few: "centy", many: "centów", manyLocative: "centach")
    static let euro = PolishNoun(
        gender: .neuter, one: "euro", oneAccusative: "euro", oneGenitive: "euro", oneLocative: "euro", few: "euro",
        many: "euro", manyLocative: "euro")

    /// The form after a number.
    func form(_ number: Int, _ grammar: PolishCase) -> String {
        let plural = PluralForm.of(number, language: "pl")
        switch (plural, grammar) {
        case (.one, .nominative), (.one, .instrumental): return one
        case (.one, .accusative): return oneAccusative
        case (.one, .genitive): return oneGenitive
        case (.one, .locative): return oneLocative
        case (.few, .nominative), (.few, .accusative), (.few, .instrumental): return few
        case (_, .locative): return manyLocative
        case (_, .nominative), (_, .accusative), (_, .genitive), (_, .instrumental): return many
        }
    }

    /// "dwie minuty".
    func counted(_ number: Int, _ grammar: PolishCase) -> String {
        PolishNumber.words(number, gender, grammar) + " " + form(number, grammar)
    }
}

extension PolishCase {
    private static let beforeGenitive: Set = [
        "około", "ok", "koło", "do", "od", "bez", "poniżej", "powyżej", "ciągu", "spośród", "z",
    ]
    private static let beforeAccusative: Set = [
        "za", "na", "przez", "ponad", "potrwa", "trwa", "zajmie", "poczekasz", "zaczekasz", "wynosi", "wyniesie",
    ]

    /// The case that a counted noun takes after a word: "około dwóch minut", "za jedną minutę", "po godzinie".
    static func ofCount(after word: Substring) -> PolishCase {
        let word = word.lowercased()
        if beforeGenitive.contains(word) { return .genitive }
        if beforeAccusative.contains(word) { return .accusative }
        return word == "po" ? .locative : .nominative
    }
}
