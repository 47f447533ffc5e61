// Holds packets back until the slow ones have come, and says what is to be heard next. In virtual time.

/// 64 packets in order of their numbers. Only decoded sound passes here; relayed packets never wait.
struct JitterBuffer: ~Copyable {
    private static var slotCount: Int64 { 64 }
    /// The longest payload kept: more than any Opus packet of one frame (1,275 bytes; RFC 6716 §3.2.1).
    static var payloadCapacity: Int { 1_280 }
    /// Sound is asked for every 20 ms, so that the delay can only be a whole number of those and some; it may exceed
    /// what is wanted by this, a quarter more than it has to, before sound is shortened in the next pause of speech.
    private static var tooLong: Int64 { 25_000_000 }
    /// Beyond this it is shortened within speech, too.
    private static var muchTooLong: Int64 { 45_000_000 }
    /// Beyond this, shortening would take seconds: packets are skipped.
    static var farTooLong: Int64 { 250_000_000 }
    /// So many packets without loss: Opus' redundancy is not waited for any more. Ten seconds.
    private static var calm: Int { 500 }
    /// A lost Opus packet can be restored from the next one (RFC 6716 §2.1.7), which is sent 20 ms later.
    private static var redundancyDelay: Int64 { 20_000_000 }

    struct Packet: BitwiseCopyable {
        /// One more than the number: zeroed memory is an empty slot.
        private var key: Int64
        /// Nanoseconds on the source's media clock.
        var media: Int64
        var length: Int
        var codec: Codec
        /// It tells how the pause sounds that begins.
        var isNoise: Bool

        init(sequence: Int64, media: Int64, length: Int, codec: Codec = .pcma, isNoise: Bool = false) {
            key = sequence + 1
            self.media = media
            self.length = length
            self.codec = codec
            self.isNoise = isNoise
        }

        /// Extended; negative while the slot is empty.
        var sequence: Int64 {
            get { key - 1 }
            set { key = newValue + 1 }
        }
    }

    enum Insertion: BitwiseCopyable { case inserted, late, duplicate, tooLong, overflow }

    /// How the delay should change; what is not urgent can wait for a pause of speech.
    enum Pace: BitwiseCopyable { case steady, slower(isUrgent: Bool), faster(isUrgent: Bool) }

    enum Next: BitwiseCopyable {
        /// Decode this. The slot is free again at the next `insert`.
        case packet(slot: Int, pace: Pace)
        /// A pause begins, which the packet in this slot describes. Takes no time.
        case noise(slot: Int)
        /// One packet is lost. The slot of its successor, when that is here (for its redundancy).
        case lost(successor: Int?)
        /// A pause of the speaker: silence to the end of the 20 ms.
        case pause
        /// A packet came after sound was invented in its place: not to be played as well.
        case replaced
        /// Nothing here: bridge the gap, time stands still.
        case missing
        /// Nothing to be heard yet.
        case filling
    }

    private let packets: UnsafeMutablePointer<Packet>
    private let payloads: UnsafeMutablePointer<UInt8>
    private(set) var delay = DelayEstimate()
    private var count = 0
    private(set) var isPlaying = false
    private var nextSequence: Int64 = 0
    private var highest: Int64 = 0
    /// Media time of the packet furthest on, nanoseconds.
    private(set) var newestMedia = Int64.min
    /// Media time of the next sample that is not decoded yet, nanoseconds.
    private(set) var position: Int64 = 0
    /// How long the very first packet is held back, nanoseconds; nil: until the target delay.
    private var firstHold: Int64?
    /// How much sound the last packet held, nanoseconds.
    private var lastSpan: Int64 = 20_000_000
    /// Nanoseconds of sound invented at `position` while nothing was there.
    private var bridged: Int64 = 0
    /// How long before the last packet was taken it would have come, had it been the fastest, nanoseconds.
    private(set) var actual: Int64 = 0
    /// Packets taken since one was lost.
    private var sinceLoss = JitterBuffer.calm

    /// A leg that is only relayed or hears prompts never touches this memory.
    private static var byteCount: Int { Int(slotCount) * (payloadCapacity + MemoryLayout<Packet>.stride) }

    init() {
        let memory = LazyMemory.allocate(JitterBuffer.byteCount)
        let slots = Int(JitterBuffer.slotCount)
        payloads = memory.bindMemory(to: UInt8.self, capacity: slots * JitterBuffer.payloadCapacity)
        packets = (memory + slots * JitterBuffer.payloadCapacity).bindMemory(to: Packet.self, capacity: slots)
    }

    deinit { LazyMemory.free(payloads, JitterBuffer.byteCount) }

