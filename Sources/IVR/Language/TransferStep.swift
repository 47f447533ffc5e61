// `transfer`: the call leaves the hotline.

struct TransferStep: Sendable {
    /// Nil only in files with errors.
    var target: TransferTarget?
    /// How long it may ring there.
    var ring: Duration
    var failed: Exit?
}

/// Where a call is sent.
public enum TransferTarget: Sendable, Hashable {
    /// A SIP or SIPS URI (RFC 3261 §19.1).
    case sip(String)
    /// A number, normalised (see `PhoneNumber`), to be called through a trunk.
    case number(String)

    /// `sip:biuro@example.org`, `+48 22 000 00 01`, `tel:+48220000001`; nil for anything else.
    public init?(_ written: String) {
        let lowered = written.lowercased()
        if lowered.hasPrefix("sip:") || lowered.hasPrefix("sips:") {
            guard Self.isURI(written) else { return nil }
            self = .sip(written)
        } else {
            guard let number = PhoneNumber.normalised(written) else { return nil }
            self = .number(number)
        }
    }

    /// As it is printed.
    public var text: String {
        switch self {
        case .sip(let uri): uri
        case .number(let number): number
        }
    }

    /// `sip:user@host` with an optional port and parameters; nothing that could begin a second header.
    private static func isURI(_ text: String) -> Bool {
        let rest = text.drop { $0 != ":" }.dropFirst()
        let parts = rest.split(separator: "@", omittingEmptySubsequences: false)
        let allowed: Set<Character> = Set("-_.!~*'()&=+$,;?/:[]%")
        return text.utf8.count <= 200 && parts.count <= 2 && parts.allSatisfy { !$0.isEmpty }
            && rest.allSatisfy { $0 == "@" || $0.isASCII && ($0.isLetter || $0.isNumber) || allowed.contains($0) }
            && (parts.last?.first.map { $0.isLetter || $0.isNumber || $0 == "[" } ?? false)
    }
}
