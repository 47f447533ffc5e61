// From frames to payloads: the encoding end of one leg.

/// Encodes what a leg is to hear in the codec that it is sent.
struct Speaker: ~Copyable {
    /// 60 ms of G.711 or G.722 and a frame more.
    private static var capacity: Int { 640 }
    /// No packet left yet: longer than any packet time.
    private static var longAgo: Int { 100 }

    var opusEncoder: OpusEncoder?
    /// Where G.722 was negotiated.
    var seam: G722Seam?
    /// Of the frames that were taken last.
    private(set) var rate = MixRate.narrow
    private var downsampler = Downsampler()
    private let codes: UnsafeMutablePointer<UInt8>
    /// Codes that wait for their packet to become full.
    private(set) var count = 0
    private var codec = Codec.pcma
    /// Beats of 10 ms since the last packet left.
    private var sincePacket = Speaker.longAgo

    init(opusEncoder: consuming OpusEncoder?, seam: consuming G722Seam? = nil) {
        self.opusEncoder = opusEncoder
        self.seam = seam
        codes = .allocate(capacity: Speaker.capacity)
    }

    deinit {
        codes.deallocate()
    }

    /// After a re-negotiation. A stream that goes on needs its old one: it knows what was sent.
    mutating func take(_ other: inout G722Seam?) {
        if (seam == nil) != (other == nil) { swap(&seam, &other) }
    }

    /// Something else was heard in between: nothing left over is to be sent, and the next sound begins afresh.
    mutating func reset() {
        count = 0
        sincePacket = Speaker.longAgo
        opusEncoder?.reset()
        downsampler.reset()
    }

    /// One beat of 10 ms passes.
    @_noLocks @_noAllocation
    mutating func noteBeat() { sincePacket += 1 }

    /// What waits is not to be sent: it only told the encoder what was heard before.
    @_noLocks @_noAllocation
    mutating func discard() { count = 0 }

    /// Whether a packet of so many beats is due and complete.
    @_noLocks @_noAllocation
    func hasPacket(beats: Int) -> Bool { count >= beats * 80 && sincePacket >= beats }

    /// Takes `added` samples at `rate`, at most 20 ms and whole milliseconds, for packets of G.711 or G.722.
    mutating func add(_ samples: UnsafePointer<Int16>, count added: Int, rate: MixRate, codec: Codec) {
        use(rate)
        if codec.rawValue != self.codec.rawValue {
            self.codec = codec
            count = 0
        }
        guard count + added / rate.scale <= Speaker.capacity else { return }
        switch codec {
        case .pcma: compand(samples, count: added, law: .a)
        case .pcmu: compand(samples, count: added, law: .mu)
        case .g722: count += seam?.encode(samples, count: added, rate: rate, into: codes + count) ?? 0
        case .opus: break
        }
    }

    private mutating func compand(_ samples: UnsafePointer<Int16>, count added: Int, law: G711.Law) {
        switch rate {
        case .narrow: G711.encode(samples, count: added, law: law, into: codes + count)
        case .wide:
            var narrow = InlineArray<160, Int16>(repeating: 0)
            withUnsafeMutablePointer(to: &narrow) { memory in
                let narrow = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
                downsampler.process(samples, count: added, into: narrow)
                G711.encode(narrow, count: added / 2, law: law, into: codes + count)
            }
        }
        count += added / rate.scale
    }

    /// Takes a packet's worth of codes out.
    mutating func take(_ length: Int, into payload: UnsafeMutablePointer<UInt8>) {
        payload.update(from: codes, count: length)
        sincePacket = 0
        count -= length
        codes.update(from: codes + length, count: count)
    }

    /// Encodes 20 ms of sound at `rate` as one Opus packet.
    /// - Returns: its bytes, 0 when there is no encoder.
    mutating func encodeOpus(
        _ frame: UnsafePointer<Int16>, rate: MixRate, into payload: UnsafeMutablePointer<UInt8>
    ) -> Int {
        use(rate)
        opusEncoder?.change(to: rate.sampleRate)
        return opusEncoder?.encode(frame, count: rate.sampleCount, into: payload) ?? 0
    }

    private mutating func use(_ rate: MixRate) {
        guard rate.rawValue != self.rate.rawValue else { return }
        self.rate = rate
        downsampler.reset()
    }
}
