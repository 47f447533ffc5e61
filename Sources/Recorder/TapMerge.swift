// All taps as one: the payloads of several media threads in the order of time.

import Media
import Timing

/// Reads several rings. A recording whose leg moves from one media thread to another has payloads in both their rings;
/// here they come out in order, and none is missing.
///
/// Why that is so: a thread asks the clock, then pushes a block with that time, so that times never fall within a ring.
/// A leg's new thread gets it after the old one has pushed its last block of it, and so each block of the new thread has
/// a later time than that push. `until` is asked of the same clock before the rings are looked at. If a block of the
/// new thread is not later than `until`, then the old thread's push was before `until` too: the old block is there, it
/// is due, and by its earlier time it comes out first. What is younger than `until` waits for the next time.
struct TapMerge {
    private let taps: [TapRing]
    /// For each ring the time of its oldest block; `.max` when it has none that is due.
    private var oldest: [Int64]

    init(_ taps: [TapRing]) {
        self.taps = taps
        oldest = taps.map { _ in .max }
    }

    /// Hands all blocks up to `until` to `body`, oldest first; the payload is valid only inside.
    mutating func read(until: Instant, _ body: (TapBlock, UnsafeRawBufferPointer) -> Void) {
        for index in taps.indices { look(at: index, until) }
        while let first = oldest.indices.min(by: { oldest[$0] < oldest[$1] }), oldest[first] != .max {
            _ = taps[first].readOne(body)
            look(at: first, until)
        }
    }

    private mutating func look(at index: Int, _ until: Instant) {
        guard let time = taps[index].oldest, time <= until else {
            oldest[index] = .max
            return
        }
        oldest[index] = time.nanoseconds
    }
}
