// A session description (RFC 8866) as values, and its text.

/// An SDP body. Holds what offer/answer needs; times, bandwidths and lines of unknown type are read over.
public struct SessionDescription: Equatable, Sendable {
    var origin: SDPOrigin
    /// The connection of streams that have none of their own.
    var connection: SDPConnection?
    var attributes: [SDPAttribute]
    /// In the order of the text: offer and answer correspond by position (RFC 3264 §5).
    var media: [MediaDescription]

    init(origin: SDPOrigin, connection: SDPConnection?, attributes: [SDPAttribute], media: [MediaDescription]) {
        self.origin = origin
        self.connection = connection
        self.attributes = attributes
        self.media = media
    }

    /// Reads a body. The limits are those of `SDPParser`; nothing that a peer can write traps.
    public init(parsing text: String) throws(SDPError) {
        var parser = SDPParser()
        self = try parser.parse(text)
    }

    /// The body, lines ending in CR LF.
    public var text: String {
        var lines = ["v=0", "o=\(origin.text)", "s=-"]
        if let connection { lines.append("c=\(connection.text)") }
        lines.append("t=0 0")
        lines += attributes.map { "a=\($0.text)" }
        for section in media {
            lines.append(
                "m=\(section.kind) \(section.port) \(section.transport) \(section.formats.joined(separator: " "))")
            if let connection = section.connection { lines.append("c=\(connection.text)") }
            lines += section.attributes.map { "a=\($0.text)" }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}

/// `o=`: who made the description, and which version it is.
struct SDPOrigin: Equatable, Sendable {
    /// `-` when there is none.
    var username: String
    /// Digits; kept as text because peers send more than fit 64 bits.
    var sessionID: String
    var sessionVersion: String
    var connection: SDPConnection

    var text: String { "\(username) \(sessionID) \(sessionVersion) \(connection.text)" }
}

/// `c=`: an address, numeric or a name. Multicast suffixes are kept as part of the text and thus are no address.
struct SDPConnection: Equatable, Sendable {
    var isIPv6: Bool
    var address: String

    init(isIPv6: Bool, address: String) {
        self.isIPv6 = isIPv6
        self.address = address
    }

    init(address: String) {
        self.init(isIPv6: address.contains(":"), address: address)
    }

    var text: String { "IN \(isIPv6 ? "IP6" : "IP4") \(address)" }
}

/// `a=`: a property (no value) or a value.
struct SDPAttribute: Equatable, Sendable {
    var name: String
    var value: String?

    init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    var text: String { value.map { "\(name):\($0)" } ?? name }
}

/// One `m=` line with what follows it.
struct MediaDescription: Equatable, Sendable {
    /// `audio`, `video`, `application`, …
    var kind: String
    /// 0: refused or disabled.
    var port: UInt16
    /// Such as `RTP/AVP` or `UDP/TLS/RTP/SAVPF`.
    var transport: String
    /// Payload types in text; at least one.
    var formats: [String]
    var connection: SDPConnection?
    var attributes: [SDPAttribute]

    /// The first value of an attribute; an attribute without value gives the empty text.
    func value(_ name: String) -> String? { attributes.value(name) }

    /// All values of an attribute, in order.
    func values(_ name: String) -> [String] { attributes.filter { $0.name == name }.compactMap(\.value) }

    func has(_ name: String) -> Bool { attributes.contains { $0.name == name } }
}

extension [SDPAttribute] {
    /// The first value of an attribute; an attribute without value gives the empty text.
    func value(_ name: String) -> String? {
        first { $0.name == name }.map { $0.value ?? "" }
    }
}
