// The one inner audio format: 20 ms of 16 kHz mono.

/// 20 ms of sound where sound is touched at all: 320 samples, 16 kHz, mono, signed 16 bit.
public struct Frame: Sendable, BitwiseCopyable {
    /// Samples in a frame.
    public static var sampleCount: Int {
        @_noLocks @_noAllocation get { 320 }
    }
    /// Samples a second.
    public static var sampleRate: Int {
        @_noLocks @_noAllocation get { 16_000 }
    }

    public var samples: InlineArray<320, Int16>

    /// Silence.
    @_noLocks @_noAllocation
    public init() { samples = InlineArray(repeating: 0) }

    /// Lets `body` write the 320 samples.
    @inlinable
    public mutating func withMutableSamples(_ body: (UnsafeMutablePointer<Int16>) -> Void) {
        withUnsafeMutablePointer(to: &samples) { body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: Int16.self)) }
    }

    /// Lets `body` read the 320 samples.
    @inlinable
    public func withSamples(_ body: (UnsafePointer<Int16>) -> Void) {
        withUnsafePointer(to: samples) { body(UnsafeRawPointer($0).assumingMemoryBound(to: Int16.self)) }
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The 320 samples behind the pointer, for the hot path.
    public var samples: UnsafeMutablePointer<Int16> {
        @_noLocks @_noAllocation get { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Int16.self) }
    }
}
