// What an administrator types on a telephone instead of a password.

/// Six to twelve digits that are not the first that a stranger would try.
public struct PIN: Sendable {
    public static let length = 6...12

    public enum Flaw: Error, Equatable {
        /// Too short, too long, or not of digits alone.
        case notDigits
        /// Repeated, counted up or down, mirrored.
        case trivial
    }

    let digits: String

    /// - Throws: `Flaw`.
    public init(_ typed: String) throws(Flaw) {
        let values = typed.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard Self.length.contains(values.count), values.allSatisfy((0...9).contains) else { throw .notDigits }
        guard !Self.isTrivial(values) else { throw .trivial }
        digits = typed
    }

    private static func isTrivial(_ digits: [Int]) -> Bool {
        if Set(digits).count < 3 || digits == digits.reversed() { return true }
        // 112233 is 123, only slower.
        let changes = digits.indices.filter { $0 == 0 || digits[$0] != digits[$0 - 1] }.map { digits[$0] }
        return isRun(digits) || isRun(changes) || isRepeated(digits)
    }

    /// Each digit as far from the last as the one before: 123456, 654321, 024680.
    private static func isRun(_ digits: [Int]) -> Bool {
        Set(zip(digits, digits.dropFirst()).map { ($1 - $0 + 10) % 10 }).count <= 1
    }

    /// The same again and again: 123123, 4747474.
    private static func isRepeated(_ digits: [Int]) -> Bool {
        (1...digits.count / 2).contains { period in
            digits.indices.dropFirst(period).allSatisfy { digits[$0] == digits[$0 - period] }
        }
    }
}

/// What a page shows of somebody's PIN. Times are Unix ms.
public struct PINState: Sendable, Equatable {
    /// When it was set; nil: there is none.
    public let setAt: Int64?
    /// After wrong ones no PIN of this account is looked at before this; nil: it is.
    public let lockedUntil: Int64?
}
