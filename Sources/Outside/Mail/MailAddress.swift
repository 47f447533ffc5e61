// An address of electronic mail (RFC 5321 §4.1.2) as we send to and from.

/// A dot-string in ASCII at a host's name: nothing in it can end a command or a header field. Quoted local parts, addresses
/// in brackets and letters beyond ASCII (RFC 6531) are refused.
public struct MailAddress: Hashable, Sendable {
    public let text: String
    let domain: HostName

    /// Nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, parts[0].utf8.count <= 64,
            parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isAtom),
            let domain = HostName(String(parts[1]))
        else { return nil }
        self.domain = domain
        self.text = "\(parts[0])@\(domain.text)"
    }

    /// RFC 5322 §3.2.3.
    private static func isAtom(_ word: Substring) -> Bool {
        !word.isEmpty
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-/=?^_`{|}~".contains($0)) }
    }
}
