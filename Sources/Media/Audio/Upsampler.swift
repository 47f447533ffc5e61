// From 8 to 16 kHz, for G.711 that is recorded beside Opus.

/// Doubles the rate of one stream. Keeps 31 samples of the past; calls may be of any length.
public struct Upsampler: Sendable, BitwiseCopyable {
    /// Samples at 16 kHz by which the output lags.
    public static var delay: Int {
        @_noLocks @_noAllocation get { 31 }
    }

    private var past = InlineArray<31, Float>(repeating: 0)
    private let taps: InlineArray<16, Float>

    public init() { taps = Halfband.taps }

    /// Reads `count` samples at 8 kHz and writes twice as many at 16 kHz. `input` and `output` must not overlap.
    @_noLocks @_noAllocation
    public mutating func process(
        _ input: UnsafePointer<Int16>, count: Int, into output: UnsafeMutablePointer<Int16>
    ) {
        var done = 0
        while done < count {
            let step = min(Halfband.block, count - done)
            block(input + done, count: step, into: output + 2 * done)
            done += step
        }
    }

    /// Forgets the past.
    @_noLocks @_noAllocation
    public mutating func reset() { past = InlineArray(repeating: 0) }

    @_noLocks @_noAllocation
    private mutating func block(
        _ input: UnsafePointer<Int16>, count: Int, into output: UnsafeMutablePointer<Int16>
    ) {
        var line = InlineArray<191, Float>(repeating: 0)
        var sums = InlineArray<160, Float>(repeating: 0)
        withUnsafeMutablePointer(to: &line) { lineMemory in
            let line = UnsafeMutableRawPointer(lineMemory).assumingMemoryBound(to: Float.self)
            for index in 0..<31 { line[index] = past[index] }
            for index in 0..<count { line[31 + index] = Float(input[index]) }
            withUnsafeMutablePointer(to: &sums) { sumMemory in
                let sums = UnsafeMutableRawPointer(sumMemory).assumingMemoryBound(to: Float.self)
                withUnsafePointer(to: taps) { taps in
                    let taps = UnsafeRawPointer(taps).assumingMemoryBound(to: Float.self)
                    Halfband.filter(line, count: count, taps: taps, into: sums)
                }
                for index in 0..<count {
                    output[2 * index] = Halfband.sample(sums[index])
                    output[2 * index + 1] = Halfband.sample(line[index + 16])
                }
            }
            for index in 0..<31 { past[index] = line[count + index] }
        }
    }
}
