// `{time:X}`: "o ósmej trzydzieści", "at eight thirty in the morning"

/// A time of day, to be said.
struct SpokenTime: Sendable {
    let hour: Int
    let minute: Int

    /// `8:30`, `08:30:00`, `2026-05-01 08:30`, `2026-05-01T08:30:00`; `24:00` is midnight at the end of a day.
    init?(_ text: String) {
        let clock = text.split { $0 == " " || $0 == "T" }.last ?? ""
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).prefix(2)
        guard let minutes = LocalTime.minute(parts.joined(separator: ":")) else { return nil }
        hour = minutes / 60
        minute = minutes % 60
    }

    func words(language: String, after previous: Substring) -> String {
        language == "pl" ? polish(after: previous.lowercased()) : english
    }

    /// "o ósmej", "do ósmej", "na ósmą", "przed ósmą", "godzina ósma".
    private static func grammar(after word: String) -> PolishCase {
        switch word {
        case "o", "do", "od", "około", "ok", "po", "koło", "godziny", "godzinie", "z": .genitive
        case "na", "godzinę": .accusative
        case "przed", "między", "godziną": .instrumental
        default: .nominative
        }
    }

    private func polish(after word: String) -> String {
        let grammar = Self.grammar(after: word)
        if hour == 0, minute == 0 {
            if word.hasPrefix("godzin") { return "zero zero" }
            return switch grammar {
            case .genitive, .locative: "północy"
            case .nominative, .accusative: "północ"
            case .instrumental: "północą"
            }
        }
        let spoken = hour == 0 ? "zero" : PolishOrdinal.words(hour, .feminine, grammar)
        return minute == 0 ? spoken : spoken + " " + PolishNumber.words(minute, .masculine)
    }

    /// "eight thirty in the morning".
    private var english: String {
        if minute == 0, hour % 12 == 0 { return hour == 12 ? "noon" : "midnight" }
        let spoken = EnglishNumber.words(hour % 12 == 0 ? 12 : hour % 12)
        let minutes =
            minute == 0 ? "" : minute < 10 ? " oh \(EnglishNumber.words(minute))" : " " + EnglishNumber.words(minute)
        let half =
            switch hour {
            case 1..<12: "in the morning"
            case 12..<18: "in the afternoon"
            case 18..<22: "in the evening"
            default: "at night"
            }
        return "\(spoken)\(minutes) \(half)"
    }
}

/// `{date:X}`: "pierwszego maja", "the first of May"; the year is said when it is not this one.
struct SpokenDate: Sendable {
    private static let polishMonths = [
        "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
        "października", "listopada", "grudnia",
    ]
    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    let date: CivilDate

    /// `2026-05-01`, also with a time after it.
    init?(_ text: String) {
        guard let date = CivilDate(text.prefix { $0 != " " && $0 != "T" }) else { return nil }
        self.date = date
    }

    func words(language: String, after previous: Substring, today: CivilDate?) -> String {
        let saysYear = today?.year != date.year
        guard language == "pl" else {
            let day = "the \(EnglishNumber.ordinal(date.day)) of \(Self.englishMonths[date.month - 1])"
            return saysYear ? "\(day) \(EnglishNumber.year(date.year))" : day
        }
        // "przed pierwszym maja", "po pierwszym maja"; everywhere else days stand in the genitive.
        let grammar: PolishCase = ["przed", "po"].contains(previous.lowercased()) ? .instrumental : .genitive
        let day = PolishOrdinal.words(date.day, .masculine, grammar) + " " + Self.polishMonths[date.month - 1]
        return saysYear ? "\(day) \(PolishOrdinal.year(date.year)) roku" : day
    }
}
