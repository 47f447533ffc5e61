// Strings from the wire: copied with a limit, without what would spoil a screen or a log line.

enum SIPText {
    /// No header value that we look at needs more bytes.
    static let limit = 256

    /// A copy of at most `limit` bytes without control characters and marks that change the direction of text.
    static func copy(_ text: UnsafePointer<CChar>?, limit: Int = limit) -> String? {
        guard let text else { return nil }
        var length = 0
        while length < limit, text[length] != 0 { length += 1 }
        let bytes = UnsafeRawBufferPointer(start: text, count: length)
        return clean(String(decoding: bytes, as: UTF8.self))
    }

    static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(isHarmless)))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    /// `%2B48` becomes `+48` (RFC 3261 §19.1.2); a broken escape stays as it is.
    static func unescaped(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return clean(String(decoding: bytes, as: UTF8.self))
    }

    /// Everything that is not unreserved in a user part as `%XX` (RFC 3261 §25.1).
    static func escaped(user: String) -> String {
        let plain = Set("-_.!~*'()&=+$,;?/".utf8)
        return user.utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            if plain.contains(byte) || (scalar.isASCII && (scalar.properties.isAlphabetic || 48...57 ~= byte)) {
                text.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += "%" + (hex.count < 2 ? "0" + hex : hex)
            }
        }
    }

    /// A quoted-string (RFC 3261 §25.1).
    static func quoted(_ text: String) -> String {
        let escaped = clean(text).reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return "\"\(escaped)\""
    }
}
