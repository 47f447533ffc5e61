// Bridges: legs that hear one another. Their memory is made with the engine.

/// One bridge. Its legs are a list through their seats.
struct Bridge: BitwiseCopyable {
    /// The number that it was joined under last.
    var number: UInt32 = 0
    /// The slot of its first leg; −1: it is empty.
    var first = -1
    var last = -1
    var members = 0
    var talkers = 0
    var coaches = 0
    /// Legs that the mix is made for.
    var listening = 0

    /// At which it is mixed, and at which it ought to be; for how many frames the two have differed.
    var rate = MixRate.narrow
    var wantedRate = MixRate.narrow
    var framesUnsettled = 0
    /// Visited every 10 ms, because some leg is not relayed to.
    var isMixing = false
    /// In which group it is visited, and the neighbours in that group.
    var phase = 0
    var previousMixing = -1
    var nextMixing = -1
    /// Whose frames were taken in the last visit of 20 ms.
    var speakers = 0
    /// Every second visit is one of 20 ms.
    var isFrame = false
    /// No frame was taken yet.
    var isFresh = true
    /// Where the end of somebody who left is; −1: nowhere.
    var farewell = -1
}

/// All bridges of one engine: those with numbers, then for each leg one that `.bridge` made.
struct Bridges: BitwiseCopyable {
    /// Ends of speakers who left in the last 20 ms; who finds no room ends at once.
    private static var farewellCount: Int { 32 }

    let memory: UnsafeMutablePointer<Bridge>
    private let capacity: Int
    /// The first bridge that is mixed in each group; −1: none.
    private(set) var mixing = InlineArray<10, Int>(repeating: -1)
    /// Frames of one tick, one after another: of those who speak in the bridge that is being mixed.
    let voices: UnsafeMutablePointer<Int16>
    private let farewells: UnsafeMutablePointer<Int16>
    private var farewellsInUse: UInt32 = 0
    /// Legs in all bridges.
    var legs = 0

    init(capacity: Int) {
        self.capacity = capacity
        memory = .allocate(capacity: 2 * capacity)
        memory.initialize(repeating: Bridge(), count: 2 * capacity)
        voices = .allocate(capacity: capacity * MixRate.wide.sampleCount)
        farewells = .allocate(capacity: Bridges.farewellCount * MixRate.wide.sampleCount)
    }

    func deallocate() {
        memory.deallocate()
        voices.deallocate()
        farewells.deallocate()
    }

    /// Where the bridge of that number is; nil when there is no such slot.
    func index(of id: BridgeID) -> Int? { id.slot < capacity ? id.slot : nil }

    /// Where the bridge is that `.bridge` made with this leg as its first.
    func index(ofPairWith leg: LegID) -> Int { capacity + leg.slot }

    func voice(_ place: Int) -> UnsafeMutablePointer<Int16> { voices + place * MixRate.wide.sampleCount }

    /// Legs that are in bridges, bridges that are mixed, ends that were not heard yet.
    var inUse: (legs: Int, mixing: Int, farewells: Int) {
        let bridges = UnsafeBufferPointer(start: memory, count: 2 * capacity)
        return (
            bridges.reduce(0) { $0 + $1.members }, bridges.count { $0.isMixing }, farewellsInUse.nonzeroBitCount
        )
    }

    /// From now on the bridge is visited with that group of legs.
    @_noLocks @_noAllocation
    mutating func startMixing(_ index: Int, phase: Int) {
        guard !memory[index].isMixing else { return }
        memory[index].isMixing = true
        memory[index].phase = phase
        memory[index].isFrame = false
        memory[index].isFresh = true
        memory[index].previousMixing = -1
        memory[index].nextMixing = mixing[phase]
        if mixing[phase] >= 0 { memory[mixing[phase]].previousMixing = index }
        mixing[phase] = index
    }

    @_noLocks @_noAllocation
    mutating func stopMixing(_ index: Int) {
        guard memory[index].isMixing else { return }
        memory[index].isMixing = false
        forgetFarewell(of: index)
        let (previous, next) = (memory[index].previousMixing, memory[index].nextMixing)
        if next >= 0 { memory[next].previousMixing = previous }
        if previous >= 0 { memory[previous].nextMixing = next } else { mixing[memory[index].phase] = next }
    }

    /// What is to be added to the next frame of the mix; nil when there is nothing.
    func farewell(of index: Int) -> UnsafeMutablePointer<Int16>? {
        let place = memory[index].farewell
        return place >= 0 ? farewells + place * MixRate.wide.sampleCount : nil
    }

    /// Silence, where there was nothing. Nil when too many leave at once.
    mutating func makeFarewell(of index: Int) -> UnsafeMutablePointer<Int16>? {
        if let farewell = farewell(of: index) { return farewell }
        let place = (~farewellsInUse).trailingZeroBitCount
        guard place < Bridges.farewellCount else { return nil }
        farewellsInUse |= 1 << UInt32(place)
        memory[index].farewell = place
        let frame = farewells + place * MixRate.wide.sampleCount
        frame.update(repeating: 0, count: MixRate.wide.sampleCount)
        return frame
    }

    @_noLocks @_noAllocation
    mutating func forgetFarewell(of index: Int) {
        guard memory[index].farewell >= 0 else { return }
        farewellsInUse &= ~(1 << UInt32(memory[index].farewell))
        memory[index].farewell = -1
    }
}
