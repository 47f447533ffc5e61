// The jitter buffer of speexdsp, with what an application of it does: decode, conceal, keep a part of a frame.

import CSpeexDSP
import Media
import Timing

/// G.711 is concealed by repeating the last 20 ms, a quarter softer each time. Opus conceals itself; because speexdsp
/// cannot be asked what it holds, arrived packets are kept here as well, so that in-band FEC can be used.
struct SpeexEar: Listener, ~Copyable {
    private static let span = Ear.sampleCount

    private let codec: Codec
    private let buffer: OpaquePointer
    private var decoder: OpusDecoder?
    /// Payloads that came, by timestamp at 8 kHz.
    private var known: [UInt32: ArraySlice<UInt8>] = [:]
    private var waiting: [Int16] = []
    private var last = [Int16](repeating: 0, count: SpeexEar.span)
    private var losses = 0
    private var hasSound = false

    /// - Parameter margin: milliseconds of delay beyond what speexdsp finds best.
    init(_ codec: Codec, margin: Int) throws {
        let decoder = codec == .opus ? try OpusDecoder(sampleRate: Ear.sampleRate) : nil
        guard let made = jitter_buffer_init(Int32(Self.span)) else { throw QualityError.noCodec }
        buffer = made
        self.codec = codec
        self.decoder = decoder
        var samples = Int32(margin * Ear.sampleRate / 1_000)
        jitter_buffer_ctl(buffer, JITTER_BUFFER_SET_MARGIN, &samples)
    }

    deinit { jitter_buffer_destroy(buffer) }

    mutating func receive(_ packet: Packet, now: Instant) {
        let timestamp = packet.timestamp / UInt32(codec.clockRate / Ear.sampleRate)
        known[timestamp] = packet.payload
        var bytes = packet.payload.map { CChar(bitPattern: $0) }
        bytes.withUnsafeMutableBufferPointer { bytes in
            var entry = JitterBufferPacket()
            entry.data = bytes.baseAddress
            entry.len = UInt32(bytes.count)
            entry.timestamp = timestamp
            entry.span = UInt32(Self.span)
            entry.sequence = packet.sequence
            jitter_buffer_put(buffer, &entry)
        }
    }

    mutating func take(into samples: UnsafeMutablePointer<Int16>, now: Instant) {
        while waiting.count < Self.span { fetch() }
        for index in 0..<Self.span { samples[index] = waiting[index] }
        waiting.removeFirst(Self.span)
        jitter_buffer_remaining_span(buffer, UInt32(waiting.count))
    }

    private mutating func fetch() {
        var bytes = [CChar](repeating: 0, count: 1_500)
        var entry = JitterBufferPacket()
        var offset: Int32 = 0
        let code = bytes.withUnsafeMutableBufferPointer { bytes in
            entry.data = bytes.baseAddress
            entry.len = UInt32(bytes.count)
            return jitter_buffer_get(buffer, &entry, Int32(Self.span), &offset)
        }
        if code == JITTER_BUFFER_OK, let payload = known[entry.timestamp] {
            known = known.filter { Int32(bitPattern: $0.key &- entry.timestamp) > -Int32(Ear.sampleRate) }
            return decode(payload)
        }
        let isLoss = code == JITTER_BUFFER_MISSING
        conceal(Int(entry.span), successor: isLoss ? known[entry.timestamp &+ UInt32(Self.span)] : nil)
    }

    private mutating func decode(_ payload: ArraySlice<UInt8>) {
        let bytes = Array(payload)
        losses = 0
        hasSound = true
        if codec == .opus {
            let count = decoder?.decode(bytes, length: bytes.count, into: &last, capacity: Self.span) ?? 0
            waiting += last.prefix(count)
        } else {
            G711.decode(bytes, count: min(bytes.count, Self.span), law: .a, into: &last)
            waiting += last
        }
    }

    private mutating func conceal(_ span: Int, successor: ArraySlice<UInt8>?) {
        let count = max(1, (span + Self.span - 1) / Self.span)
        for _ in 0..<count {
            losses += 1
            var made = [Int16](repeating: 0, count: Self.span)
            if codec == .opus, hasSound {
                if let bytes = successor.map({ Array($0) }) {
                    _ = decoder?.recover(fromNext: bytes, length: bytes.count, into: &made, count: Self.span)
                } else {
                    _ = decoder?.conceal(into: &made, count: Self.span)
                }
            } else {
                let gain = max(0, 4 - (losses - 1))
                for index in 0..<Self.span { made[index] = Int16(Int(last[index]) * gain / 4) }
            }
            waiting += made
        }
    }
}