    /// Forgets packets and delays: another source, or another clock. `hold`: for how many nanoseconds packets have to be
    /// held back, the very first included, where that is known already.
    mutating func reset(hold: Int64? = nil) {
        firstHold = hold
        for index in 0..<Int(JitterBuffer.slotCount) { packets[index].sequence = -1 }
        if let hold { delay = DelayEstimate(expecting: hold) } else { delay = DelayEstimate() }
        count = 0
        isPlaying = false
        bridged = 0
        newestMedia = .min
        actual = 0
        sinceLoss = JitterBuffer.calm
    }

    /// How long packets are held back, nanoseconds after the fastest.
    func target(for codec: Codec) -> Int64 {
        max(delay.target, usual(for: codec))
    }

    /// What most packets need, nanoseconds after the fastest: less than this is made up for at once.
    private func usual(for codec: Codec) -> Int64 {
        let waitsForNext = codec == .opus && sinceLoss < JitterBuffer.calm
        return waitsForNext ? delay.usual + JitterBuffer.redundancyDelay : delay.usual
    }

    /// `arrival` and `media` in nanoseconds.
    mutating func insert(
        sequence: Int64, media: Int64, codec: Codec, isNoise: Bool = false, payload: UnsafeRawBufferPointer,
        arrival: Int64
    ) -> Insertion {
        guard payload.count <= JitterBuffer.payloadCapacity, let bytes = payload.baseAddress else { return .tooLong }
        delay.note(arrival: arrival, media: media)
        if isPlaying, sequence < nextSequence { return .late }
        let slot = Int(sequence % JitterBuffer.slotCount)
        if packets[slot].sequence == sequence { return .duplicate }
        let isFull = packets[slot].sequence >= 0
        if isFull { dropAll() }
        packets[slot] = Packet(sequence: sequence, media: media, length: payload.count, codec: codec, isNoise: isNoise)
        UnsafeMutableRawPointer(payloads + slot * JitterBuffer.payloadCapacity)
            .copyMemory(from: bytes, byteCount: payload.count)
        highest = count == 0 ? sequence : max(highest, sequence)
        newestMedia = max(newestMedia, media)
        count += 1
        return isFull ? .overflow : .inserted
    }

    /// A number of the source that carries no sound (a key press): not a loss.
    mutating func insertGap(sequence: Int64) {
        if count == 0 || sequence < nextSequence { return noteEmptyGap(sequence) }
        let slot = Int(sequence % JitterBuffer.slotCount)
        guard packets[slot].sequence < 0 else { return }
        packets[slot] = Packet(sequence: sequence, media: newestMedia, length: 0)
        highest = max(highest, sequence)
        count += 1
    }

    private mutating func noteEmptyGap(_ sequence: Int64) {
        if isPlaying, sequence == nextSequence { nextSequence += 1 }
    }

    private mutating func dropAll() {
        for index in 0..<Int(JitterBuffer.slotCount) { packets[index].sequence = -1 }
        count = 0
        isPlaying = false
    }

    var isEmpty: Bool { count == 0 }

    /// Nothing is missing between what is next and the newest packet.
    var isComplete: Bool { isPlaying && highest - nextSequence == Int64(count) - 1 }

    func packet(at slot: Int) -> Packet { packets[slot] }
    func payload(at slot: Int) -> UnsafePointer<UInt8> { UnsafePointer(payloads + slot * JitterBuffer.payloadCapacity) }

    /// How much sound the packet just decoded held.
    mutating func noteSpan(_ nanoseconds: Int64) {
        position += nanoseconds
        lastSpan = nanoseconds
    }

    /// Sound was invented because nothing was there.
    mutating func noteBridged(_ nanoseconds: Int64) { bridged += nanoseconds }

    /// What follows at `time`, the nanosecond at which it must be there.
    mutating func next(at time: Int64) -> Next {
        dropGaps()
        guard count > 0, let slot = lowest() else { return isPlaying ? .missing : .filling }
        let head = packets[slot]
        if !isPlaying {
            let hold = firstHold ?? target(for: head.codec) + framing(head, at: slot)
            guard time - delay.base - head.media >= hold else { return .filling }
            firstHold = nil
            isPlaying = true
            bridged = 0
            nextSequence = head.sequence
            position = head.media
        }
        if head.sequence == nextSequence {
            return isReplaced(head, at: time) ? replaced(slot, head) : inOrder(slot, head, at: time)
        }
        sinceLoss = 0
        if skipBridged(upTo: head) { return inOrder(slot, head, at: time) }
        let span = min(max(0, head.media - position) / (head.sequence - nextSequence), 60_000_000)
        // Nothing more was said in the missing packets (or they carried keys, or the source skipped numbers).
        if span < 1_000_000 {
            nextSequence = head.sequence
            return inOrder(slot, head, at: time)
        }
        // Where the delay is short it may grow by what is invented, but restored sound is better than invented sound.
        let isRestorable = head.sequence == nextSequence + 1 && head.codec == .opus
        guard isRestorable || time - delay.base - position >= delay.target else { return .missing }
        nextSequence += 1
        position += span
        lastSpan = span
        return .lost(successor: head.sequence == nextSequence ? slot : nil)
    }

