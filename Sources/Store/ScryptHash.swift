// Passwords as scrypt hashes (RFC 7914), and the other two things taken from OpenSSL: random bytes and SHA-256.

import COpenSSL
import Foundation

/// A salted hash of a password that says how it was made: `$scrypt$ln=17,r=8,p=1$SALT$KEY`, salt and key in hex.
struct ScryptHash: Sendable, Equatable {
    struct Cost: Sendable, Equatable {
        /// N is two to this power, 1–20.
        let logN: UInt8
        let r: UInt64
        let p: UInt64

        /// OWASP's first choice for scrypt: 128 MB and about a third of a second.
        static let owasp = Cost(logN: 17, r: 8, p: 1)

        var n: UInt64 { 1 << UInt64(logN) }
        /// What RFC 7914 §5 needs (V, B and the two blocks of scratch), and some slack for OpenSSL's own count.
        var memory: UInt64 { 128 * r * (n + p + 2) + 65_536 }
    }

    let cost: Cost
    let salt: [UInt8]
    let key: [UInt8]

    /// - Throws: `StoreError.cryptography` without random bytes or memory.
    init(password: String, cost: Cost) throws {
        let salt = try Random.bytes(16)
        self.init(cost: cost, salt: salt, key: try Self.derive(password, salt, cost))
    }

    /// A hash that no password fits.
    static func unmatchable(cost: Cost) throws -> ScryptHash {
        ScryptHash(cost: cost, salt: try Random.bytes(16), key: try Random.bytes(32))
    }

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Takes as long for a wrong password as for the right one.
    func matches(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt, cost)
        return other.count == key.count && CRYPTO_memcmp(other, key, key.count) == 0
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        // The same word typed on another keyboard may come with other code points; see RFC 8265 §4.
        let typed = Array(password.precomposedStringWithCanonicalMapping.utf8)
        var key = [UInt8](repeating: 0, count: 32)
        let done = typed.withUnsafeBytes { bytes in
            EVP_PBE_scrypt(
                bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, salt, salt.count, cost.n, cost.r, cost.p,
                cost.memory, &key, key.count)
        }
        guard done == 1 else { throw StoreError.cryptography }
        return key
    }
}

extension ScryptHash {
    var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)$\(Hex.text(salt))$\(Hex.text(key))"
    }

    /// nil for anything but what `text` gave.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").compactMap { UInt64($0.drop { $0 != "=" }.dropFirst()) }
        guard numbers.count == 3, (1...20).contains(numbers[0]), (1...16).contains(numbers[1]),
            (1...4).contains(numbers[2]), let salt = Hex.bytes(parts[3]), let key = Hex.bytes(parts[4])
        else { return nil }
        self.init(cost: Cost(logN: UInt8(numbers[0]), r: numbers[1], p: numbers[2]), salt: salt, key: key)
    }
}

/// Bytes that nobody can guess.
enum Random {
    static func bytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw StoreError.cryptography }
        return bytes
    }
}

enum Hex {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}

/// What tells one text from another: SHA-256 in hexadecimal digits.
public func textDigest(_ text: String) -> String { Hex.text(sha256(text)) }

/// SHA-256 of a text's UTF-8.
func sha256(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &digest)
    return digest
}
