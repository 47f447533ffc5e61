// Telephone numbers written in many ways → one (ITU-T E.164).

/// Numbers as they are compared.
public enum PhoneNumber {
    /// `+48 22 000 00 01`, `0048220000001`, `22 000-00-01` → `+48220000001`. Nine digits are Polish. Short numbers (three
    /// to six digits, 112 or an extension) stay as they are. Nil for what is no number.
    public static func normalised(_ written: String) -> String? {
        var digits = written.filter { !" -./()\u{00A0}".contains($0) }
        if digits.hasPrefix("tel:") { digits.removeFirst(4) }
        if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
        let isInternational = digits.hasPrefix("+")
        if isInternational { digits.removeFirst() }
        guard digits.allSatisfy(\.isASCIIDigit) else { return nil }
        if isInternational { return (7...15).contains(digits.count) ? "+" + digits : nil }
        switch digits.count {
        case 3...6: return digits
        case 9: return "+48" + digits
        case 7, 8, 10...15: return "+" + digits
        default: return nil
        }
    }
}