    /// How much earlier than its own time a packet may be asked for, nanoseconds: sound is taken 20 ms at a time, so that
    /// packets of another length begin within a frame.
    private func framing(_ head: Packet, at slot: Int) -> Int64 {
        if head.isNoise { return 0 }
        let frame: Int64 = 20_000_000
        var (larger, smaller) = (frame, span(of: head, at: slot))
        while smaller > 0 { (larger, smaller) = (smaller, larger % smaller) }
        return frame - larger
    }

    /// How long a packet that is not decoded yet sounds, nanoseconds.
    private func span(of packet: Packet, at slot: Int) -> Int64 {
        switch packet.codec {
        // 64 kbit/s.
        case .pcma, .pcmu, .g722: Int64(packet.length) * 125_000
        case .g729: Int64(G729.sampleCount(octets: packet.length)) * 125_000
        case .opus:
            Int64(OpusDecoder.sampleCount(payload(at: slot), length: packet.length, rate: 8_000) ?? 160) * 125_000
        }
    }

    /// True when sound as long as `head` was invented in its place, and playing it as well would make everything behind
    /// it later than it has to be. Where the delay is short it may: that is how the delay grows.
    private func isReplaced(_ head: Packet, at time: Int64) -> Bool {
        let wanted = target(for: head.codec) + lastSpan + DelayEstimate.margin
        return bridged >= lastSpan && time - delay.base - head.media >= wanted
    }

    private mutating func replaced(_ slot: Int, _ head: Packet) -> Next {
        let left = bridged - lastSpan
        take(slot)
        bridged = left
        position = head.media + lastSpan
        return .replaced
    }

    /// What was invented while nothing was there stands for what turns out to be lost: as many packets as fit into it
    /// are done with, so that the others keep their length (Opus restores whole packets only).
    /// - Returns: true when nothing is left before `head`.
    private mutating func skipBridged(upTo head: Packet) -> Bool {
        let covered = min(bridged, max(0, head.media - position))
        bridged = 0
        guard covered > 0 else { return false }
        let missing = head.sequence - nextSequence
        let each = max(1, (head.media - position) / missing)
        nextSequence += min(covered / each, missing)
        position += covered
        guard nextSequence == head.sequence else { return false }
        position = head.media
        return true
    }

    private mutating func dropGaps() {
        while count > 0, let slot = lowest(), packets[slot].length == 0 {
            guard !isPlaying || packets[slot].sequence == nextSequence else { return }
            take(slot)
        }
    }

    /// How long the lost packet was, nanoseconds.
    var lostSpan: Int64 { lastSpan }

    /// Nobody listened or nothing came for long: the next packet starts anew.
    mutating func stop() { isPlaying = false }

    private mutating func inOrder(_ slot: Int, _ head: Packet, at time: Int64) -> Next {
        let gap = head.media - position
        if gap > 1_000_000, gap < 10_000_000_000 {
            let early = target(for: head.codec) - (time - delay.base - head.media)
            if early > 0 {
                position = max(position, head.media - early)
                return .pause
            }
        }
        position = head.media
        take(slot)
        if head.isNoise { return .noise(slot: slot) }
        actual = time - delay.base - position
        return .packet(slot: slot, pace: pace(codec: head.codec))
    }

    private func pace(codec: Codec) -> Pace {
        let difference = actual - target(for: codec)
        if difference < 0 { return .slower(isUrgent: actual < usual(for: codec)) }
        return difference > JitterBuffer.tooLong ? .faster(isUrgent: difference > JitterBuffer.muchTooLong) : .steady
    }

    /// The number of the packet taken last.
    var lastTaken: Int64 { nextSequence - 1 }

    /// True when so much waits that packets are to be skipped.
    func isFarBehind(at time: Int64) -> Bool {
        count > 1 && time - delay.base - position - delay.target > JitterBuffer.farTooLong
    }

    private mutating func take(_ slot: Int) {
        bridged = 0
        sinceLoss += 1
        packets[slot].sequence = -1
        count -= 1
        nextSequence += 1
    }

    /// The slot of the oldest packet at or after the one that is next.
    private mutating func lowest() -> Int? {
        // From 0, because empty slots have negative numbers.
        var sequence = isPlaying ? nextSequence : max(0, highest - JitterBuffer.slotCount + 1)
        while sequence <= highest {
            let slot = Int(sequence % JitterBuffer.slotCount)
            if packets[slot].sequence == sequence { return slot }
            sequence += 1
        }
        dropAll()
        return nil
    }
}
