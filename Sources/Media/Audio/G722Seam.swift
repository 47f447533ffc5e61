// One G.722 stream made of sounds from different encoders: prompts, what is relayed, what is mixed.

/// G.722 says every sample as a difference from what the decoder should expect by what it heard before. Where a sound of
/// another encoder is joined on as it is, the decoder expects the wrong thing, and a bang at full scale can be heard. So
/// the packets behind a seam are encoded again, for a decoder that has heard the last 100 ms of our stream, until that
/// decoder would understand them as they are: with speech for 60 ms in the mean. From then on they pass untouched.
struct G722Seam: ~Copyable {
    /// 100 ms: what lies further back has been forgotten to less than what is heard.
    private static var tailCount: Int { 800 }
    /// Understood is what differs by less than a tenth of its energy, or by less than −78 dBFS.
    private static var accepted: Float { 0.1 }
    private static var unheard: Float { 16 }
    /// A pure tone that never is understood gets its moderate bang after a second instead of costing 25 µs a packet.
    private static var patience: Int { 50 }
    /// 60 ms.
    private static var longestPacket: Int { 480 }

    private enum State: BitwiseCopyable {
        /// goes to: ours, theirs
        case silent
        /// Our encoder said the last packet. goes to: joining
        case ours
        /// Packets of another encoder are encoded again. goes to: ours, theirs
        case joining(left: Int)
        /// goes to: ours, joining
        case theirs
    }

    private var state = State.silent
    private var encoder = G722Encoder()
    /// Decodes the joined sound.
    private var decoder = G722Decoder()
    /// Knows what the far end's decoder knows, while a sound is joined.
    private var far = G722Decoder()
    /// The last octets that were sent, a ring.
    private let tail: UnsafeMutablePointer<UInt8>
    private var next = 0
    private var count = 0

    init() { tail = .allocate(capacity: G722Seam.tailCount) }

    deinit { tail.deallocate() }

    /// Encodes `count` samples of ours at `rate`.
    /// - Returns: octets written.
    mutating func encode(
        _ samples: UnsafePointer<Int16>, count: Int, rate: MixRate, into octets: UnsafeMutablePointer<UInt8>
    ) -> Int {
        switch state {
        case .ours: break
        case .silent, .joining, .theirs:
            listen()
            encoder.reset()
            encoder.follow(far)
            state = .ours
        }
        if rate.rawValue != encoder.rate.rawValue { encoder.rate = rate }
        return encoder.encode(samples, count: count, into: octets)
    }

    /// Passes a packet of another encoder on, changed in place where it has to be. `isNew`: it does not follow on from
    /// the packet before.
    mutating func pass(_ octets: UnsafeMutablePointer<UInt8>, count: Int, isNew: Bool) {
        switch state {
        case .silent: state = .theirs
        case .ours: join()
        case .joining, .theirs: if isNew { join() }
        }
        guard case .joining(let left) = state, count <= G722Seam.longestPacket else { return }
        state = left > 0 && translate(octets, count: count) ? .joining(left: left - 1) : .theirs
    }

    /// Encodes a packet of another encoder again, in place, if it has to be.
    /// - Returns: false when the far decoder understands the packet as it is.
    private mutating func translate(_ octets: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        var meant = InlineArray<960, Int16>(repeating: 0)
        var heard = InlineArray<960, Int16>(repeating: 0)
        return withUnsafeMutablePointer(to: &meant) { meant in
            withUnsafeMutablePointer(to: &heard) { heard in
                let meant = UnsafeMutableRawPointer(meant).assumingMemoryBound(to: Int16.self)
                let heard = UnsafeMutableRawPointer(heard).assumingMemoryBound(to: Int16.self)
                decoder.decode(octets, count: count, into: meant)
                var trial = far
                trial.decode(octets, count: count, into: heard)
                if G722Seam.isAlike(meant, heard, count: 2 * count) { return false }
                encoder.follow(far)
                encoder.encode(meant, count: 2 * count, into: octets)
                far.decode(octets, count: count, into: heard)
                return true
            }
        }
    }

    private static func isAlike(_ meant: UnsafePointer<Int16>, _ heard: UnsafePointer<Int16>, count: Int) -> Bool {
        var energy: Float = 0
        var error: Float = 0
        for index in 0..<count {
            let (a, b) = (Float(meant[index]), Float(heard[index]))
            energy += a * a
            error += (a - b) * (a - b)
        }
        return error <= accepted * energy + unheard * Float(count)
    }

    /// A packet left, whoever encoded it.
    mutating func noteSent(_ octets: UnsafePointer<UInt8>, count: Int) {
        let kept = min(count, G722Seam.tailCount)
        let source = octets + (count - kept)
        let first = min(kept, G722Seam.tailCount - next)
        (tail + next).update(from: source, count: first)
        tail.update(from: source + first, count: kept - first)
        next = (next + kept) % G722Seam.tailCount
        self.count = min(self.count + kept, G722Seam.tailCount)
    }

    private mutating func join() {
        listen()
        encoder.reset()
        encoder.rate = .wide
        decoder.reset()
        state = .joining(left: G722Seam.patience)
    }

    /// Finds out what the far decoder knows.
    private mutating func listen() {
        far.reset()
        var samples = InlineArray<160, Int16>(repeating: 0)
        withUnsafeMutablePointer(to: &samples) { memory in
            let samples = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
            var done = 0
            while done < count {
                let place = (next + G722Seam.tailCount - count + done) % G722Seam.tailCount
                let step = min(80, count - done, G722Seam.tailCount - place)
                far.decode(tail + place, count: step, into: samples)
                done += step
            }
        }
    }
}
