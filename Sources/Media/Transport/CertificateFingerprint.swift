// The fingerprint that ties a DTLS certificate to the signalling (RFC 8122 §5).

/// A hash function and the hash of a certificate. Functions weaker than SHA-256 are not accepted (RFC 8122 §5 says
/// that MD5 and MD2 MUST NOT be used; SHA-1 we refuse as broken).
public struct CertificateFingerprint: Hashable, Sendable {
    public enum HashFunction: String, Sendable {
        case sha256 = "sha-256"
        case sha384 = "sha-384"
        case sha512 = "sha-512"

        var length: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }
    }

    public var function: HashFunction
    public var bytes: [UInt8]

    init(function: HashFunction, bytes: [UInt8]) {
        self.function = function
        self.bytes = bytes
    }

    /// Reads the value of `a=fingerprint`, such as `sha-256 4A:AD:…`. Nil when malformed or the function is not ours.
    public init?(parsing text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let function = HashFunction(rawValue: parts[0].lowercased()) else { return nil }
        let pairs = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard pairs.count == function.length else { return nil }
        var bytes: [UInt8] = []
        for pair in pairs {
            guard pair.utf8.count == 2, !pair.hasPrefix("+"), !pair.hasPrefix("-"), let byte = UInt8(pair, radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        self.init(function: function, bytes: bytes)
    }

    /// The value for `a=fingerprint`.
    public var text: String {
        let digits = Array("0123456789ABCDEF")
        let pairs = bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
        return "\(function.rawValue) \(pairs.joined(separator: ":"))"
    }
}
