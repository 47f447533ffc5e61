// From packets to frames: decodes, conceals what is missing, and keeps the delay where the jitter buffer wants it.

import Timing

/// The decoding end of one leg. Asked for 20 ms at a time, by whoever listens.
struct Playout: ~Copyable {
    /// Fits 120 ms of Opus, a frame, and what stretching adds, at 16 kHz.
    private static var capacity: Int { 3_072 }
    /// How long missing sound is bridged before only silence is left and the buffer starts anew: 200 ms. Until then a
    /// lost Opus packet before the one that comes is restored from it.
    private static var longestBridge: Int { 10 }
    /// Sound that begins after silence of ours grows over 2.5 ms: its first packets may be those that were lost.
    private var onset: Int { 20 * rate.scale }
    /// Sound that ends or is cut goes on for 5 ms and fades.
    private var seam: Int { 40 * rate.scale }

    /// First, because every packet that arrives looks at it, also where nothing is decoded. Outlives `reset`, as all figures do.
    var discards = Discards()
    var buffer = JitterBuffer()
    var opusDecoder: OpusDecoder?
    var g729Decoder: G729Decoder?
    /// Of `samples`: what the listener asked for last.
    private(set) var rate = MixRate.narrow
    private var g722 = G722Decoder(rate: .narrow)
    private var upsampler = Upsampler()
    /// What was heard last and what is still to be heard, 10 KB: memory that a leg which is never decoded does not touch.
    /// `var`, though it never changes: Swift 6.3.1 with the thread sanitizer writes broken code for what a `let` points to.
    private var concealment: UnsafeMutablePointer<Concealment>
    private let samples: UnsafeMutablePointer<Int16>
    /// `concealment` knows of no past yet, and is nothing but memory.
    private var isFresh = true
    private var count = 0
    private(set) var lastCodec = Codec.pcma
    private var bridged = 0
    private var pacing = Pacing()
    private var cut = Seam()
    /// What was appended last is silence, not sound.
    private var isSilent = true
    /// Nanoseconds of the clock rate that the buffer's media times were made with; a change means another clock.
    private var clockRate = 0
    private var timestamps = ExtendedTimestamp()

    /// The peer pauses, and this is how.
    private var noise: NoiseGenerator?
    /// Or this is for the decoder to say.
    private var isPausingInG729 = false

    // Figures of the leg.
    /// Frames of 20 ms that were invented or restored, not received.
    private(set) var concealed: Int64 = 0
    /// Nil: nobody wants to know.
    var level: SpeechLevel?

    init(opusDecoder: consuming OpusDecoder?, g729Decoder: consuming G729Decoder? = nil) {
        self.opusDecoder = opusDecoder
        self.g729Decoder = g729Decoder
        let memory = LazyMemory.allocate(Playout.byteCount)
        concealment = memory.bindMemory(to: Concealment.self, capacity: 1)
        samples = (memory + MemoryLayout<Concealment>.stride).bindMemory(to: Int16.self, capacity: Playout.capacity)
    }

    deinit { LazyMemory.free(concealment, Playout.byteCount) }

    private static var byteCount: Int { MemoryLayout<Concealment>.stride + capacity * MemoryLayout<Int16>.stride }

    /// Another source, or nobody listened: forgets everything but what Opus was. `hold`: as for `JitterBuffer.reset`.
    /// `continuing`: the listener heard the source by relay until now: its sound goes on at full level.
    mutating func reset(hold: Int64? = nil, continuing: Bool = false) {
        buffer.reset(hold: hold)
        count = 0
        bridged = Playout.longestBridge
        isSilent = !continuing
        isFresh = true
        cut.reset()
        pacing = Pacing()
        g722.reset()
        noise = nil
        isPausingInG729 = false
        clockRate = 0
        timestamps = ExtendedTimestamp()
    }

