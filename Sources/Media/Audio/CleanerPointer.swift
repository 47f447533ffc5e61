// A speech cleaner on its way through the rings.

/// Memory for one cleaner or none: signalling makes and frees it, the media thread swaps what is inside.
public struct CleanerPointer: Sendable, BitwiseCopyable {
    // because the two threads own it in turn: signalling until `.clean`, the media thread until `.cleaning`
    nonisolated(unsafe) let pointer: UnsafeMutablePointer<SpeechCleaner?>

    /// - Parameter cleaning: nil: the leg is left as it is from now on.
    public static func make(_ cleaning: SpeechCleaning?) throws(SpeechCleanerError) -> CleanerPointer {
        let cleaner: SpeechCleaner?
        if let cleaning { cleaner = try SpeechCleaner(cleaning) } else { cleaner = nil }
        let pointer = UnsafeMutablePointer<SpeechCleaner?>.allocate(capacity: 1)
        pointer.initialize(to: cleaner)
        return CleanerPointer(pointer: pointer)
    }

    /// After `.cleaning`, once.
    public func free() {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}
