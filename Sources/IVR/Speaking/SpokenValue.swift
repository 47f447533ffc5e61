// The values that prompts speak: what stands in braces, and what is known of it.

/// `{ahead}`, `{date:termin}`: how a value is spoken, and its name.
struct SpokenValue: Hashable, Sendable {
    enum Form: String, Sendable, CaseIterable {
        case plain
        case time
        case date
        /// In groups, digit by digit.
        case digits
        /// Of money.
        case amount
    }

    /// Known only while a caller waits: how many are ahead, the place from 1, the estimated wait.
    static let ofWaiting: Set = ["ahead", "position", "wait"]
    /// The caller's number, unless it is withheld.
    static let caller = "caller"
    /// Names that no variable may have.
    static let reserved = ofWaiting.union([caller, "called", "language"])

    let form: Form
    let name: String

    init(_ form: Form, _ name: String) {
        self.form = form
        self.name = name
    }

    /// `wait`, `time:termin`; nil for what cannot be a value.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, name.count <= 60, name.allSatisfy(Self.isNamePart) else {
            return nil
        }
        switch parts.count {
        case 1: self.init(.plain, String(name))
        case 2:
            guard let form = Form(rawValue: String(parts[0])), form != .plain else { return nil }
            self.init(form, String(name))
        default: return nil
        }
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_"
    }

    /// As it is written between the braces.
    var text: String { form == .plain ? name : "\(form.rawValue):\(name)" }
}

/// What is known of one call when something is said in it.
struct SpokenValues: Sendable {
    var ahead: Int?
    var wait: Duration?
    /// Variables and the caller's number. Secrets are not among them.
    var texts: [String: String] = [:]
    /// The local day: its year is not said.
    var today: CivilDate?

    static let none = SpokenValues()

    /// What a plural form is chosen by.
    func number(_ value: SpokenValue) -> Int? {
        switch value.name {
        case "ahead": ahead
        case "position": ahead.map { $0 + 1 }
        case "wait": nil
        default: texts[value.name].flatMap(SpokenNumber.count)
        }
    }

    /// As it is spoken between those words; nil when it is not known.
    func words(_ value: SpokenValue, language: String, after previous: Substring, before next: Substring) -> String? {
        if value.name == "wait" { return wait.map { SpokenWait.words($0, language: language, after: previous) } }
        if SpokenValue.ofWaiting.contains(value.name) {
            return number(value).map { SpokenNumber.words($0, language: language, after: previous, before: next) }
        }
        guard let text = texts[value.name] else { return nil }
        let spoken =
            switch value.form {
            case .plain: SpokenNumber.words(text, language: language, after: previous, before: next)
            case .time: SpokenTime(text)?.words(language: language, after: previous)
            case .date: SpokenDate(text)?.words(language: language, after: previous, today: today)
            case .digits: SpokenDigits.words(text, language: language)
            case .amount: SpokenAmount(text)?.words(language: language, after: previous)
            }
        return spoken ?? text
    }
}