    /// How a pause sounds that begins later. Beside a codec of another clock it is no more than a number.
    mutating func insertNoise(
        _ header: RTPHeader, sequence: Int64, payload: UnsafeRawBufferPointer, now: Instant,
        counters: inout MediaCounters
    ) {
        guard clockRate == 8_000 || clockRate == 0 else { return buffer.insertGap(sequence: sequence) }
        insert(
            header, sequence: sequence, codec: .pcma, isNoise: true, payload: payload.part(from: 0, length: 1),
            now: now, counters: &counters)
    }

    /// A packet to be heard later.
    mutating func insert(
        _ header: RTPHeader, sequence: Int64, codec: Codec, isNoise: Bool = false, payload: UnsafeRawBufferPointer,
        now: Instant, counters: inout MediaCounters
    ) {
        if codec.clockRate != clockRate {
            if clockRate != 0 {
                counters.count(.bufferRestarts)
                buffer.reset()
            }
            timestamps = ExtendedTimestamp()
            clockRate = codec.clockRate
        }
        var media = mediaTime(header)
        // A clock that jumped by seconds starts anew, so that a hostile one cannot run out of numbers either.
        if !buffer.delay.isEmpty, (media - now.nanoseconds + buffer.delay.base).magnitude > 3_000_000_000 {
            counters.count(.bufferRestarts)
            buffer.reset()
            timestamps = ExtendedTimestamp()
            media = mediaTime(header)
        }
        switch buffer.insert(
            sequence: sequence, media: media, codec: codec, isNoise: isNoise, payload: payload,
            arrival: now.nanoseconds)
        {
        case .inserted: break
        case .late:
            counters.count(.bufferLate)
            discards.insert(sequence)
        case .duplicate: counters.count(.bufferDuplicate)
        case .tooLong:
            counters.count(.bufferTooLong)
            discards.insert(sequence)
        case .overflow: counters.count(.bufferOverflow)
        }
    }

    /// How long the fastest packet waits until it is heard, nanoseconds.
    var delay: Int64 { max(0, buffer.actual) + Int64(count) * rate.sampleNanoseconds }

    /// Nanoseconds on the source's clock.
    private mutating func mediaTime(_ header: RTPHeader) -> Int64 {
        timestamps.extend(header.timestamp) * 1_000_000 / Int64(clockRate / 1_000)
    }

    /// The next 20 ms at `rate`. Always gives a frame; silence when there is nothing.
    mutating func pull(
        into frame: UnsafeMutablePointer<Int16>, rate: MixRate, now: Instant, counters: inout MediaCounters
    ) {
        if isFresh { concealment.initialize(to: Concealment(rate: self.rate)) }
        isFresh = false
        change(to: rate)
        let left = count
        while count < rate.sampleCount { step(left: left, at: now.nanoseconds, counters: &counters) }
        frame.update(from: samples, count: rate.sampleCount)
        level?.note(frame, count: rate.sampleCount)
        count -= rate.sampleCount
        samples.update(from: samples + rate.sampleCount, count: count)
    }

    /// What waits is less than a packet and heard once: neighbours are averaged, in both directions.
    private mutating func change(to rate: MixRate) {
        opusDecoder?.change(to: rate.sampleRate)
        guard rate.rawValue != self.rate.rawValue else { return }
        self.rate = rate
        g722.rate = rate
        switch rate {
        case .narrow:
            count /= 2
            for index in 0..<count { samples[index] = Playout.mean(samples[2 * index], samples[2 * index + 1]) }
        case .wide:
            primeFilters()
            count = min(count, Playout.capacity / 2)
            for index in stride(from: count - 1, through: 0, by: -1) {
                let next = index + 1 < count ? samples[2 * index + 2] : samples[index]
                samples[2 * index + 1] = Playout.mean(samples[index], next)
                samples[2 * index] = samples[index]
            }
            count *= 2
        }
        cut.reset()
        concealment.initialize(to: Concealment(rate: rate))
    }

