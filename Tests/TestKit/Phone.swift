// The party at the other end of a leg.

@testable public import Media

/// Says a tone in its codec and keeps what it hears.
public final class Phone {
    /// One packet that arrived.
    public struct Heard: Equatable {
        public let marker: Bool
        public let payloadType: UInt8
        public let sequence: UInt16
        public let timestamp: UInt32
        public let ssrc: UInt32
        public let payload: [UInt8]
        /// Virtual milliseconds.
        public let at: Int
    }

    public let address: SocketAddress
    public var codec: Codec
    public var payloadType: UInt8
    public var packetTime: Int
    /// The tone that it says; nil: it says nothing.
    public var tone: Double?
    public var ssrc: UInt32
    public var sequence: UInt16
    public var timestamp: UInt32
    public private(set) var heard: [Heard] = []
    public private(set) var reports: [[UInt8]] = []
    /// Payloads that it sent, in order.
    public private(set) var said: [[UInt8]] = []
    private var position = 0
    private var elapsed = 0
    private var encoder: OpusEncoder?
    private var g729 = G729Encoder()
    private var g722 = G722Encoder()

    public init(port: UInt16, codec: Codec = .pcma, packetTime: Int = 20, tone: Double? = nil) {
        // because the address is a literal
        address = SocketAddress(ip: "192.0.2.7", port: port)!
        self.codec = codec
        self.packetTime = packetTime
        self.tone = tone
        payloadType = codec.defaultPayloadType
        ssrc = UInt32(port) &* 2_654_435_761
        sequence = 1
        timestamp = 1_000
        encoder = try? OpusEncoder(expectedLoss: 20)
    }

    /// One millisecond later: the packet that is due, if any.
    public func step() -> [UInt8]? {
        elapsed += 1
        guard elapsed >= packetTime else { return nil }
        elapsed = 0
        guard let tone else {
            position += packetTime * 8
            timestamp &+= UInt32(packetTime * codec.clockRate / 1_000)
            return nil
        }
        let payload = encode(tone)
        said.append(payload)
        let packet = Phone.packet(
            payloadType: payloadType, sequence: sequence, timestamp: timestamp, ssrc: ssrc, payload: payload)
        sequence &+= 1
        timestamp &+= UInt32(packetTime * codec.clockRate / 1_000)
        return packet
    }

    private func encode(_ tone: Double) -> [UInt8] {
        let rate = codec.isWideBand ? 16_000 : 8_000
        let count = packetTime * rate / 1_000
        let samples = Tones.sine(tone, rate: rate, from: position, count: count)
        position += count
        var payload = [UInt8](repeating: 0, count: 1_000)
        let length: Int
        switch codec {
        case .pcmu, .pcma:
            G711.encode(samples, count: count, law: codec == .pcma ? .a : .mu, into: &payload)
            length = count
        case .g722: length = g722.encode(samples, count: count, into: &payload)
        case .g729: length = g729?.encode(samples, count: count, into: &payload) ?? 0
        case .opus: length = encoder?.encode(samples, count: count, into: &payload) ?? 0
        }
        return Array(payload[..<length])
    }

    /// A packet in bytes.
    public static func packet(
        marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32, payload: [UInt8]
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: RTPHeader.length)
        let header = RTPHeader(
            marker: marker, payloadType: payloadType, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
        bytes.withUnsafeMutableBytes { memory in
            guard let start = memory.baseAddress else { return }
            header.write(to: start)
        }
        return bytes + payload
    }

    /// A datagram arrives.
    public func take(_ datagram: [UInt8], at milliseconds: Int) {
        datagram.withUnsafeBytes { bytes in
            guard DatagramKind(classifying: bytes) == .rtp, let header = RTPHeader(parsing: bytes) else {
                reports.append(datagram)
                return
            }
            let payload = bytes[header.payloadOffset..<header.payloadOffset + header.payloadLength]
            heard.append(
                Heard(
                    marker: header.marker, payloadType: header.payloadType, sequence: header.sequence,
                    timestamp: header.timestamp, ssrc: header.ssrc, payload: Array(payload), at: milliseconds))
        }
    }

    /// Forgets what it heard and said so far.
    public func forget() {
        heard = []
        reports = []
        said = []
    }

    /// What it heard as samples: G.711 and G.729 at 8 kHz, G.722 and Opus at 16 kHz, each packet under its payload type, gaps left out.
    public func sound(_ codec: Codec, payloadType: UInt8? = nil) -> [Int16] {
        let type = payloadType ?? codec.defaultPayloadType
        var samples: [Int16] = []
        var decoder = try? OpusDecoder()
        var g722 = G722Decoder()
        var g729 = G729Decoder()
        for packet in heard where packet.payloadType == type {
            var decoded = [Int16](repeating: 0, count: 1_920)
            let count: Int
            switch codec {
            case .pcmu, .pcma:
                count = packet.payload.count
                G711.decode(packet.payload, count: count, law: codec == .pcma ? .a : .mu, into: &decoded)
            case .g722: count = g722.decode(packet.payload, count: packet.payload.count, into: &decoded)
            case .g729:
                count = g729?.decode(packet.payload, length: packet.payload.count, into: &decoded, capacity: 1_920) ?? 0
            case .opus:
                count =
                    decoder?.decode(packet.payload, length: packet.payload.count, into: &decoded, capacity: 1_920) ?? 0
            }
            samples += decoded[..<count]
        }
        return samples
    }

    /// Level in dBFS of a tone in what it heard, in the mean over windows of 50 ms.
    public func level(of frequency: Double, as codec: Codec = .pcma) -> Double {
        Tones.windowedLevel(of: frequency, in: sound(codec), rate: codec.isWideBand ? 16_000 : 8_000)
    }
}
