// A queue between two threads without locks.

import Synchronization

/// One writer, one reader, fixed capacity. Head and tail count up for ever; their difference is the fill.
struct Ring<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // @unchecked because `slots` is written by the one writer before `tail` is released and read by the one reader
    // after it was acquired
    private let slots: UnsafeMutablePointer<Element>
    private let mask: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    /// `capacity` is a power of two; `element` only fills the memory.
    init(capacity: Int, filledWith element: Element) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: element, count: capacity)
        mask = capacity - 1
    }

    deinit { slots.deallocate() }

    /// False when full. Only from the writer's thread.
    func push(_ element: Element) -> Bool {
        let place = tail.load(ordering: .relaxed)
        if place &- head.load(ordering: .acquiring) > mask { return false }
        slots[place & mask] = element
        tail.store(place &+ 1, ordering: .releasing)
        return true
    }

    /// Only from the reader's thread.
    var isEmpty: Bool { head.load(ordering: .relaxed) == tail.load(ordering: .acquiring) }

    /// Nil when empty. Only from the reader's thread.
    func pop() -> Element? {
        let place = head.load(ordering: .relaxed)
        if place == tail.load(ordering: .acquiring) { return nil }
        let element = slots[place & mask]
        head.store(place &+ 1, ordering: .releasing)
        return element
    }
}

/// Events on their way to signalling, shared by engine and thread.
final class EventQueue: Sendable {
    private let ring: Ring<MediaEvent>

    init(capacity: Int) {
        ring = Ring(capacity: capacity, filledWith: .overflow(LegID(slot: 0, generation: 0)))
    }

    func push(_ event: MediaEvent) -> Bool { ring.push(event) }
    func pop() -> MediaEvent? { ring.pop() }
}
