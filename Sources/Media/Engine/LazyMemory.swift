// Memory for what most legs never do: costs nothing until it is touched.

import Glibc

/// Zeroed pages straight from the kernel. Only those that were touched take memory, and `free` gives all of them back;
/// from `malloc` they would be shared with whatever was allocated beside them, and stay with the process for ever.
enum LazyMemory {
    /// Only from signalling.
    static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let pages, pages != MAP_FAILED else { preconditionFailure("the kernel gives no memory for a leg") }
        return pages
    }

    /// Only from signalling; `byteCount` as it was allocated.
    static func free(_ pages: UnsafeMutableRawPointer, _ byteCount: Int) { munmap(pages, byteCount) }
}
