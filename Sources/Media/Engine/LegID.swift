// The number of a leg in one media engine: a slot, and which of the slot's many legs. On another it has another number.

/// Names one leg. A number that was given back never names another leg: its generation is over.
public struct LegID: Hashable, Sendable, BitwiseCopyable {
    /// Low 16 bits: slot. High 16 bits: generation.
    public let rawValue: UInt32

    @_noLocks @_noAllocation
    init(slot: Int, generation: UInt16) {
        rawValue = UInt32(generation) << 16 | UInt32(truncatingIfNeeded: slot) & 0xFFFF
    }

    /// Where the engine keeps the leg, 0…65,535.
    var slot: Int { @_noLocks @_noAllocation get { Int(rawValue & 0xFFFF) } }
    var generation: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
}

/// Gives out the numbers of one media engine. Lives on the signalling side; one per `MediaThread`.
public struct LegNumbers: Sendable {
    private var generations: [UInt16]
    /// Free slots; the one given back last is taken first, so that the engine's walk over its slots stays short.
    private var free: [Int]

    /// `capacity` is 1…65,535 and no more than the engine's.
    public init(capacity: Int = MediaThread.capacity) {
        precondition((1...65_535).contains(capacity), "a media engine has 1 to 65,535 slots")
        generations = [UInt16](repeating: 0, count: capacity)
        free = Array((0..<capacity).reversed())
    }

    /// Numbers that can be taken now.
    public var available: Int { free.count }

    /// Nil when every slot is in use: the thread is full.
    public mutating func take() -> LegID? {
        guard let slot = free.popLast() else { return nil }
        return LegID(slot: slot, generation: generations[slot])
    }

    /// For a leg that comes from another thread: in the group of legs that is visited at the same time as its old one
    /// was, so that its packets stay in step; in any other when that group is full.
    public mutating func take(inStepWith old: LegID) -> LegID? {
        let group = old.slot % MediaEngine.phases
        guard let index = free.lastIndex(where: { $0 % MediaEngine.phases == group }) else { return take() }
        let slot = free.remove(at: index)
        return LegID(slot: slot, generation: generations[slot])
    }

    /// After `.removed` or `.detached`, or when the leg was never added.
    public mutating func giveBack(_ id: LegID) {
        precondition(generations[id.slot] == id.generation, "a leg's number was given back twice")
        generations[id.slot] &+= 1
        free.append(id.slot)
    }
}
