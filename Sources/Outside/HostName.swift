// A name that is looked up in the DNS (RFC 1123 §2.1).

/// In lower case, without the final dot. Letters outside of ASCII are written as the DNS carries them (`xn--…`).
public struct HostName: Hashable, Sendable {
    public let text: String

    /// Nil when it is no host name, and when it ends in a number: resolvers read `127.1`, `0x7f000001` and `017700000001`
    /// as addresses, which nobody writes who means well.
    public init?(_ text: String) {
        let lower = text.lowercased()
        let name = lower.hasSuffix(".") ? lower.dropLast() : lower[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel), let last = labels.last, !Self.isNumber(last)
        else {
            return nil
        }
        self.text = String(name)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The WHATWG's "ends in a number": all digits, or hexadecimal behind 0x, even when nothing follows.
    private static func isNumber(_ label: Substring) -> Bool {
        if label.hasPrefix("0x") { return label.dropFirst(2).allSatisfy(\.isHexDigit) }
        return label.allSatisfy(\.isNumber)
    }
}
