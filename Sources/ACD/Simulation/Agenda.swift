// What is to happen when: a heap of moments.

import Timing

/// The earliest first; of one moment, what was added first.
struct Agenda<Event> {
    private struct Item {
        let at: Instant
        let number: Int
        let event: Event

        func precedes(_ other: Item) -> Bool { at != other.at ? at < other.at : number < other.number }
    }

    private var heap: [Item] = []
    private var added = 0

    var isEmpty: Bool { heap.isEmpty }

    var next: Instant? { heap.first?.at }

    mutating func add(_ event: Event, at moment: Instant) {
        heap.append(Item(at: moment, number: added, event: event))
        added += 1
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The next that is due by `now`, taken out.
    mutating func take(until now: Instant) -> Event? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.event }
        heap[0] = last
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].precedes(heap[$1]) }), heap[least].precedes(heap[parent])
            else { return first.event }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
