// The arithmetic of mixing: everybody hears the others, never themselves.

/// Kernels over frames. Sums are 32 bit, so that up to 65,000 parties cannot overflow; only the way out saturates. Plain
/// loops over pointers: they become vector code by themselves.
public enum Mixer {
    /// `sum = 0`.
    @_noLocks @_noAllocation
    public static func clear(_ sum: UnsafeMutablePointer<Int32>, count: Int) {
        for index in 0..<count { sum[index] = 0 }
    }

    /// `sum += samples`.
    @_noLocks @_noAllocation
    public static func add(_ samples: UnsafePointer<Int16>, to sum: UnsafeMutablePointer<Int32>, count: Int) {
        for index in 0..<count { sum[index] &+= Int32(samples[index]) }
    }

    /// `sum = saturated(sum + samples)`.
    @_noLocks @_noAllocation
    static func add(_ samples: UnsafePointer<Int16>, onto sum: UnsafeMutablePointer<Int16>, count: Int) {
        for index in 0..<count {
            sum[index] = Int16(truncatingIfNeeded: saturated(Int32(sum[index]) + Int32(samples[index])))
        }
    }

    /// `sum -= samples`.
    @_noLocks @_noAllocation
    public static func subtract(
        _ samples: UnsafePointer<Int16>, from sum: UnsafeMutablePointer<Int32>, count: Int
    ) {
        for index in 0..<count { sum[index] &-= Int32(samples[index]) }
    }

    /// `output = saturated(sum)`: what a listener hears who does not speak.
    /// - Returns: whether a sample was too large.
    @_noLocks @_noAllocation @discardableResult
    public static func mix(
        _ sum: UnsafePointer<Int32>, into output: UnsafeMutablePointer<Int16>, count: Int
    ) -> Bool {
        var reach: Int32 = 0
        for index in 0..<count {
            let value = sum[index]
            reach |= value &+ 32_768
            output[index] = Int16(truncatingIfNeeded: saturated(value))
        }
        return isTooLarge(reach)
    }

    /// `output = saturated(sum - own)`: what a speaker hears.
    /// - Returns: whether a sample was too large.
    @_noLocks @_noAllocation @discardableResult
    public static func mix(
        _ sum: UnsafePointer<Int32>, without own: UnsafePointer<Int16>, into output: UnsafeMutablePointer<Int16>,
        count: Int
    ) -> Bool {
        var reach: Int32 = 0
        for index in 0..<count {
            let value = sum[index] &- Int32(own[index])
            reach |= value &+ 32_768
            output[index] = Int16(truncatingIfNeeded: saturated(value))
        }
        return isTooLarge(reach)
    }

    /// Scales `samples` in place by a gain that runs from `first` to `last`, so that sounds start and stop without a
    /// click.
    @_noLocks @_noAllocation
    public static func ramp(_ samples: UnsafeMutablePointer<Int16>, count: Int, from first: Float, to last: Float) {
        let step = (last - first) / Float(max(count, 1))
        for index in 0..<count {
            samples[index] = Halfband.sample(Float(samples[index]) * (first + step * Float(index)))
        }
    }

    @_noLocks @_noAllocation @inline(__always)
    private static func saturated(_ value: Int32) -> Int32 { max(-32_768, min(32_767, value)) }

    /// A sample that fits 16 bits leaves the upper 16 of `sample + 32768` empty. Asked of all at once, so that saturating
    /// stays one instruction for eight samples.
    @_noLocks @_noAllocation @inline(__always)
    private static func isTooLarge(_ reach: Int32) -> Bool { UInt32(bitPattern: reach) >> 16 != 0 }
}
