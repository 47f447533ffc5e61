// The gaps between words: where sound can be made longer or shorter without anybody hearing it.

/// Compares each frame with the loudest of the last seconds.
struct PauseWatch: BitwiseCopyable {
    /// 25 dB below the loudest, as a share of its energy.
    private static var depth: Float { 1 / 300 }
    /// Mean square that is always quiet: about −54 dBFS.
    private static var silence: Float { 4_096 }
    /// 100 ms: longer than a plosive holds its breath inside a word.
    private static var shortest: Int64 { 100_000_000 }
    /// What is left of the loudest after another packet: after 5 s a quarter.
    private static var decay: Float { 0.995 }

    /// Mean square.
    private var loudest: Float = 0
    private var quiet: Int64 = 0

    var isPause: Bool { @_noLocks @_noAllocation get { quiet >= PauseWatch.shortest } }

    /// - Parameter nanoseconds: how long the sound lasts.
    @_noLocks @_noAllocation
    mutating func note(_ samples: UnsafePointer<Int16>, count: Int, nanoseconds: Int64) {
        var energy: Float = 0
        for index in 0..<count { energy += Float(samples[index]) * Float(samples[index]) }
        energy /= Float(max(1, count))
        loudest = max(energy, loudest * PauseWatch.decay)
        let isQuiet = energy < max(PauseWatch.silence, loudest * PauseWatch.depth)
        quiet = isQuiet ? min(quiet + nanoseconds, PauseWatch.shortest) : 0
    }
}
