// The values that prompts speak, in words that are right in the language.

/// A value in braces.
enum SpokenValue: String, Sendable, CaseIterable {
    /// How many callers wait before this one.
    case ahead
    /// The caller's place, from 1.
    case position
    /// The estimated time of waiting.
    case wait
}

/// What is known of one caller's waiting.
struct SpokenValues: Sendable {
    var ahead: Int?
    var wait: Duration?

    static let none = SpokenValues()

    func number(_ value: SpokenValue) -> Int? {
        switch value {
        case .ahead: ahead
        case .position: ahead.map { $0 + 1 }
        case .wait: nil
        }
    }

    /// As it is spoken before the word `next`; nil when it is not known.
    func words(_ value: SpokenValue, language: String, next: Substring) -> String? {
        switch value {
        case .ahead, .position: number(value).map { SpokenNumber.words($0, language: language, before: next) }
        case .wait: wait.map { SpokenWait.words($0, language: language) }
        }
    }
}

/// Numbers stay digits, which text to speech reads well, except where the Polish numeral follows the noun's gender:
/// `2 osoby` would be read "dwa osoby".
enum SpokenNumber {
    private static let feminineStems = ["osob", "osób", "minut", "godzin", "sekund", "spraw", "rozm"]
    private static let tens = [
        "", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
        "osiemdziesiąt", "dziewięćdziesiąt",
    ]

    static func words(_ number: Int, language: String, before next: Substring) -> String {
        guard language == "pl", feminineStems.contains(where: { next.lowercased().hasPrefix($0) }) else {
            return String(number)
        }
        if number == 1 { return "jedna" }
        guard number % 10 == 2, number % 100 != 12, number < 100 else { return String(number) }
        return number < 10 ? "dwie" : tens[number / 10] + " dwie"
    }
}

/// Waiting times as a person would tell them: rounded up, the coarser the longer.
enum SpokenWait {
    static func words(_ wait: Duration, language: String) -> String {
        guard let minutes = minutes(wait) else { return language == "pl" ? "ponad godzina" : "more than an hour" }
        guard language == "pl" else { return minutes == 1 ? "1 minute" : "\(minutes) minutes" }
        let noun =
            switch PluralForm.of(minutes, language: language) {
            case .one: "minuta"
            case .few: "minuty"
            case .two, .many, .other: "minut"
            }
        return SpokenNumber.words(minutes, language: language, before: noun[...]) + " " + noun
    }

    /// To ten minutes each minute, to half an hour every five, to an hour every ten; nil for more.
    static func minutes(_ wait: Duration) -> Int? {
        let seconds = max(wait.components.seconds, 1)
        let minutes = Int((min(seconds, 100_000) + 59) / 60)
        if minutes <= 10 { return minutes }
        if minutes <= 30 { return (minutes + 4) / 5 * 5 }
        if minutes <= 60 { return (minutes + 9) / 10 * 10 }
        return nil
    }
}
