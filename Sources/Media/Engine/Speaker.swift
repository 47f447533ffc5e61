// From frames to payloads: the encoding end of one leg.

/// Encodes what a leg is to hear in the codec that it is sent.
struct Speaker: ~Copyable {
    /// 60 ms of G.711 or G.722 and a frame more.
    private static var capacity: Int { 640 }
    /// No packet left yet: longer than any packet time.
    private static var longAgo: Int { 100 }

    var opusEncoder: OpusEncoder?
    /// Where G.729 was negotiated.
    var g729Encoder: G729Encoder?
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

    init(
        opusEncoder: consuming OpusEncoder?, seam: consuming G722Seam? = nil, g729Encoder: consuming G729Encoder? = nil
    ) {
        self.opusEncoder = opusEncoder
        self.g729Encoder = g729Encoder
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

    /// Takes `added` samples at `rate`, at most 20 ms and whole milliseconds, for packets of G.711 or G.722. `heard` of
    /// them were heard already, those included that filters held back.
    mutating func add(_ samples: UnsafePointer<Int16>, count added: Int, heard: Int, rate: MixRate, codec: Codec) {
        use(rate)
        if codec.rawValue != self.codec.rawValue {
            self.codec = codec
            count = 0
        }
        guard count + added / rate.scale <= Speaker.capacity else { return }
        switch codec {
        case .pcma, .g729: compand(samples, count: added, heard: heard, law: .a)
        case .pcmu: compand(samples, count: added, heard: heard, law: .mu)
        case .g722:
            Speaker.goOn(samples, heard: heard, count: added) { joined in
                count += seam?.encode(joined, count: added, rate: rate, into: codes + count) ?? 0
            }
        case .opus: break
        }
    }

    private mutating func compand(_ samples: UnsafePointer<Int16>, count added: Int, heard: Int, law: G711.Law) {
        let narrowed = added / rate.scale
        switch rate {
        case .narrow: encode(samples, count: narrowed, heard: heard, law: law)
        case .wide:
            var narrow = InlineArray<160, Int16>(repeating: 0)
            withUnsafeMutablePointer(to: &narrow) { memory in
                let narrow = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
                downsampler.process(samples, count: added, into: narrow)
                encode(narrow, count: narrowed, heard: heard / 2, law: law)
            }
        }
        count += narrowed
    }

    private func encode(_ samples: UnsafePointer<Int16>, count added: Int, heard: Int, law: G711.Law) {
        Speaker.goOn(samples, heard: heard, count: added) {
            G711.encode($0, count: added, law: law, into: codes + count)
        }
    }

    /// The sound as it goes on where `heard` samples of it were heard.
    private static func goOn(
        _ samples: UnsafePointer<Int16>, heard: Int, count: Int, _ body: (UnsafePointer<Int16>) -> Void
    ) {
        guard heard > 0, heard < count, count <= 320 else { return body(samples) }
        var joined = InlineArray<320, Int16>(repeating: 0)
        withUnsafeMutablePointer(to: &joined) { memory in
            let joined = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
            Splice.goOn(samples, heard: heard, count: count, into: joined)
            body(joined)
        }
    }

    /// Takes a packet's worth of codes out.
    mutating func take(_ length: Int, into payload: UnsafeMutablePointer<UInt8>) {
        payload.update(from: codes, count: length)
        sincePacket = 0
        count -= length
        codes.update(from: codes + length, count: count)
    }

    /// A packet of A-law becomes one of G.729, in place: whatever is sent in it is made as for G.711, which costs less sound
    /// than G.729 itself.
    /// - Returns: its octets, 0 when there is no encoder.
    mutating func compress(_ payload: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        guard g729Encoder != nil else { return 0 }
        var samples = InlineArray<480, Int16>(repeating: 0)
        return withUnsafeMutablePointer(to: &samples) { memory in
            let samples = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
            G711.decode(payload, count: min(count, 480), law: .a, into: samples)
            return g729Encoder?.encode(samples, count: min(count, 480), into: payload) ?? 0
        }
    }

    /// Encodes 20 ms of sound at `rate`, of which `heard` samples were heard already, as one Opus packet.
    /// - Returns: its bytes, 0 when there is no encoder.
    mutating func encodeOpus(
        _ frame: UnsafePointer<Int16>, heard: Int, rate: MixRate, complexity: Int,
        into payload: UnsafeMutablePointer<UInt8>
    ) -> Int {
        use(rate)
        // What waited for a packet in another codec would come far too late.
        count = 0
        opusEncoder?.change(to: rate.sampleRate)
        opusEncoder?.use(complexity: complexity)
        var length = 0
        Speaker.goOn(frame, heard: heard, count: rate.sampleCount) {
            length = opusEncoder?.encode($0, count: rate.sampleCount, into: payload) ?? 0
        }
        return length
    }

    /// Whether an Opus packet of so many bytes need not be sent.
    func isPause(_ length: Int) -> Bool { opusEncoder?.isPause(length) ?? false }

    private mutating func use(_ rate: MixRate) {
        guard rate.rawValue != self.rate.rawValue else { return }
        self.rate = rate
        downsampler.reset()
    }
}
