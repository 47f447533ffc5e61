// `ask`: collects digits into a variable.

struct AskStep: Sendable {
    var wanted: WantedDigits
    /// The variable; nil only in files with errors.
    var into: String?
    /// The digits are a secret: not in recordings, not in logs, not in texts.
    var isSecret: Bool
    var then: Exit?
    var otherwise: Exit?
}

/// Which digits are asked for, and how.
struct WantedDigits: Sendable {
    var prompt: Reference?
    var count: ClosedRange<Int>
    /// Ends the digits; nil: only their number or a pause does.
    var end: Character?
    var check: DigitCheck?
    /// How often it is asked.
    var tries: Int
    /// From the end of the prompt to the first digit.
    var timeout: Duration
    /// From one digit to the next.
    var betweenKeys: Duration
    var onSilence: Reference?
    var onWrong: Reference?
}
