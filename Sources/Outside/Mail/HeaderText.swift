// Any text as the value of a header field (RFC 5322 §2.2, RFC 2047).

import Foundation

enum HeaderText {
    /// Characters beyond ASCII per encoded word: a line with one may have 76 characters (RFC 2047 §2), and `Subject: ` is 9.
    private static let bytesInWord = 39
    /// Nobody reads a longer subject.
    private static let longest = 200

    /// One or more lines, the later ones folded. Whatever the text holds, no field begins in it: control characters and
    /// line ends of every kind become blanks.
    static func encoded(_ text: String) -> String {
        let clean = String(cleaned(text).prefix(longest))
        let isPlain =
            clean.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !clean.contains("=?") && clean.utf8.count <= 60
        return isPlain ? clean : words(clean).map { "=?UTF-8?B?\($0.base64)?=" }.joined(separator: "\r\n ")
    }

    /// In one line, without what only steers terminals or the direction of writing.
    static func cleaned(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: " "
            case _: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
    }

    /// Pieces of whole characters: a reader decodes each word by itself (RFC 2047 §5).
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            if word.utf8.count + String(scalar).utf8.count > bytesInWord {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(scalar)
        }
        return word.isEmpty ? words : words + [word]
    }
}

extension String {
    fileprivate var base64: String { Data(utf8).base64EncodedString() }
}