    /// The filters know what was heard last: they do not begin from silence.
    private mutating func primeFilters() {
        upsampler.reset()
        var past = InlineArray<32, Int16>(repeating: 0)
        var dropped = InlineArray<64, Int16>(repeating: 0)
        withUnsafeMutablePointer(to: &past) { past in
            withUnsafeMutablePointer(to: &dropped) { dropped in
                let past = UnsafeMutableRawPointer(past).assumingMemoryBound(to: Int16.self)
                let dropped = UnsafeMutableRawPointer(dropped).assumingMemoryBound(to: Int16.self)
                concealment.pointee.recall(32, into: past)
                upsampler.process(past, count: 32, into: dropped)
                g722.prime(past + 20)
            }
        }
    }

    private static func mean(_ a: Int16, _ b: Int16) -> Int16 { Int16((Int32(a) + Int32(b)) / 2) }

    /// The source's media time at which the frame that was pulled last began, nanoseconds; nil while nothing is heard.
    /// Exact, but for a frame that was stretched or shortened itself.
    var frameBegan: Int64? {
        guard buffer.isPlaying else { return nil }
        return buffer.position - Int64(count + rate.sampleCount) * rate.sampleNanoseconds
    }

    /// All that waits, without regard to the clock: nobody will pull any more. `beyond`: so many samples are invented
    /// behind it, which filters will hold back.
    /// - Returns: samples written, at most `capacity`.
    mutating func drain(
        into output: UnsafeMutablePointer<Int16>, capacity: Int, beyond: Int, rate: MixRate, now: Instant,
        counters: inout MediaCounters
    ) -> Int {
        change(to: rate)
        // Later than anything may be held back.
        let late = now.nanoseconds + 10_000_000_000
        var written = 0
        var isOver = false
        while true {
            let step = min(count, capacity - written)
            (output + written).update(from: samples, count: step)
            samples.update(from: samples + step, count: count - step)
            written += step
            count -= step
            guard count == 0, written < capacity, !isOver else { return written }
            switch buffer.next(at: late) {
            case .packet(let slot, _): decode(slot, counters: &counters)
            case .noise(let slot): pause(slot)
            case .lost(let successor): conceal(successor: successor, counters: &counters)
            case .replaced: discards.insert(buffer.lastTaken)
            case .pause, .missing, .filling:
                isOver = true
                if beyond > 0 { invent(beyond) }
            }
        }
    }

    /// Adds some sound to `samples`, of which `left` were there before this frame was begun.
    private mutating func step(left: Int, at time: Int64, counters: inout MediaCounters) {
        let next = buffer.next(at: time)
        switch next {
        case .packet(let slot, let pace):
            if buffer.isFarBehind(at: time) {
                counters.count(.packetsSkipped)
                discards.insert(buffer.lastTaken)
                return skip(slot, counters: &counters)
            }
            let before = count
            decode(slot, counters: &counters)
            pacing.hear(samples + before, count: count - before, span: buffer.lostSpan)
            adjust(pace, left: left, counters: &counters)
        case .noise(let slot): pause(slot)
        case .lost(let successor): conceal(successor: successor, counters: &counters)
        case .replaced:
            counters.count(.bufferLate)
            discards.insert(buffer.lastTaken)
        case .missing: bridge(counters: &counters)
        case .pause, .filling: appendPause(rate.sampleCount - count, counters: &counters)
        }
    }

    /// The peer says nothing for a while. What comes next is the beginning of something.
    private mutating func pause(_ slot: Int) {
        noise = NoiseGenerator(level: buffer.payload(at: slot)[0] & 0x7F)
        bridged = 0
        concealment.pointee.reset()
        g722.reset()
    }

    /// Decodes for the decoder's sake only.
    private mutating func skip(_ slot: Int, counters: inout MediaCounters) {
        let before = count
        decode(slot, counters: &counters)
        cut.keep(samples + before, count: min(count - before, seam))
        count = before
    }

