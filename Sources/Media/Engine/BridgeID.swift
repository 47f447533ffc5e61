// The number of a bridge in one media engine, and what a leg may do in it.

/// Names one bridge: legs that hear one another. It is there as long as a leg is in it. A number that was given back
/// never names another bridge: its generation is over.
public struct BridgeID: Hashable, Sendable, BitwiseCopyable {
    /// Low 16 bits: slot. High 16 bits: generation.
    public let rawValue: UInt32

    var slot: Int { Int(rawValue & 0xFFFF) }
    var generation: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
}

/// Gives out the numbers of the bridges of one media engine. Lives on the signalling side; one per `MediaThread`.
public struct BridgeNumbers: Sendable {
    private var numbers: LegNumbers

    /// `capacity` is 1…65,535 and no more than the engine's number of legs.
    public init(capacity: Int = MediaThread.capacity) { numbers = LegNumbers(capacity: capacity) }

    /// Nil when every slot is in use.
    public mutating func take() -> BridgeID? { numbers.take().map { BridgeID(rawValue: $0.rawValue) } }

    /// When all its legs were told to leave: whoever is still in the bridge is put out when the slot is used again.
    public mutating func giveBack(_ id: BridgeID) {
        numbers.giveBack(LegID(slot: id.slot, generation: id.generation))
    }
}

/// Who hears a leg in its bridge. Whatever its role, it hears all who talk.
public enum BridgeRole: Hashable, Sendable, BitwiseCopyable {
    /// Is heard by all.
    case talk
    /// Is heard by nobody.
    case listen
    /// Is heard by this one leg only, and by nobody while that is not in the bridge.
    case coach(LegID)
}
