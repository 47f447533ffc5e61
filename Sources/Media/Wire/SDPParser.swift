// Reading a session description (RFC 8866 §5) from a stranger.

/// Why a body is no session description.
public enum SDPError: Error, Equatable, Sendable {
    /// More than 64 KiB.
    case tooLong
    /// More `m=` lines, `a=` lines of one section, or formats of one stream than are allowed.
    case tooMany(line: Int)
    /// A line that cannot be read; 1 is the first.
    case malformed(line: Int)
    /// No `v=0` or no `o=`.
    case incomplete
}

/// A line-by-line reader. Strict where a wrong reading would send media astray (numbers, addresses, `m=`), lenient in
/// the order of lines and for types of line that it does not know.
struct SDPParser {
    /// A browser's offer with video is about 7 KiB.
    static let maximumLength = 65_536
    static let maximumMedia = 16
    /// For the session and for each stream.
    static let maximumAttributes = 512
    static let maximumFormats = 128

    private var origin: SDPOrigin?
    private var connection: SDPConnection?
    private var attributes: [SDPAttribute] = []
    private var media: [MediaDescription] = []

    mutating func parse(_ text: String) throws(SDPError) -> SessionDescription {
        guard text.utf8.count <= SDPParser.maximumLength else { throw .tooLong }
        let bytes = Array(text.utf8)
        var number = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            number += 1
            try read(bytes[start..<end], number: number)
            start = end + 1
        }
        guard let origin else { throw .incomplete }
        return SessionDescription(origin: origin, connection: connection, attributes: attributes, media: media)
    }

    private mutating func read(_ raw: ArraySlice<UInt8>, number: Int) throws(SDPError) {
        let line = raw.last == 13 ? raw.dropLast() : raw
        guard !line.isEmpty else { return }
        guard line.count >= 2, line[line.startIndex + 1] == UInt8(ascii: "="), !line.contains(0), !line.contains(13)
        else { throw .malformed(line: number) }
        let value = String(decoding: line.dropFirst(2), as: UTF8.self)
        let type = line[line.startIndex]
        if number == 1 {
            guard type == UInt8(ascii: "v"), value == "0" else { throw .incomplete }
            return
        }
        switch type {
        case UInt8(ascii: "o"): try readOrigin(value, number: number)
        case UInt8(ascii: "c"): try readConnection(value, number: number)
        case UInt8(ascii: "a"): try readAttribute(value, number: number)
        case UInt8(ascii: "m"): try readMedia(value, number: number)
        default: return
        }
    }

    private mutating func readOrigin(_ value: String, number: Int) throws(SDPError) {
        let fields = value.split(separator: " ").map(String.init)
        guard origin == nil, media.isEmpty, fields.count == 6 else { throw .malformed(line: number) }
        guard SDPParser.isNumber(fields[1]), SDPParser.isNumber(fields[2]) else { throw .malformed(line: number) }
        let connection = try SDPParser.connection(fields[3...], number: number)
        origin = SDPOrigin(
            username: fields[0], sessionID: fields[1], sessionVersion: fields[2], connection: connection)
    }

    private mutating func readConnection(_ value: String, number: Int) throws(SDPError) {
        let fields = value.split(separator: " ").map(String.init)
        let parsed = try SDPParser.connection(fields[...], number: number)
        if media.isEmpty {
            connection = parsed
        } else {
            media[media.count - 1].connection = parsed
        }
    }

    private mutating func readAttribute(_ value: String, number: Int) throws(SDPError) {
        let count = media.last?.attributes.count ?? attributes.count
        guard count < SDPParser.maximumAttributes else { throw .tooMany(line: number) }
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, !name.isEmpty else { throw .malformed(line: number) }
        let attribute = SDPAttribute(name, parts.count == 2 ? parts[1] : nil)
        if media.isEmpty {
            attributes.append(attribute)
        } else {
            media[media.count - 1].attributes.append(attribute)
        }
    }

    private mutating func readMedia(_ value: String, number: Int) throws(SDPError) {
        guard media.count < SDPParser.maximumMedia else { throw .tooMany(line: number) }
        let fields = value.split(separator: " ").map(String.init)
        guard fields.count >= 4 else { throw .malformed(line: number) }
        guard fields.count - 3 <= SDPParser.maximumFormats else { throw .tooMany(line: number) }
        // "port/count": consecutive ports of layered streams; the first is the stream's.
        let ports = fields[1].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let first = ports.first, ports.count <= 2, ports.allSatisfy(SDPParser.isNumber),
            let port = UInt16(first)
        else { throw .malformed(line: number) }
        media.append(
            MediaDescription(
                kind: fields[0], port: port, transport: fields[2], formats: Array(fields[3...]), connection: nil,
                attributes: []))
    }

    private static func connection(_ fields: ArraySlice<String>, number: Int) throws(SDPError) -> SDPConnection {
        guard fields.count == 3, let network = fields.first, let address = fields.last, network == "IN" else {
            throw .malformed(line: number)
        }
        switch fields[fields.startIndex + 1] {
        case "IP4": return SDPConnection(isIPv6: false, address: address)
        case "IP6": return SDPConnection(isIPv6: true, address: address)
        default: throw .malformed(line: number)
        }
    }

    /// Digits only, at least one: `Int("+1")` would take a sign.
    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}
