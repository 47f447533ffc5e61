// A range of IP addresses that share their first bits (RFC 4632, RFC 4291 §2.3).

/// `10.1.0.0/16`, `fd12:3456::/32`, or one address.
public struct IPNetwork: Hashable, Sendable {
    private let first: IPAddress
    private let prefixLength: Int

    /// Nil when the text is no network, and when bits behind the prefix are set: `10.1.2.3/16` is a mistake more often
    /// than a wish.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = IPAddress(String(parts[0])) else { return nil }
        let width =
            switch first {
            case .v4: 32
            case .v6: 128
            }
        self.first = first
        guard parts.count == 2 else {
            prefixLength = width
            return
        }
        guard let length = Int(parts[1]), String(length) == parts[1], (0...width).contains(length) else { return nil }
        prefixLength = length
        switch first {
        case .v4(let value): guard length == 32 || value << UInt32(length) == 0 else { return nil }
        case .v6(let value): guard length == 128 || value << UInt128(length) == 0 else { return nil }
        }
    }

    func contains(_ address: IPAddress) -> Bool {
        switch (first, address) {
        // Shifts by the whole width give 0 in Swift, so that a prefix of 0 holds every address of the family.
        case (.v4(let mine), .v4(let other)): (mine ^ other) >> UInt32(32 - prefixLength) == 0
        case (.v6(let mine), .v6(let other)): (mine ^ other) >> UInt128(128 - prefixLength) == 0
        case (.v4, .v6), (.v6, .v4): false
        }
    }
}
