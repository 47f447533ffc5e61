// Opus encoding (RFC 6716), by libopus.

import COpus

/// What libopus refused, in its own words.
public struct OpusError: Error, Sendable, CustomStringConvertible {
    public let code: Int32
    public var description: String { "Opus: \(String(cString: opus_strerror(code)))" }
}

/// One stream's encoder, mono. Made and freed by signalling; used by one thread at a time.
public struct OpusEncoder: ~Copyable {
    /// Enough for any packet we make.
    public static var maximumPayload: Int {
        @_noLocks @_noAllocation get { 400 }
    }

    /// Bits a second that we send.
    public static var usualBitrate: Int { 24_000 }
    /// Bits a second that we ask browsers for: unasked, Chromium takes 32,000 for speech, and redundancy from that.
    public static var askedBitrate: Int { 40_000 }

    private let state: OpaquePointer
    /// Samples a second that go in.
    public private(set) var sampleRate: Int
    private let bitrate: Int
    private(set) var complexity: Int
    private(set) var expectedLoss: Int
    private let leavesPausesOut: Bool

    /// - Parameters:
    ///   - sampleRate: of the samples given: 8,000 or 16,000. Opus takes both natively; the RTP clock stays 48,000.
    ///   - bitrate: bits a second, 6,000…64,000.
    ///   - complexity: 0…10; 5 costs about 0.065 ms of CPU a frame of speech at 8 kHz, 0.09 at 16 kHz, redundancy included.
    ///   - expectedLoss: per cent; above 0 every packet carries a coarse copy of the one before (in-band FEC).
    ///   - leavesPausesOut: in pauses only one packet in 400 ms is to be sent (DTX; RFC 6716 §2.1.9).
    /// - Throws: `OpusError` for another rate or when memory is short.
    public init(
        sampleRate: Int = 16_000, bitrate: Int = OpusEncoder.usualBitrate, complexity: Int = 5, expectedLoss: Int = 0,
        leavesPausesOut: Bool = false
    ) throws(OpusError) {
        var code: Int32 = 0
        guard let made = opus_encoder_create(Int32(sampleRate), 1, OPUS_APPLICATION_VOIP, &code) else {
            throw OpusError(code: code)
        }
        state = made
        self.sampleRate = sampleRate
        self.bitrate = bitrate
        self.complexity = complexity
        self.expectedLoss = expectedLoss
        self.leavesPausesOut = leavesPausesOut
        configure()
    }

    deinit { opus_encoder_destroy(state) }

    private func configure() {
        _ = copus_set_bitrate(state, Int32(bitrate))
        _ = copus_set_complexity(state, Int32(complexity))
        _ = copus_set_voice(state)
        _ = copus_set_expected_loss(state, Int32(expectedLoss))
        _ = copus_set_inband_fec(state, expectedLoss > 0 ? 1 : 0)
        _ = copus_set_dtx(state, leavesPausesOut ? 1 : 0)
    }

    /// Samples go in at another rate from the next packet on, which begins a new sound. Needs no other memory, because
    /// libopus takes the same for every rate.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func change(to sampleRate: Int) {
        guard sampleRate != self.sampleRate,
            opus_encoder_init(state, Int32(sampleRate), 1, OPUS_APPLICATION_VOIP) == OPUS_OK
        else { return }
        self.sampleRate = sampleRate
        configure()
    }

    /// Takes less or more thought from the next packet on: 0…10.
    @_semantics("no_performance_analysis") @inline(never)
    mutating func use(complexity: Int) {
        guard complexity != self.complexity else { return }
        self.complexity = complexity
        _ = copus_set_complexity(state, Int32(complexity))
    }

    /// Per cent of packets that will be lost, as far as is known: the more, the better is the redundancy. Above 0.
    @_semantics("no_performance_analysis") @inline(never)
    mutating func expect(loss: Int) {
        guard loss != expectedLoss else { return }
        expectedLoss = loss
        _ = copus_set_expected_loss(state, Int32(loss))
    }

    /// Encodes one packet.
    /// - Parameter count: samples at the encoder's rate: 2.5, 5, 10, 20, 40 or 60 ms of them.
    /// - Returns: bytes written, 0 when libopus refused.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func encode(
        _ samples: UnsafePointer<Int16>, count: Int, into payload: UnsafeMutablePointer<UInt8>,
        capacity: Int = OpusEncoder.maximumPayload
    ) -> Int {
        max(0, Int(opus_encode(state, samples, Int32(count), payload, Int32(capacity))))
    }

    /// Whether a packet of so many bytes only says that a pause goes on, and need not be sent (`opus_encode`).
    @_noLocks @_noAllocation
    public func isPause(_ length: Int) -> Bool { leavesPausesOut && length <= 2 }

    /// Forgets what came before: the next packet begins a new sound.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func reset() { _ = copus_reset_encoder(state) }
}

// because the C state is reached only through this owner, which moves between threads whole
extension OpusEncoder: @unchecked Sendable {}
