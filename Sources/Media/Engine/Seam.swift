// Where sound was cut out: what follows is heard as if it had grown out of it.

/// Keeps the beginning of what was left out; blends it into the beginning of what is heard instead.
struct Seam: BitwiseCopyable {
    /// 5 ms at 16 kHz.
    private var kept = InlineArray<80, Int16>(repeating: 0)
    private var count = 0

    @_noLocks @_noAllocation
    mutating func reset() { count = 0 }

    /// `samples` are left out. When more is left out behind them, the first count.
    @_noLocks @_noAllocation
    mutating func keep(_ samples: UnsafePointer<Int16>, count: Int) {
        guard self.count == 0 else { return }
        self.count = min(count, 80)
        for index in 0..<self.count { kept[index] = samples[index] }
    }

    /// `samples` are heard instead.
    @_noLocks @_noAllocation
    mutating func join(_ samples: UnsafeMutablePointer<Int16>, count: Int) {
        let length = min(self.count, count)
        for index in 0..<length {
            let share = Float(index + 1) / Float(length + 1)
            samples[index] = Halfband.sample(share * Float(samples[index]) + (1 - share) * Float(kept[index]))
        }
        self.count = 0
    }
}
