// From 16 to 8 kHz, for what leaves as G.711.

/// Halves the rate of one stream. Keeps 31 + 16 samples of the past; calls may be of any even length.
public struct Downsampler: Sendable, BitwiseCopyable {
    /// Samples at 16 kHz by which the output lags.
    public static var delay: Int {
        @_noLocks @_noAllocation get { 31 }
    }

    private var evens = InlineArray<31, Float>(repeating: 0)
    private var odds = InlineArray<16, Float>(repeating: 0)
    private let taps: InlineArray<16, Float>

    public init() { taps = Halfband.taps }

    /// Reads `count` samples at 16 kHz (even) and writes half as many at 8 kHz.
    @_noLocks @_noAllocation
    public mutating func process(
        _ input: UnsafePointer<Int16>, count: Int, into output: UnsafeMutablePointer<Int16>
    ) {
        let pairs = count / 2
        var done = 0
        while done < pairs {
            let step = min(Halfband.block, pairs - done)
            block(input + 2 * done, pairs: step, into: output + done)
            done += step
        }
    }

    /// Forgets the past.
    @_noLocks @_noAllocation
    public mutating func reset() {
        evens = InlineArray(repeating: 0)
        odds = InlineArray(repeating: 0)
    }

    @_noLocks @_noAllocation
    private mutating func block(
        _ input: UnsafePointer<Int16>, pairs: Int, into output: UnsafeMutablePointer<Int16>
    ) {
        var line = InlineArray<191, Float>(repeating: 0)
        var late = InlineArray<176, Float>(repeating: 0)
        var sums = InlineArray<160, Float>(repeating: 0)
        for index in 0..<16 { late[index] = odds[index] }
        for index in 0..<pairs { late[16 + index] = Float(input[2 * index + 1]) }
        withUnsafeMutablePointer(to: &line) { lineMemory in
            let line = UnsafeMutableRawPointer(lineMemory).assumingMemoryBound(to: Float.self)
            for index in 0..<31 { line[index] = evens[index] }
            for index in 0..<pairs { line[31 + index] = Float(input[2 * index]) }
            withUnsafeMutablePointer(to: &sums) { sumMemory in
                let sums = UnsafeMutableRawPointer(sumMemory).assumingMemoryBound(to: Float.self)
                withUnsafePointer(to: taps) { taps in
                    let taps = UnsafeRawPointer(taps).assumingMemoryBound(to: Float.self)
                    Halfband.filter(line, count: pairs, taps: taps, into: sums)
                }
                for index in 0..<pairs { output[index] = Halfband.sample(0.5 * (sums[index] + late[index])) }
            }
            for index in 0..<31 { evens[index] = line[pairs + index] }
        }
        for index in 0..<16 { odds[index] = late[pairs + index] }
    }
}
