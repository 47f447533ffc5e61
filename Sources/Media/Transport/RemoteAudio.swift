// What the peer's m=audio section says, read once for offers and answers alike.

/// One audio section of a peer's description with the session-level lines that apply to it.
struct RemoteAudio {
    /// A payload type with its meaning.
    struct Format: Equatable {
        var payloadType: UInt8
        /// Lower case.
        var name: String
        var clockRate: Int
        var channels: Int
    }

    let section: MediaDescription
    private let session: SessionDescription

    /// `index` is a valid index of `session.media`.
    init(_ session: SessionDescription, index: Int) {
        self.session = session
        self.section = session.media[index]
    }

    /// A media-level attribute, or else the session's.
    func value(_ name: String) -> String? {
        section.value(name) ?? session.attributes.value(name)
    }

    /// The formats that have a meaning, in the peer's order. Payload types 64…95 collide with RTCP under rtcp-mux
    /// (RFC 5761 §4) and are left out then.
    var formats: [Format] {
        var maps: [UInt8: Format] = [:]
        for text in section.values("rtpmap") {
            guard let format = RemoteAudio.rtpmap(text), maps[format.payloadType] == nil else { continue }
            maps[format.payloadType] = format
        }
        var seen: Set<UInt8> = []
        return section.formats.compactMap { text in
            guard let type = UInt8(text), type <= 127, seen.insert(type).inserted else { return nil }
            guard !(rtcpMux && (64...95).contains(type)) else { return nil }
            if let format = maps[type] { return format }
            // RFC 3551 §6: the static assignments need no rtpmap.
            switch type {
            case 0: return Format(payloadType: 0, name: "pcmu", clockRate: 8_000, channels: 1)
            case 8: return Format(payloadType: 8, name: "pcma", clockRate: 8_000, channels: 1)
            case 9: return Format(payloadType: 9, name: "g722", clockRate: 8_000, channels: 1)
            case 18: return Format(payloadType: 18, name: "g729", clockRate: 8_000, channels: 1)
            case 13: return Format(payloadType: 13, name: "cn", clockRate: 8_000, channels: 1)
            default: return nil
            }
        }
    }

    /// Reads `111 opus/48000/2`.
    private static func rtpmap(_ text: String) -> Format? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let type = UInt8(parts[0]), type <= 127 else { return nil }
        let fields = parts[1].split(separator: "/")
        guard (2...3).contains(fields.count), let rate = Int(fields[1]), rate > 0 else { return nil }
        let channels = fields.count == 3 ? Int(fields[2]) : 1
        guard let channels, channels > 0 else { return nil }
        return Format(payloadType: type, name: fields[0].lowercased(), clockRate: rate, channels: channels)
    }

    /// One of the parameters in `a=fmtp`, by its name in lower case.
    func parameter(_ name: String, of payloadType: UInt8) -> String? {
        for line in section.values("fmtp") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, UInt8(parts[0]) == payloadType else { continue }
            for field in parts[1].split(separator: ";") {
                let pair = field.split(separator: "=", maxSplits: 1).map { word in
                    String(word.drop { $0 == " " }.prefix { $0 != " " })
                }
                if pair.count == 2, pair[0].lowercased() == name { return pair[1].lowercased() }
            }
        }
        return nil
    }

    var rtcpMux: Bool { section.has("rtcp-mux") }

    /// Whether the peer sends and receives (RFC 8866 §6.7); both when nothing is said.
    var direction: (sends: Bool, receives: Bool) {
        let names = ["sendrecv", "sendonly", "recvonly", "inactive"]
        let said =
            section.attributes.first { names.contains($0.name) }
            ?? session.attributes.first { names.contains($0.name) }
        switch said?.name {
        case "sendonly": return (true, false)
        case "recvonly": return (false, true)
        case "inactive": return (false, false)
        default: return (true, true)
        }
    }

    /// Where the peer wants RTP. Nil for an unspecified address (hold).
    func rtpAddress() throws(NegotiationError) -> SocketAddress? {
        guard let connection = section.connection ?? session.connection else { throw .malformed }
        guard let address = SocketAddress(ip: connection.address, port: section.port) else { throw .unreachable }
        return address.isUnspecified ? nil : address
    }

    /// Where the peer wants RTCP: `a=rtcp` (RFC 3605), or the port after RTP's.
    func rtcpAddress(rtp: SocketAddress?) -> SocketAddress? {
        guard let rtp else { return nil }
        if rtcpMux { return rtp }
        if let fields = section.value("rtcp")?.split(separator: " "), let first = fields.first,
            let port = UInt16(first), port > 0
        {
            guard fields.count == 4 else { return rtp.with(port: port) }
            guard let address = SocketAddress(ip: String(fields[3]), port: port), !address.isUnspecified else {
                return rtp.with(port: port)
            }
            return address
        }
        return rtp.port < 65_535 ? rtp.with(port: rtp.port + 1) : nil
    }

    /// Milliseconds of sound the peer wants in a packet: `a=ptime` within `a=maxptime`, made a length that the codec
    /// has and that lies in 10…60.
    func packetTime(for codec: Codec, unless fallback: Int) -> Int {
        let wanted = value("ptime").flatMap(RemoteAudio.milliseconds) ?? fallback
        let limit = value("maxptime").flatMap(RemoteAudio.milliseconds) ?? 60
        let bounded = min(wanted, limit)
        let lengths =
            switch codec {
            case .pcmu, .pcma, .g722, .g729: [60, 50, 40, 30, 20]
            case .opus: [60, 40, 20]
            }
        return lengths.first { $0 <= bounded } ?? 10
    }

    /// `20`, and `20.5` of peers that mean well; nil for 0 and nonsense.
    private static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int(digits), value > 0 else { return nil }
        return value
    }
}
