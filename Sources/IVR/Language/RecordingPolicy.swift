// What the hotline file says about recording.

/// `recording:`. Whether a caller is recorded is decided per call: `default`, then the keys with `record: on|off`.
public struct RecordingPolicy: Sendable, Hashable {
    /// From where on a caller is recorded whose recording is on.
    public enum Start: String, Sendable, Hashable, CaseIterable {
        /// Only the conversation with a consultant.
        case answer
        /// Waiting included.
        case queue
        /// As soon as recording is on.
        case start
    }

    public enum Tracks: String, Sendable, Hashable, CaseIterable {
        /// Caller left, the other side right.
        case stereo
        case mono
    }

    public enum Export: String, Sendable, Hashable, CaseIterable {
        case wav
        case mp3
    }

    public enum Pause: String, Sendable, Hashable, CaseIterable {
        /// The consultant's button.
        case agent
        /// Digits that are asked for in secret.
        case secret
    }

    /// `default: on`: recorded without a key.
    public var byDefault = false
    public var from = Start.answer
    public var tracks = Tracks.stereo
    public var export: [Export] = [.wav, .mp3]
    /// How long recordings are kept; nil: the file does not say.
    public var keep: Duration?
    public var pause: [Pause] = []
}
