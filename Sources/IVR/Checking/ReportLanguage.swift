// The language in which a report speaks to people.

/// For certificates, differences and what commands say.
public enum ReportLanguage: String, Sendable, CaseIterable {
    case pl
    case en

    /// The text in this language.
    public func text(_ polish: String, _ english: String) -> String {
        switch self {
        case .pl: polish
        case .en: english
        }
    }
}
