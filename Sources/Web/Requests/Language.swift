// In which language a page speaks.

/// The languages for which there is a catalogue of texts.
enum Language: String, Sendable, CaseIterable {
    case pl, en

    static let cookie = "language"

    var other: Language {
        switch self {
        case .pl: .en
        case .en: .pl
        }
    }

    /// The reader's own choice in this browser comes first, then the account's, then what the browser asks for.
    static func choose(cookie: String?, account: String?, acceptLanguage: String?) -> Language {
        if let chosen = cookie.flatMap(Language.init(rawValue:)) { return chosen }
        if let chosen = account.flatMap(Language.init(rawValue:)) { return chosen }
        return acceptLanguage.flatMap(preferred) ?? .pl
    }

    /// RFC 9110 §12.5.4: the best of ours by quality, then by order; `en-GB` counts as `en`.
    private static func preferred(_ header: String) -> Language? {
        var best: (language: Language, quality: Double)?
        for item in header.split(separator: ",").prefix(20) {
            let parts = item.split(separator: ";")
            guard let tag = parts.first?.drop(while: { $0 == " " }).prefix(2).lowercased(),
                let language = Language(rawValue: tag)
            else { continue }
            let quality = parts.dropFirst().compactMap { part -> Double? in
                let text = part.filter { $0 != " " }
                return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
            }
            .first
            if (quality ?? 1) > (best?.quality ?? 0) { best = (language, quality ?? 1) }
        }
        return best?.language
    }
}
