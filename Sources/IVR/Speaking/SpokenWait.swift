// `{wait}`: times of waiting as a person would tell them, never less than they are.

/// Rounded up, the coarser the longer.
public enum SpokenWait {
    private static let limit = 240

    /// - Parameters:
    ///   - language: `pl` or `en`.
    ///   - previous: what is said before it, which decides on the case of a noun.
    public static func words(_ wait: Duration, language: String, after previous: Substring) -> String {
        let minutes = minutes(wait)
        return language == "pl" ? polish(minutes, PolishCase.ofCount(after: previous)) : english(minutes)
    }

    /// To ten minutes each minute, to half an hour every five, to an hour every ten, then every half hour; nil for more
    /// than four hours.
    static func minutes(_ wait: Duration) -> Int? {
        let components = max(wait, .seconds(1)).components
        let seconds = min(components.seconds, 100_000) + (components.attoseconds > 0 ? 1 : 0)
        let minutes = Int((seconds + 59) / 60)
        let step = minutes <= 10 ? 1 : minutes <= 30 ? 5 : minutes <= 60 ? 10 : 30
        return minutes <= limit ? (minutes + step - 1) / step * step : nil
    }

    /// The wait that is said: never less than it is, but for "more than four hours", which is four hours here.
    static func rounded(_ wait: Duration) -> Duration { .seconds((minutes(wait) ?? limit) * 60) }

    private static func polish(_ minutes: Int?, _ grammar: PolishCase) -> String {
        guard let minutes else { return "ponad " + PolishNoun.hour.counted(limit / 60, .accusative) }
        if minutes < 60 { return PolishNoun.minute.counted(minutes, grammar) }
        let hours = minutes / 60
        if minutes % 60 == 0 {
            return hours == 1 ? PolishNoun.hour.form(1, grammar) : PolishNoun.hour.counted(hours, grammar)
        }
        if hours == 1 { return "półtorej " + (grammar == .locative ? "godzinie" : "godziny") }
        return PolishNumber.words(hours, .feminine, grammar) + " i pół godziny"
    }

    private static func english(_ minutes: Int?) -> String {
        guard let minutes else { return "more than four hours" }
        if minutes < 60 { return minutes == 1 ? "one minute" : EnglishNumber.words(minutes) + " minutes" }
        let hours = minutes / 60
        if minutes % 60 == 0 { return hours == 1 ? "an hour" : EnglishNumber.words(hours) + " hours" }
        return hours == 1 ? "an hour and a half" : EnglishNumber.words(hours) + " and a half hours"
    }
}
