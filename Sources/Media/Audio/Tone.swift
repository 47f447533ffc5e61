// Tones that a telephone network makes (ITU-T E.180, Q.23).

/// One or two frequencies, sounding all the time or in a rhythm.
public struct Tone: Hashable, Sendable, BitwiseCopyable {
    /// Hertz; the second is 0 for a single tone.
    public var frequencies: (low: Double, high: Double) {
        get { (low, high) }
        set { (low, high) = newValue }
    }
    /// Level of each frequency in dBFS (a full-scale sine is 0).
    public var level: Double
    /// Milliseconds of sound, then of silence, again and again; `off` 0 means without a pause.
    public var onMilliseconds: Int
    public var offMilliseconds: Int
    /// False: one `on` period and then silence for ever.
    public var repeats: Bool

    private var low: Double
    private var high: Double

    public init(
        low: Double, high: Double = 0, level: Double = -13, onMilliseconds: Int = 1_000, offMilliseconds: Int = 0,
        repeats: Bool = true
    ) {
        self.low = low
        self.high = high
        self.level = level
        self.onMilliseconds = onMilliseconds
        self.offMilliseconds = offMilliseconds
        self.repeats = repeats
    }

    /// What a caller hears while the other telephone rings (425 Hz, 1 s on and 4 s off, as in Poland).
    public static let ringback = Tone(low: 425, level: -16, onMilliseconds: 1_000, offMilliseconds: 4_000)
    /// The other side is talking already (425 Hz, half a second each).
    public static let busy = Tone(low: 425, level: -16, onMilliseconds: 500, offMilliseconds: 500)
    /// "Speak now": 200 ms of 1,000 Hz, once.
    public static let beep = Tone(low: 1_000, level: -16, onMilliseconds: 200, repeats: false)

    /// A key's pair of tones, sounding without a pause.
    /// - Parameter key: ASCII `0`…`9`, `*`, `#`, `A`…`D`.
    /// - Returns: nil for another character.
    @_noLocks @_noAllocation
    public static func dtmf(_ key: UInt8) -> Tone? {
        let row: Double
        switch key {
        case 0x31, 0x32, 0x33, 0x41: row = 697
        case 0x34, 0x35, 0x36, 0x42: row = 770
        case 0x37, 0x38, 0x39, 0x43: row = 852
        case 0x2A, 0x30, 0x23, 0x44: row = 941
        default: return nil
        }
        let column: Double
        switch key {
        case 0x31, 0x34, 0x37, 0x2A: column = 1_209
        case 0x32, 0x35, 0x38, 0x30: column = 1_336
        case 0x33, 0x36, 0x39, 0x23: column = 1_477
        default: column = 1_633
        }
        return Tone(low: row, high: column, level: -12)
    }
}
