// Polish numerals: 22 before "osoby" is "dwadzieścia dwie", after "około" it is "dwudziestu dwóch".

/// The cases that prompts need. The accusative of a numeral differs from the nominative only at "jedną".
enum PolishCase: Sendable {
    case nominative
    case accusative
    case genitive
    case locative
    case instrumental
}

enum PolishGender: Sendable {
    case masculine
    case feminine
    case neuter
}

/// Cardinal numbers in words.
enum PolishNumber {
    private static let units = [
        "zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć",
    ]
    private static let teens = [
        "dziesięć", "jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście",
        "osiemnaście", "dziewiętnaście",
    ]
    private static let tens = [
        "", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
        "osiemdziesiąt", "dziewięćdziesiąt",
    ]
    private static let hundreds = [
        "", "sto", "dwieście", "trzysta", "czterysta", "pięćset", "sześćset", "siedemset", "osiemset", "dziewięćset",
    ]
    private static let unitsOblique = [
        "zera", "jeden", "dwóch", "trzech", "czterech", "pięciu", "sześciu", "siedmiu", "ośmiu", "dziewięciu",
    ]
    private static let teensOblique = [
        "dziesięciu", "jedenastu", "dwunastu", "trzynastu", "czternastu", "piętnastu", "szesnastu", "siedemnastu",
        "osiemnastu", "dziewiętnastu",
    ]
    private static let tensOblique = [
        "", "", "dwudziestu", "trzydziestu", "czterdziestu", "pięćdziesięciu", "sześćdziesięciu", "siedemdziesięciu",
        "osiemdziesięciu", "dziewięćdziesięciu",
    ]
    private static let hundredsOblique = [
        "", "stu", "dwustu", "trzystu", "czterystu", "pięciuset", "sześciuset", "siedmiuset", "ośmiuset",
        "dziewięciuset",
    ]

    /// `number` from 0 to 999,999,999; others stay digits.
    static func words(_ number: Int, _ gender: PolishGender = .masculine, _ grammar: PolishCase = .nominative) -> String
    {
        guard (0..<1_000_000_000).contains(number) else { return String(number) }
        if number == 0 { return isOblique(grammar) ? unitsOblique[0] : units[0] }
        var parts: [String] = []
        for (count, noun) in [(number / 1_000_000, PolishNoun.million), (number / 1_000 % 1_000, .thousand)]
        where count > 0 {
            if count > 1 { parts.append(below1000(count, .masculine, grammar, isAlone: true)) }
            parts.append(noun.form(count, grammar))
        }
        let rest = number % 1_000
        if rest > 0 { parts.append(below1000(rest, gender, grammar, isAlone: number == rest)) }
        return parts.joined(separator: " ")
    }

    private static func isOblique(_ grammar: PolishCase) -> Bool {
        switch grammar {
        case .nominative, .accusative: false
        case .genitive, .locative, .instrumental: true
        }
    }

    /// Only a "one" that stands alone is declined: "dwadzieścia jeden", "tysiąc jeden" are not.
    private static func below1000(
        _ number: Int, _ gender: PolishGender, _ grammar: PolishCase, isAlone: Bool
    ) -> String {
        let oblique = isOblique(grammar)
        if number == 1 { return isAlone ? one(gender, grammar) : units[1] }
        var parts: [String] = []
        if number >= 100 { parts.append((oblique ? hundredsOblique : hundreds)[number / 100]) }
        let rest = number % 100
        switch rest {
        case 0: break
        case 10..<20: parts.append((oblique ? teensOblique : teens)[rest - 10])
        default:
            if rest >= 20 { parts.append((oblique ? tensOblique : tens)[rest / 10]) }
            let unit = rest % 10
            if unit == 2, !oblique, gender == .feminine {
                parts.append("dwie")
            } else if unit > 0 {
                parts.append((oblique ? unitsOblique : units)[unit])
            }
        }
        return parts.joined(separator: " ")
    }

    private static func one(_ gender: PolishGender, _ grammar: PolishCase) -> String {
        switch (gender, grammar) {
        case (.feminine, .nominative): "jedna"
        case (.feminine, .accusative), (.feminine, .instrumental): "jedną"
        case (.feminine, .genitive), (.feminine, .locative): "jednej"
        case (.neuter, .nominative), (.neuter, .accusative): "jedno"
        case (.masculine, .nominative), (.masculine, .accusative): "jeden"
        case (_, .genitive): "jednego"
        case (_, .locative), (_, .instrumental): "jednym"
        }
    }
}

/// Ordinal numbers in words: hours, days, years.
enum PolishOrdinal {
    private static let stems = [
        "zerow", "pierwsz", "drug", "trzec", "czwart", "piąt", "szóst", "siódm", "ósm", "dziewiąt", "dziesiąt",
        "jedenast", "dwunast", "trzynast", "czternast", "piętnast", "szesnast", "siedemnast", "osiemnast",
        "dziewiętnast",
    ]
    private static let tens = [
        "", "", "dwudziest", "trzydziest", "czterdziest", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
        "osiemdziesiąt", "dziewięćdziesiąt",
    ]
    private static let hundreds = [
        "", "setn", "dwusetn", "trzechsetn", "czterechsetn", "pięćsetn", "sześćsetn", "siedemsetn", "osiemsetn",
        "dziewięćsetn",
    ]

    /// 0 to 99: both of two words are declined, "dwudziestej pierwszej".
    static func words(_ number: Int, _ gender: PolishGender, _ grammar: PolishCase) -> String {
        guard number >= 20 else { return declined(stems[max(number, 0)], gender, grammar) }
        let ten = declined(tens[min(number, 99) / 10], gender, grammar)
        return number % 10 == 0 ? ten : ten + " " + declined(stems[number % 10], gender, grammar)
    }

    /// "dwa tysiące dwudziestego szóstego", "dwutysięcznego": the genitive in which years stand after a day.
    static func year(_ year: Int) -> String {
        if year == 2_000 { return "dwutysięcznego" }
        let thousands = PolishNumber.words(year / 1_000 * 1_000)
        let (hundred, rest) = (year / 100 % 10, year % 100)
        if rest == 0 { return thousands + " " + declined(hundreds[hundred], .masculine, .genitive) }
        let middle = hundred > 0 ? " " + PolishNumber.words(hundred * 100) : ""
        return thousands + middle + " " + words(rest, .masculine, .genitive)
    }

    private static func declined(_ stem: String, _ gender: PolishGender, _ grammar: PolishCase) -> String {
        // After k and g an i softens e and y: "drugiej", "drugi"; "trzeci" has its own.
        let isSoft = stem == "drug" || stem == "trzec"
        let ending =
            switch (gender, grammar) {
            case (.feminine, .nominative): stem == "trzec" ? "ia" : "a"
            case (.feminine, .genitive), (.feminine, .locative): isSoft ? "iej" : "ej"
            case (.feminine, .accusative), (.feminine, .instrumental): stem == "trzec" ? "ią" : "ą"
            case (_, .genitive): isSoft ? "iego" : "ego"
            case (_, .locative), (_, .instrumental): isSoft ? "im" : "ym"
            case (_, .nominative), (_, .accusative): isSoft ? "i" : "y"
            }
        return stem + ending
    }
}
