// G.722 at 64 kbit/s, both ways (ITU-T G.722), by spandsp.

import CSpanDSP

/// Two samples at 16 kHz take an octet; at 8 kHz, where only the lower band is computed, one does. RTP's clock ticks once
/// an octet, 8,000 times a second (RFC 3551 §4.5.2, by an old mistake), so that packets look like those of G.711.
enum G722 {
    /// The smallest step. Fills the rest of a packet behind a sound that has ended; longer than that it would hum at
    /// −54 dBFS after some sounds.
    static var filler: UInt8 { @_noLocks @_noAllocation get { 0xFC } }
}

/// One stream's decoder. Every octet is valid; nothing here can fail. 7 µs for 20 ms, 3 at 8 kHz.
public struct G722Decoder: Sendable, BitwiseCopyable {
    private var state = g722_decode_state_t()
    /// Of the samples that come out. A change keeps what was learnt of the sound.
    public var rate: MixRate { didSet { state.eight_k = rate == .narrow ? 1 : 0 } }

    public init(rate: MixRate = .wide) {
        self.rate = rate
        reset()
    }

    /// Forgets the sound. The next one begins softly, wherever its encoder is.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func reset() {
        _ = g722_decode_init(&state, 64_000, rate == .narrow ? Int32(G722_SAMPLE_RATE_8000) : 0)
    }

    /// Decodes `count` octets.
    /// - Returns: samples written: `count` times `rate.scale`.
    @_semantics("no_performance_analysis") @inline(never)
    @discardableResult
    public mutating func decode(
        _ octets: UnsafePointer<UInt8>, count: Int, into samples: UnsafeMutablePointer<Int16>
    ) -> Int {
        Int(g722_decode(&state, samples, octets, Int32(count)))
    }

    /// To be said when the rate has become 16 kHz: the filter that joins the bands goes on from the last 12 samples at 8 kHz
    /// instead of from what it heard when it was last used, which makes up to 1 dB too loud for 1.5 ms.
    mutating func prime(_ past: UnsafePointer<Int16>) {
        withUnsafeMutableBytes(of: &state.x) { bytes in
            let lower = bytes.bindMemory(to: Int16.self)
            for index in lower.indices { lower[index] = past[index] / 2 }
        }
        state.y = state.x
        state.ptr = 0
    }

    /// A packet is missing, so that what follows builds on what we do not know. Both bands expect something 12 dB softer:
    /// where they expected something louder than what comes, it would bang; the rest is made good for within 30 ms.
    public mutating func noteLoss() {
        G722Decoder.soften(&state.band.0)
        G722Decoder.soften(&state.band.1)
    }

    /// `nb` is the logarithm of the quantiser's step, 2,048 an octave (G.722 §3.5).
    private static func soften(_ band: inout g722_band_t) { band.nb = max(0, band.nb - min(band.nb, 4_096)) }

    /// What an encoder must know that goes on for this decoder.
    fileprivate var bands: (g722_band_t, g722_band_t) { state.band }
}

/// One stream's encoder. 11 µs for 20 ms, 5 at 8 kHz.
public struct G722Encoder: Sendable, BitwiseCopyable {
    private var state = g722_encode_state_t()
    /// Of the samples that go in. A change keeps what was learnt of the sound.
    public var rate: MixRate { didSet { state.eight_k = rate == .narrow ? 1 : 0 } }

    public init(rate: MixRate = .wide) {
        self.rate = rate
        reset()
    }

    /// Only for a stream whose decoder begins, too: to another one the new sound would be as loud as it gets.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func reset() {
        _ = g722_encode_init(&state, 64_000, rate == .narrow ? Int32(G722_SAMPLE_RATE_8000) : 0)
    }

    /// Goes on for a decoder that has heard what `decoder` has.
    public mutating func follow(_ decoder: G722Decoder) { state.band = decoder.bands }

    /// Encodes `count` samples, a multiple of `rate.scale`.
    /// - Returns: octets written: `count / rate.scale`.
    @_semantics("no_performance_analysis") @inline(never)
    @discardableResult
    public mutating func encode(
        _ samples: UnsafePointer<Int16>, count: Int, into octets: UnsafeMutablePointer<UInt8>
    ) -> Int {
        Int(g722_encode(&state, octets, samples, Int32(count)))
    }
}
