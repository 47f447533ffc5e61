// Checks of typed numbers: PESEL (act of 24 September 2010, art. 15), NIP, REGON, a date, a telephone number.

/// `check:` of an `ask` step.
enum DigitCheck: String, Sendable, CaseIterable {
    case pesel
    case nip
    case regon
    /// Day, month, year: `01052026`.
    case date
    /// A number that can be called back.
    case phone

    /// How many digits it can have.
    var counts: [Int] {
        switch self {
        case .pesel: [11]
        case .nip: [10]
        case .regon: [9, 14]
        case .date: [8]
        case .phone: Array(9...15)
        }
    }

    /// What is kept of the digits, or nil when they are not right: a date as `2026-05-01`, a number as `+48…`, the
    /// others as they were typed.
    func value(of digits: String) -> String? {
        let numbers = digits.compactMap(\.wholeNumberValue)
        guard numbers.count == digits.count, counts.contains(numbers.count) else { return nil }
        switch self {
        case .pesel: return Self.isPESEL(numbers) ? digits : nil
        case .nip: return Self.isNIP(numbers) ? digits : nil
        case .regon: return Self.isREGON(numbers) ? digits : nil
        case .date: return Self.date(numbers)?.text
        case .phone:
            // 0 before nine digits was dialled in Poland until 2010; no country code begins with it.
            let plain = digits.count == 10 && digits.hasPrefix("0") ? String(digits.dropFirst()) : digits
            return PhoneNumber.normalised(plain).flatMap { $0.hasPrefix("+") && !$0.hasPrefix("+0") ? $0 : nil }
        }
    }

    /// The check digit is what the weighted sum lacks to the next ten; the first six digits are a day that exists, the
    /// century hidden in the month.
    private static func isPESEL(_ digits: [Int]) -> Bool {
        guard (10 - sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == digits[10] else { return false }
        let centuries = [1900, 2000, 2100, 2200, 1800]
        let month = digits[2] * 10 + digits[3]
        let year = centuries[month / 20] + digits[0] * 10 + digits[1]
        return CivilDate(year: year, month: month % 20, day: digits[4] * 10 + digits[5]) != nil
    }

    private static func isNIP(_ digits: [Int]) -> Bool {
        digits[..<3] != [0, 0, 0] && sum(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9]
    }

    /// A number of 14 digits begins with one of nine that is right itself.
    private static func isREGON(_ digits: [Int]) -> Bool {
        guard digits.contains(where: { $0 != 0 }), sum(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == digits[8] else {
            return false
        }
        return digits.count == 9 || sum(digits, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10 == digits[13]
    }

    private static func date(_ digits: [Int]) -> CivilDate? {
        let year = digits[4...].reduce(0) { $0 * 10 + $1 }
        return CivilDate(year: year, month: digits[2] * 10 + digits[3], day: digits[0] * 10 + digits[1])
    }

    private static func sum(_ digits: [Int], _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