    private mutating func decode(_ slot: Int, counters: inout MediaCounters) {
        let packet = buffer.packet(at: slot)
        let payload = buffer.payload(at: slot)
        let before = count
        noise = nil
        isPausingInG729 = packet.codec == .g729 && G729.endsInPause(octets: packet.length)
        switch packet.codec {
        case .pcmu, .pcma:
            decodeG711(payload, length: packet.length, law: packet.codec == .pcma ? .a : .mu)
            concealment.pointee.received(samples + before, count: count - before)
        case .g722:
            if lastCodec != .g722 { g722.reset() }
            let octets = min(packet.length, (Playout.capacity - TimeScale.longest(rate) - count) / rate.scale)
            count += g722.decode(payload, count: octets, into: samples + count)
            concealment.pointee.received(samples + before, count: count - before)
        case .g729: decodeG729(payload, length: packet.length)
        case .opus:
            count +=
                opusDecoder?.decode(
                    payload, length: packet.length, into: samples + count,
                    capacity: Playout.capacity - TimeScale.longest(rate) - count)
                ?? 0
        }
        lastCodec = packet.codec
        bridged = 0
        guard count > before else {
            counters.count(.undecodable)
            buffer.noteSpan(20_000_000)
            appendSilence(rate.sampleCount)
            return
        }
        cut.join(samples + before, count: min(count - before, seam))
        if isSilent { Mixer.ramp(samples + before, count: min(onset, count - before), from: 0, to: 1) }
        isSilent = false
        buffer.noteSpan(Int64(count - before) * rate.sampleNanoseconds)
        counters.count(.framesDecoded)
    }

    private mutating func decodeG729(_ octets: UnsafePointer<UInt8>, length: Int) {
        let fitting = (Playout.capacity - TimeScale.longest(rate) - count) / rate.scale
        let made = g729Decoder?.decode(octets, length: length, into: samples + count, capacity: fitting) ?? 0
        count += widen(made)
    }

    /// Samples at 8 kHz that were appended at the end become as many at our rate.
    /// - Returns: how many they are now.
    private mutating func widen(_ narrow: Int) -> Int {
        guard rate == .wide else { return narrow }
        var block = InlineArray<160, Int16>(repeating: 0)
        withUnsafeMutablePointer(to: &block) { memory in
            let block = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
            // From behind nothing could be filtered: what is to be read is moved out of the way first.
            (samples + count + narrow).update(from: samples + count, count: narrow)
            var done = 0
            while done < narrow {
                let step = min(160, narrow - done)
                block.update(from: samples + count + narrow + done, count: step)
                upsampler.process(block, count: step, into: samples + count + 2 * done)
                done += step
            }
        }
        return 2 * narrow
    }

