// Which packets of a stream were heard, told as losses, bursts and gaps (RFC 3611 §4.7.2).

/// What became of the packets of a stream, in counts that only grow.
struct PacketOutcomes: BitwiseCopyable {
    /// All that are judged, whatever became of them.
    var packets: Int64 = 0
    /// Never came.
    var lost: Int64 = 0
    /// Came too late to be heard.
    var discarded: Int64 = 0
    /// Stretches of packets missing one after another, however long.
    var stretches: Int64 = 0

    var missing: Int64 { @_noLocks @_noAllocation get { lost + discarded } }

    @_noLocks @_noAllocation
    init(packets: Int64 = 0, lost: Int64 = 0, discarded: Int64 = 0, stretches: Int64 = 0) {
        self.packets = packets
        self.lost = lost
        self.discarded = discarded
        self.stretches = stretches
    }

    @_noLocks @_noAllocation
    static func + (a: PacketOutcomes, b: PacketOutcomes) -> PacketOutcomes {
        PacketOutcomes(
            packets: a.packets + b.packets, lost: a.lost + b.lost, discarded: a.discarded + b.discarded,
            stretches: a.stretches + b.stretches)
    }

    @_noLocks @_noAllocation
    static func - (a: PacketOutcomes, b: PacketOutcomes) -> PacketOutcomes {
        PacketOutcomes(
            packets: a.packets - b.packets, lost: a.lost - b.lost, discarded: a.discarded - b.discarded,
            stretches: a.stretches - b.stretches)
    }

    /// Share of packets that nobody heard, 0…1.
    var loss: Double { packets > 0 ? Double(missing) / Double(packets) : 0 }

    /// Mean length of the stretches against that of the same loss at random, which is 1 ÷ (1 − loss) (G.107 §7.5); 1 when
    /// there was none.
    var burstRatio: Double { stretches > 0 ? Double(missing) / Double(stretches) * (1 - loss) : 1 }
}

/// Told each packet's outcome in order. A burst begins and ends with a missing packet and has fewer than 16 packets in a
/// row that were heard; a packet missing all alone belongs to a gap.
struct LossRuns: BitwiseCopyable {
    static var gMin: Int64 { @_noLocks @_noAllocation get { 16 } }

    private(set) var outcomes: PacketOutcomes
    private var bursts: Int64 = 0
    private var burstPackets: Int64 = 0
    private var burstMissing: Int64 = 0
    /// What may become a burst: from its first missing packet to its last one so far.
    private var groupPackets: Int64 = 0
    private var groupMissing: Int64 = 0
    private var heardSince = LossRuns.gMin

    @_noLocks @_noAllocation
    init() { outcomes = PacketOutcomes(packets: 0, lost: 0, discarded: 0, stretches: 0) }

    @_noLocks @_noAllocation
    mutating func noteHeard() {
        outcomes.packets += 1
        heardSince += 1
        if heardSince == LossRuns.gMin { closeGroup() }
    }

    @_noLocks @_noAllocation
    mutating func noteDiscarded() {
        outcomes.discarded += 1
        noteMissing(1)
    }

    /// `count` packets in a row never came; at least one.
    @_noLocks @_noAllocation
    mutating func noteLost(_ count: Int64) {
        outcomes.lost += count
        noteMissing(count)
    }

    @_noLocks @_noAllocation
    private mutating func noteMissing(_ count: Int64) {
        outcomes.packets += count
        if heardSince > 0 { outcomes.stretches += 1 }
        if heardSince < LossRuns.gMin { groupPackets += heardSince }
        groupPackets += count
        groupMissing += count
        heardSince = 0
    }

    @_noLocks @_noAllocation
    private mutating func closeGroup() {
        if groupMissing > 1 {
            bursts += 1
            burstPackets += groupPackets
            burstMissing += groupMissing
        }
        groupPackets = 0
        groupMissing = 0
    }

    /// The figures of a VoIP metrics block. Shares are 0…1, durations milliseconds. As in the RFC's example the gaps
    /// before and after a burst count together: mean durations are per burst.
    struct Figures: Equatable {
        var burstDensity = 0.0
        var gapDensity = 0.0
        var burstDuration = 0.0
        var gapDuration = 0.0
    }

    /// `packetTime` in milliseconds. What has not ended yet counts as if it ended now.
    func figures(packetTime: Double) -> Figures {
        var ended = self
        ended.closeGroup()
        let gapPackets = outcomes.packets - ended.burstPackets
        var figures = Figures()
        if ended.burstPackets > 0 { figures.burstDensity = Double(ended.burstMissing) / Double(ended.burstPackets) }
        if gapPackets > 0 { figures.gapDensity = Double(outcomes.missing - ended.burstMissing) / Double(gapPackets) }
        figures.burstDuration = Double(ended.burstPackets) * packetTime / Double(max(1, ended.bursts))
        figures.gapDuration = Double(gapPackets) * packetTime / Double(max(1, ended.bursts))
        return figures
    }
}

/// Which of the latest 64 packets came too late to be heard, by their extended sequence numbers.
struct Discards: BitwiseCopyable {
    private var newest: Int64 = 0
    /// Bit n: `newest - n`.
    private var bits: UInt64 = 0

    @_noLocks @_noAllocation
    init() {}

    @_noLocks @_noAllocation
    mutating func insert(_ sequence: Int64) {
        if sequence > newest {
            let step = sequence - newest
            bits = step < 64 ? bits << UInt64(step) | 1 : 1
            newest = sequence
        } else if newest - sequence < 64 {
            bits |= 1 << UInt64(newest - sequence)
        }
    }

    @_noLocks @_noAllocation
    func contains(_ sequence: Int64) -> Bool {
        let age = newest - sequence
        return age >= 0 && age < 64 && bits >> UInt64(age) & 1 == 1
    }
}
