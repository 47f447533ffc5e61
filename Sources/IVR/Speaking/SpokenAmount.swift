// `{amount:X}`: "sto dwadzieścia trzy złote czterdzieści groszy".

/// An amount of money, to be said.
struct SpokenAmount: Sendable {
    private enum Currency: String {
        case zloty = "PLN"
        case euro = "EUR"
        case dollar = "USD"
    }

    private let currency: Currency
    private let isNegative: Bool
    private let whole: Int
    /// Hundredths.
    private let hundredths: Int

    /// `123.40`, `123,4`, `5`, `12.50 EUR`. Without a currency it is złoty. Nil past a thousand million.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard (1...2).contains(parts.count), let written = parts.first else { return nil }
        guard let currency = parts.count == 2 ? Currency(rawValue: parts[1].uppercased()) : .zloty else { return nil }
        let digits = written.drop { $0 == "-" }
        let pieces = digits.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard (1...2).contains(pieces.count), (1...9).contains(pieces[0].count), written.count - digits.count <= 1,
            pieces.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), let whole = Int(pieces[0])
        else { return nil }
        var hundredths = 0
        if pieces.count == 2 {
            guard (1...2).contains(pieces[1].count), let number = Int(pieces[1]) else { return nil }
            hundredths = pieces[1].count == 1 ? number * 10 : number
        }
        self.currency = currency
        self.whole = whole
        self.hundredths = hundredths
        isNegative = written.count > digits.count
    }

    func words(language: String, after previous: Substring) -> String {
        let polish = language == "pl"
        let grammar = PolishCase.ofCount(after: previous)
        var parts: [String] = isNegative ? ["minus"] : []
        if whole > 0 || hundredths == 0 {
            parts.append(polish ? major.counted(whole, grammar) : english(whole, majors))
        }
        if hundredths > 0 {
            if !polish, whole > 0 { parts.append("and") }
            parts.append(polish ? minor.counted(hundredths, grammar) : english(hundredths, minors))
        }
        return parts.joined(separator: " ")
    }

    private func english(_ number: Int, _ nouns: (one: String, many: String)) -> String {
        EnglishNumber.words(number) + " " + (number == 1 ? nouns.one : nouns.many)
    }

    private var major: PolishNoun {
        switch currency {
        case .zloty: .zloty
        case .euro: .euro
        case .dollar: .dollar
        }
    }

    private var minor: PolishNoun {
        switch currency {
        case .zloty: .grosz
        case .euro, .dollar: .cent
        }
    }

    private var majors: (one: String, many: String) {
        switch currency {
        case .zloty: ("zloty", "zlotys")
        case .euro: ("euro", "euros")
        case .dollar: ("dollar", "dollars")
        }
    }

    private var minors: (one: String, many: String) {
        switch currency {
        case .zloty: ("grosz", "groszy")
        case .euro, .dollar: ("cent", "cents")
        }
    }
}