    private mutating func decodeG711(_ codes: UnsafePointer<UInt8>, length: Int, law: G711.Law) {
        let fitting = min(length, (Playout.capacity - TimeScale.longest(rate) - count) / rate.scale)
        switch rate {
        case .narrow: G711.decode(codes, count: fitting, law: law, into: samples + count)
        case .wide:
            var block = InlineArray<160, Int16>(repeating: 0)
            withUnsafeMutablePointer(to: &block) { memory in
                let block = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int16.self)
                var done = 0
                while done < fitting {
                    let step = min(160, fitting - done)
                    G711.decode(codes + done, count: step, law: law, into: block)
                    upsampler.process(block, count: step, into: samples + count + 2 * done)
                    done += step
                }
            }
        }
        count += fitting * rate.scale
    }

    /// Catches up or falls back by one pitch period, or by 10 ms at most where nobody speaks.
    private mutating func adjust(_ pace: JitterBuffer.Pace, left: Int, counters: inout MediaCounters) {
        switch pacing.change(pace, left: left, rate: rate, span: buffer.lostSpan) {
        case .none: return
        case .shorten(let limit, let likeness):
            let removed = TimeScale.shorten(samples, count: count, rate: rate, limit: limit, likeness: likeness)
            pacing.note(changed: removed)
            if removed > 0 { counters.count(.framesShortened) }
            count -= removed
        case .lengthen(let limit, let likeness):
            guard count + TimeScale.longest(rate) <= Playout.capacity else { return }
            let added = TimeScale.lengthen(samples, count: count, rate: rate, limit: limit, likeness: likeness)
            pacing.note(changed: added)
            if added > 0 { counters.count(.framesLengthened) }
            count += added
        }
    }

    /// One lost packet.
    private mutating func conceal(successor: Int?, counters: inout MediaCounters) {
        // Opus conceals multiples of 2.5 ms.
        let step = 20 * rate.scale
        let exact = Int(buffer.lostSpan / rate.sampleNanoseconds)
        let wanted = max(step, min(24 * step, (exact + step / 2) / step * step))
        if isPausing { return appendPause(wanted, counters: &counters) }
        if lastCodec == .opus, let slot = successor, buffer.packet(at: slot).codec == .opus {
            let packet = buffer.packet(at: slot)
            let restored =
                opusDecoder?.recover(
                    fromNext: buffer.payload(at: slot), length: packet.length, into: samples + count, count: wanted)
                ?? 0
            if restored > 0 {
                count += restored
                concealed += 1
                counters.count(.framesRecovered)
                return
            }
        }
        invent(wanted)
        concealed += 1
        counters.count(.framesConcealed)
    }

    /// Nothing is there and nothing later either: sound that fades; then silence, and a new start.
    private mutating func bridge(counters: inout MediaCounters) {
        bridged += 1
        if bridged > Playout.longestBridge || isPausing {
            buffer.stop()
            return appendPause(rate.sampleCount - count, counters: &counters)
        }
        invent(rate.sampleCount)
        buffer.noteBridged(20_000_000)
        concealed += 1
        counters.count(.framesConcealed)
    }

    /// `wanted` samples that resemble the last ones.
    private mutating func invent(_ wanted: Int) {
        switch lastCodec {
        case .pcmu, .pcma, .g722:
            let fitting = min(wanted, Playout.capacity - count)
            if lastCodec == .g722, !concealment.pointee.isActive { g722.noteLoss() }
            concealment.pointee.conceal(into: samples + count, count: fitting)
            count += fitting
            isSilent = concealment.pointee.isSilent
            if isSilent { g722.reset() }
        case .g729:
            isSilent = false
            concealG729(wanted)
        case .opus:
            let made = opusDecoder?.conceal(into: samples + count, count: wanted) ?? 0
            if made == 0 { return appendSilence(wanted) }
            count += made
            isSilent = false
        }
    }

    /// The peer said that it pauses.
    private var isPausing: Bool { noise != nil || isPausingInG729 }

    /// Whole frames of what bcg729 invents, and silence for the rest, of which only odd packets have any.
    private mutating func concealG729(_ wanted: Int) {
        let fitting = max(0, min(wanted, Playout.capacity - count)) / rate.scale
        let made = widen(g729Decoder?.conceal(into: samples + count, count: fitting) ?? 0)
        count += made
        if made < fitting * rate.scale { appendSilence(fitting * rate.scale - made) }
    }

    /// Noise where the peer said how its pauses sound, or else silence.
    private mutating func appendPause(_ wanted: Int, counters: inout MediaCounters) {
        if isPausingInG729 {
            counters.count(.framesNoise)
            isSilent = false
            return concealG729(wanted)
        }
        guard var noise else {
            counters.count(.framesSilent)
            return appendSilence(wanted)
        }
        counters.count(.framesNoise)
        let fitting = max(0, min(wanted, Playout.capacity - count))
        noise.fill(samples + count, count: fitting)
        self.noise = noise
        count += fitting
        isSilent = true
    }

    private mutating func appendSilence(_ wanted: Int) {
        let fitting = max(0, min(wanted, Playout.capacity - count))
        (samples + count).update(repeating: 0, count: fitting)
        if !isSilent, fitting >= seam { fadeOut() }
        count += fitting
        isSilent = true
    }

    /// What was heard goes on behind `count` and fades; the end of a word that is simply cut is heard as a click.
    private mutating func fadeOut() {
        let length = seam
        switch lastCodec {
        case .pcmu, .pcma, .g722:
            // A copy: the next packet begins a new sound, it does not end a gap.
            var echo = concealment.pointee
            echo.conceal(into: samples + count, count: length)
        case .opus: _ = opusDecoder?.conceal(into: samples + count, count: length)
        // Its concealment fades by itself before only silence is left.
        case .g729: return
        }
        Mixer.ramp(samples + count, count: length, from: 1, to: 0)
    }
}
