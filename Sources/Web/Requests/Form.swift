// application/x-www-form-urlencoded: a log-in form's body or a search's query.

import Hummingbird

/// Names and values, decoded; the first of several equal names counts.
struct Form: Sendable {
    /// The most bytes of a form's body.
    static let limit = 16_384
    /// A form is small: whoever needs longer to send it is not a browser.
    static let patience = Duration.seconds(15)

    private var values: [String: String] = [:]

    init(parsing text: String) {
        for pair in text.split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decode(parts[0])
            if values[name] == nil { values[name] = parts.count == 2 ? Self.decode(parts[1]) : "" }
        }
    }

    /// Reads a request's body; throws 413 or 408.
    init(of request: Request) async throws {
        self.init(parsing: String(buffer: try await request.body(upTo: Self.limit, within: Self.patience)))
    }

    /// Without surrounding blanks; empty when absent.
    subscript(_ name: String) -> String {
        let text = (values[name] ?? "").drop { $0.isWhitespace }
        return String(text.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Exactly as typed: passwords may begin with a blank.
    func exact(_ name: String) -> String { values[name] ?? "" }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let digits = String(rest.prefix(2)), digits.count == 2, let value = UInt8(digits, radix: 16)
                else { fallthrough }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
