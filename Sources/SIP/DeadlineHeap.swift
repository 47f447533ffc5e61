// A binary heap ordered by deadline; equal deadlines come out in the order in which they went in.

import Timing

struct DeadlineHeap<Element> {
    private struct Entry {
        let deadline: Instant
        let order: UInt64
        let element: Element

        func isBefore(_ other: Entry) -> Bool { (deadline, order) < (other.deadline, other.order) }
    }

    private var entries: [Entry] = []
    private var order: UInt64 = 0

    var first: Instant? { entries.first?.deadline }
    var count: Int { entries.count }

    mutating func insert(_ element: Element, at deadline: Instant) {
        order += 1
        entries.append(Entry(deadline: deadline, order: order, element: element))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst(notAfter now: Instant) -> Element? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        removeRoot()
        return first.element
    }

    /// Takes elements off the front as long as they are `stale`.
    mutating func removeFirst(while stale: (Element) -> Bool) {
        while let first = entries.first, stale(first.element) { removeRoot() }
    }

    /// Takes all elements out that are `stale`.
    mutating func removeAll(_ stale: (Element) -> Bool) {
        entries.removeAll { stale($0.element) }
        // What is in order is a heap.
        entries.sort { $0.isBefore($1) }
    }

    private mutating func removeRoot() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].isBefore(entries[least]) { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
