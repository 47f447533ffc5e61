// Memory that will be needed soon.

import CLinux

/// Between two visits to a leg the kernel and the other legs push its memory out of the processor's nearest caches: with
/// hundreds of legs one visit in three was spent waiting for it.
enum Prefetch {
    /// A cache line of every processor that is served here.
    private static let line = 64

    /// Returns at once; the memory comes meanwhile.
    @inline(__always)
    static func fetch(_ address: UnsafeRawPointer, count: Int) {
        var place = 0
        while place < count {
            clinux_prefetch(address + place)
            place += line
        }
    }
}
