// What is sent: a voice as RTP packets of 20 ms.

import Media

/// One packet on its way: the whole of it, and what a jitter buffer of another make wants to be told.
struct Packet {
    static let headerLength = 12

    let sequence: UInt16
    /// On the clock of the codec.
    let timestamp: UInt32
    let bytes: [UInt8]

    init(number: Int, codec: Codec, payload: [UInt8]) {
        sequence = UInt16(truncatingIfNeeded: number)
        timestamp = UInt32(truncatingIfNeeded: number * codec.clockRate / 50)
        let ssrc: [UInt8] = [0xCE, 0x17, 0x7A, 0x1A]
        bytes =
            [0x80, codec.defaultPayloadType] + Self.big(sequence) + Self.big(timestamp) + ssrc + payload
    }

    var payload: ArraySlice<UInt8> { bytes[Self.headerLength...] }

    private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

/// How a voice is encoded.
enum Encoding: String, Codable, CaseIterable {
    case pcma = "PCMA"
    /// As a leg of ours does it: narrow band.
    case opus
    /// As a browser does it: wide band, at the bit rate that our answer asks for.
    case browser = "opus-browser"

    /// Bits a second without headers.
    var bitrate: Int {
        switch self {
        case .pcma: 64_000
        case .opus: OpusEncoder.usualBitrate
        case .browser: OpusEncoder.askedBitrate
        }
    }

    var codec: Codec {
        switch self {
        case .pcma: .pcma
        case .opus, .browser: .opus
        }
    }
}

/// The voice twice, so that buffers have settled when the scored second time begins, and a second of silence.
struct Sending {
    /// Packets of silence behind the voice: buffers play out what they hold.
    private static let tail = 50

    let codec: Codec
    let packets: [Packet]
    /// Number of the first packet that is scored, and how many are.
    let scoredFrom: Int
    let scoredCount: Int

    /// - Parameter expectedLoss: per cent, told to the Opus encoder.
    init(_ voice: Voice, _ encoding: Encoding, expectedLoss: Int) throws {
        codec = encoding.codec
        scoredFrom = voice.frameCount
        scoredCount = voice.frameCount
        let payloads: [[UInt8]]
        switch encoding {
        case .pcma: payloads = Self.companded(voice)
        case .opus:
            let encoder = try OpusEncoder(
                sampleRate: Ear.sampleRate, bitrate: encoding.bitrate, expectedLoss: expectedLoss)
            payloads = try Self.opus(voice.narrow, frame: Ear.sampleCount, by: encoder)
        case .browser:
            let encoder = try OpusEncoder(bitrate: encoding.bitrate, expectedLoss: expectedLoss)
            payloads = try Self.opus(voice.wide, frame: Frame.sampleCount, by: encoder)
        }
        packets = payloads.enumerated().map { [codec] in Packet(number: $0, codec: codec, payload: $1) }
    }

    private static func companded(_ voice: Voice) -> [[UInt8]] {
        frames(voice.narrow, count: Ear.sampleCount) { frame in
            var codes = [UInt8](repeating: 0, count: Ear.sampleCount)
            G711.encode(frame, count: Ear.sampleCount, law: .a, into: &codes)
            return codes
        }
    }

    private static func opus(
        _ samples: [Int16], frame count: Int, by encoder: consuming OpusEncoder
    ) throws -> [[UInt8]] {
        var encoder = encoder
        let payloads = frames(samples, count: count) { frame in
            var payload = [UInt8](repeating: 0, count: OpusEncoder.maximumPayload)
            let length = encoder.encode(frame, count: count, into: &payload)
            return Array(payload.prefix(length))
        }
        guard payloads.allSatisfy({ !$0.isEmpty }) else { throw QualityError.noCodec }
        return payloads
    }

    /// `encode` for each frame of the samples twice and of the silence behind.
    private static func frames(
        _ samples: [Int16], count: Int, encode: (UnsafePointer<Int16>) -> [UInt8]
    ) -> [[UInt8]] {
        let all = samples + samples + [Int16](repeating: 0, count: tail * count)
        return stride(from: 0, to: all.count, by: count).map { start in
            all[start..<start + count].withUnsafeBufferPointer { $0.baseAddress.map(encode) ?? [] }
        }
    }
}
