// How a receiver hears one stream: the VoIP metrics block of RTCP extended reports (RFC 3611 §4.7).

/// One VoIP metrics block. Fields are as on the wire; 127 stands for "unavailable" where a field's comment says so.
struct VoIPMetrics: Equatable, Sendable, BitwiseCopyable {
    /// Bytes of the block with its header.
    static var length: Int { @_noLocks @_noAllocation get { 36 } }
    /// What levels, echo, R factors and opinion scores say when nobody knows.
    static var unavailable: UInt8 { @_noLocks @_noAllocation get { 127 } }

    /// The stream reported on.
    var ssrc: UInt32
    /// Shares of the packets since the beginning of reception, in 256ths: lost on the way; thrown away because they came
    /// too late or too early.
    var lossRate: UInt8 = 0
    var discardRate: UInt8 = 0
    /// Shares lost or discarded within bursts and within gaps, in 256ths.
    var burstDensity: UInt8 = 0
    var gapDensity: UInt8 = 0
    /// Mean lengths in milliseconds.
    var burstDuration: UInt16 = 0
    var gapDuration: UInt16 = 0
    /// Milliseconds between the two RTP interfaces and back; 0 when nothing is known yet (the block has no other word).
    var roundTripDelay: UInt16 = 0
    /// Milliseconds that the reporting end adds: collecting, encoding, decoding, jitter buffer.
    var endSystemDelay: UInt16 = 0
    /// dBm0 as a signed number; 127: unavailable.
    var signalLevel = VoIPMetrics.unavailable
    var noiseLevel = VoIPMetrics.unavailable
    /// Residual echo return loss in dB; 127: unavailable.
    var echoReturnLoss = VoIPMetrics.unavailable
    /// So many packets in a row must arrive to end a burst.
    var gMin: UInt8 = 16
    /// 0…100; 127: unavailable.
    var rFactor = VoIPMetrics.unavailable
    var externalRFactor = VoIPMetrics.unavailable
    /// Ten times the score, 10…50: how it sounds, and how it is to talk; 127: unavailable.
    var listeningQuality = VoIPMetrics.unavailable
    var conversationalQuality = VoIPMetrics.unavailable
    var receiver = ReceiverConfiguration.unknown
    /// Of the jitter buffer, in milliseconds: now; at most before packets are thrown away now; at most ever.
    var bufferNominal: UInt16 = 0
    var bufferMaximum: UInt16 = 0
    var bufferAbsoluteMaximum: UInt16 = 0

    /// How the receiver conceals and buffers (§4.7.6). We never tell the adjustment rate (the low four bits): 0.
    struct ReceiverConfiguration: Equatable, Sendable, BitwiseCopyable {
        var rawValue: UInt8

        /// Nobody decodes here.
        static var unknown: ReceiverConfiguration { @_noLocks @_noAllocation get { .init(rawValue: 0) } }
        /// Enhanced concealment (10), adaptive buffer (11).
        static var ours: ReceiverConfiguration { @_noLocks @_noAllocation get { .init(rawValue: 0b1011_0000) } }

        @_noLocks @_noAllocation
        init(rawValue: UInt8) { self.rawValue = rawValue }
    }

    /// Nothing known but the stream.
    @_noLocks @_noAllocation
    init(ssrc: UInt32) { self.ssrc = ssrc }

    /// The caller has checked that the block's 36 bytes are there.
    @_noLocks @_noAllocation
    init(reading block: UnsafeRawBufferPointer) {
        ssrc = block.bigEndian32(at: 4)
        lossRate = block[8]
        discardRate = block[9]
        burstDensity = block[10]
        gapDensity = block[11]
        burstDuration = block.bigEndian16(at: 12)
        gapDuration = block.bigEndian16(at: 14)
        roundTripDelay = block.bigEndian16(at: 16)
        endSystemDelay = block.bigEndian16(at: 18)
        signalLevel = block[20]
        noiseLevel = block[21]
        echoReturnLoss = block[22]
        gMin = block[23]
        rFactor = block[24]
        externalRFactor = block[25]
        listeningQuality = block[26]
        conversationalQuality = block[27]
        receiver = ReceiverConfiguration(rawValue: block[28])
        bufferNominal = block.bigEndian16(at: 30)
        bufferMaximum = block.bigEndian16(at: 32)
        bufferAbsoluteMaximum = block.bigEndian16(at: 34)
    }

    /// Writes 36 bytes.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        destination.storeBigEndian32(7 << 24 | 8, at: 0)
        destination.storeBigEndian32(ssrc, at: 4)
        destination.store8(lossRate, at: 8)
        destination.store8(discardRate, at: 9)
        destination.store8(burstDensity, at: 10)
        destination.store8(gapDensity, at: 11)
        destination.storeBigEndian16(burstDuration, at: 12)
        destination.storeBigEndian16(gapDuration, at: 14)
        destination.storeBigEndian16(roundTripDelay, at: 16)
        destination.storeBigEndian16(endSystemDelay, at: 18)
        destination.store8(signalLevel, at: 20)
        destination.store8(noiseLevel, at: 21)
        destination.store8(echoReturnLoss, at: 22)
        destination.store8(gMin, at: 23)
        destination.store8(rFactor, at: 24)
        destination.store8(externalRFactor, at: 25)
        destination.store8(listeningQuality, at: 26)
        destination.store8(conversationalQuality, at: 27)
        destination.store8(receiver.rawValue, at: 28)
        destination.store8(0, at: 29)
        destination.storeBigEndian16(bufferNominal, at: 30)
        destination.storeBigEndian16(bufferMaximum, at: 32)
        destination.storeBigEndian16(bufferAbsoluteMaximum, at: 34)
    }
}
