// Who is at the other end, as From or P-Asserted-Identity tells (RFC 3261 §20.20, RFC 3325). A claim, not a proof.

/// One name and address. Texts are copied with limits and without control characters.
public struct SIPIdentity: Hashable, Sendable {
    /// The user part without its parameters: a number or a name; empty when there is none.
    public var user: String
    public var host: String
    public var displayName: String?
    /// The caller does not want to be known, or is not (RFC 3323, RFC 3325 §9.1). `user` may still hold a number then:
    /// it must not be shown.
    public var isAnonymous: Bool

    public init(user: String, host: String, displayName: String? = nil, isAnonymous: Bool = false) {
        self.user = user
        self.host = host
        self.displayName = displayName
        self.isAnonymous = isAnonymous
    }

    /// From parts of a message. `privacyWanted`: the message has a Privacy header that hides the identity.
    init(user: String?, host: String?, displayName: String?, privacyWanted: Bool) {
        let number = SIPText.unescaped(String((user ?? "").prefix { $0 != ";" && $0 != ":" }))
        self.user = number
        self.host = host ?? ""
        let name = displayName.map(Self.unquoted)?.trimmed
        self.displayName = name?.isEmpty == false ? name : nil
        isAnonymous =
            privacyWanted || number.isEmpty || number.lowercased() == "anonymous"
            || self.host.lowercased() == "anonymous.invalid"
    }

    /// From a header value: `"Jan" <sip:+48221@example.com>`, `<tel:+48221>`, `sip:a@b;tag=1`. Of several, the first.
    init?(headerValue: String, privacyWanted: Bool) {
        var name: String?
        var address = Substring(headerValue)
        if let open = Self.unquotedIndex(of: "<", in: headerValue), let close = headerValue[open...].firstIndex(of: ">")
        {
            name = String(headerValue[..<open])
            address = headerValue[headerValue.index(after: open)..<close]
        } else {
            address = address.prefix { $0 != ";" && $0 != "," }
        }
        guard let colon = address.firstIndex(of: ":") else { return nil }
        let rest = address[address.index(after: colon)...]
        switch address[..<colon].lowercased().trimmed {
        case "sip", "sips":
            let parts = rest.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            let host = (parts.last ?? "").prefix { $0 != ";" && $0 != "?" && $0 != ":" }
            self.init(
                user: parts.count == 2 ? String(parts[0]) : nil, host: String(host), displayName: name,
                privacyWanted: privacyWanted)
        case "tel":
            self.init(user: String(rest), host: "", displayName: name, privacyWanted: privacyWanted)
        default: return nil
        }
    }

    private static func unquotedIndex(of wanted: Character, in text: String) -> String.Index? {
        var isQuoted = false
        var isEscaped = false
        return text.indices.first { index in
            let character = text[index]
            defer { isEscaped = character == "\\" && !isEscaped }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == wanted && !isQuoted
        }
    }

    private static func unquoted(_ text: String) -> String {
        let text = text.trimmed
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var isEscaped = false
        return text.dropFirst().dropLast().filter { character in
            if character == "\\", !isEscaped {
                isEscaped = true
                return false
            }
            isEscaped = false
            return true
        }
    }
}

extension StringProtocol {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
