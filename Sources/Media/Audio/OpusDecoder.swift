// Opus decoding (RFC 6716), by libopus.

import COpus

/// One stream's decoder, mono (stereo packets are mixed down by libopus). Used by one thread at a time.
public struct OpusDecoder: ~Copyable {
    /// The longest packet that Opus allows, in milliseconds.
    public static var maximumMilliseconds: Int {
        @_noLocks @_noAllocation get { 120 }
    }

    /// Samples a second that come out: 8,000 or 16,000.
    public private(set) var sampleRate: Int
    private let state: OpaquePointer

    /// - Throws: `OpusError` for a rate that Opus does not know or when memory is short.
    public init(sampleRate: Int = 16_000) throws(OpusError) {
        var code: Int32 = 0
        guard let made = opus_decoder_create(Int32(sampleRate), 1, &code) else { throw OpusError(code: code) }
        state = made
        self.sampleRate = sampleRate
    }

    deinit { opus_decoder_destroy(state) }

    /// Decodes one packet.
    /// - Parameter capacity: samples that fit into `samples`; 120 ms always suffice.
    /// - Returns: samples written, 0 for a payload that is not Opus.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func decode(
        _ payload: UnsafePointer<UInt8>, length: Int, into samples: UnsafeMutablePointer<Int16>, capacity: Int
    ) -> Int {
        guard length > 0 else { return 0 }
        return max(0, Int(opus_decode(state, payload, Int32(length), samples, Int32(capacity), 0)))
    }

    /// Invents `count` samples (a multiple of 2.5 ms) for a packet that never came; they fade with every further call.
    /// - Returns: samples written.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func conceal(into samples: UnsafeMutablePointer<Int16>, count: Int) -> Int {
        max(0, Int(opus_decode(state, nil, 0, samples, Int32(count), 0)))
    }

    /// Restores the lost packet of `count` samples from the coarse copy in the packet after it, or invents it when that
    /// packet carries none. Decode the packet itself afterwards.
    /// - Returns: samples written.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func recover(
        fromNext payload: UnsafePointer<UInt8>, length: Int, into samples: UnsafeMutablePointer<Int16>, count: Int
    ) -> Int {
        guard length > 0 else { return conceal(into: samples, count: count) }
        return max(0, Int(opus_decode(state, payload, Int32(length), samples, Int32(count), 1)))
    }

    /// Samples come out at another rate from the next packet on. Forgets what came before; needs no other memory, because
    /// libopus takes the same for every rate.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func change(to sampleRate: Int) {
        guard sampleRate != self.sampleRate, opus_decoder_init(state, Int32(sampleRate), 1) == OPUS_OK else { return }
        self.sampleRate = sampleRate
    }

    /// Forgets what came before.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func reset() { _ = copus_reset_decoder(state) }

    /// How many samples at `rate` a packet holds, read from its first bytes (RFC 6716 §3.1).
    /// - Returns: nil for what is not Opus.
    @_semantics("no_performance_analysis") @inline(never)
    public static func sampleCount(_ payload: UnsafePointer<UInt8>, length: Int, rate: Int) -> Int? {
        guard length > 0 else { return nil }
        let count = opus_packet_get_nb_samples(payload, Int32(length), Int32(rate))
        return count > 0 ? Int(count) : nil
    }
}

// because the C state is reached only through this owner, which moves between threads whole
extension OpusDecoder: @unchecked Sendable {}
