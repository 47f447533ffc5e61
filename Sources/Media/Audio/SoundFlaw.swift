// What is wrong with a sound file's content.

/// Told apart so that a page can say each in the language of whoever reads it; `description` is English.
public enum SoundFlaw: Sendable, Equatable, CustomStringConvertible {
    case notWAV
    /// What the file says of its length, and what it has.
    case wrongLength(promised: Int, actual: Int)
    case noSound
    /// The number of the format in the file (RFC 2361) and its bits a sample.
    case encoding(format: Int, bits: Int)
    case channels(Int)
    case sampleRate(Int)
    /// Its parts contradict one another; in plain words.
    case damaged(String)

    public var description: String {
        switch self {
        case .notWAV: "it is not a WAV file"
        case .wrongLength(let promised, let actual): "it says that it has \(promised) bytes but has \(actual)"
        case .noSound: "the sound in it is empty"
        case .encoding(let format, let bits):
            "format \(format) with \(bits) bits is not possible: PCM with 8, 16, 24 bits, A-law or µ-law is"
        case .channels(let count): "it has \(count) channels; 1 or 2 are possible"
        case .sampleRate(let rate): "its sample rate is \(rate) Hz; 8,000 to 48,000 are possible"
        case .damaged(let reason): reason
        }
    }
}
