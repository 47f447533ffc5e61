// Why a sound file could not be read or written.

/// Its description completes the sentence "the file cannot be used because …".
public enum SoundFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The operating system's words for why it could not be opened or read.
    case unreadable(String)
    /// What is wrong with its content.
    case notUsable(SoundFlaw)
    /// It sounds longer than what it is meant for may last.
    case tooLong(seconds: Int, limit: Int)
    /// libsndfile's words.
    case library(String)

    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .notUsable(let flaw): flaw.description
        case .tooLong(let seconds, let limit): "it lasts \(seconds) s; \(limit) s are possible"
        case .library(let reason): reason
        }
    }
}
