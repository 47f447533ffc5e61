// The sixteen keys of a telephone (ITU-T Q.23), numbered as RFC 4733 table 3 does.

/// A key. Never logged with the caller's number: callers type PINs.
public struct Digit: Hashable, Sendable, BitwiseCopyable {
    /// 0…9 the digits, 10 `*`, 11 `#`, 12…15 `A`…`D`.
    public let code: UInt8

    /// Nil above 15.
    @_noLocks @_noAllocation
    public init?(code: UInt8) {
        guard code <= 15 else { return nil }
        self.code = code
    }

    /// Nil unless one of `0`…`9`, `*`, `#`, `A`…`D`, `a`…`d` in ASCII.
    @_noLocks @_noAllocation
    public init?(ascii: UInt8) {
        switch ascii {
        case 0x30...0x39: code = ascii - 0x30
        case 0x2A: code = 10
        case 0x23: code = 11
        case 0x41...0x44: code = ascii - 0x41 + 12
        case 0x61...0x64: code = ascii - 0x61 + 12
        default: return nil
        }
    }

    /// Nil unless one of `0`…`9`, `*`, `#`, `A`…`D`, `a`…`d`.
    public init?(character: Character) {
        guard let ascii = character.asciiValue else { return nil }
        self.init(ascii: ascii)
    }

    /// `0`…`9`, `*`, `#`, `A`…`D` in ASCII.
    public var ascii: UInt8 {
        @_noLocks @_noAllocation get {
            switch code {
            case 0...9: 0x30 + code
            case 10: 0x2A
            case 11: 0x23
            default: 0x41 + code - 12
            }
        }
    }

    public var character: Character { Character(Unicode.Scalar(ascii)) }
}

/// How a key reached us.
public enum DigitOrigin: UInt8, Sendable, BitwiseCopyable {
    /// RFC 4733.
    case telephoneEvent
    /// Heard as tones; only when telephone-event was not negotiated.
    case inBand
}

/// Up to sixteen keys in a row, in eight bytes.
public struct DigitString: Hashable, Sendable, BitwiseCopyable {
    public static let capacity = 16

    /// Four bits a key, the next one lowest.
    private var codes: UInt64 = 0
    public private(set) var count = 0

    @_noLocks @_noAllocation
    public init() {}

    /// Nil when a character is no key or there are more than sixteen.
    public init?(_ text: String) {
        for character in text {
            guard let digit = Digit(character: character), append(digit) else { return nil }
        }
    }

    public var isEmpty: Bool { @_noLocks @_noAllocation get { count == 0 } }

    /// False when full; nothing is added then.
    @_noLocks @_noAllocation
    public mutating func append(_ digit: Digit) -> Bool {
        guard count < 16 else { return false }
        codes |= UInt64(digit.code) << UInt64(count * 4)
        count += 1
        return true
    }

    /// Takes the first key away.
    @_noLocks @_noAllocation
    public mutating func popFirst() -> Digit? {
        guard count > 0 else { return nil }
        let digit = Digit(code: UInt8(truncatingIfNeeded: codes & 0xF))
        codes >>= 4
        count -= 1
        return digit
    }
}
