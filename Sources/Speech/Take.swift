// One recording of a prompt: what was recorded, and what callers hear of it.

public import Media

/// What is known of a take; stored beside its sound.
public struct Take: Sendable, Codable, Equatable {
    /// From 1 upwards, in the order in which they were made.
    public let number: Int
    /// The text at the time, so that one can see when it was changed since.
    public let text: String
    /// Milliseconds since 1970.
    public let madeAt: Int64
    /// The name of whoever made it.
    public let madeBy: String
    public let before: Sound
    public let after: Sound

    /// Length and loudness of a sound.
    public struct Sound: Sendable, Codable, Equatable {
        public let seconds: Double
        /// LUFS (ITU-R BS.1770-4); nil when it is too soft to be measured.
        public let loudness: Double?

        init(_ samples: [Int16], sampleRate: Int = Frame.sampleRate) {
            seconds = Double(samples.count) / Double(sampleRate)
            loudness = Loudness.measure(samples, sampleRate: sampleRate)
        }
    }
}

/// Why a recording was not taken.
public enum TakeProblem: Error, Sendable, Equatable {
    case file(SoundFileError)
    /// Nothing in it is loud enough to be speech.
    case silent
    /// Longer than a prompt may last after silence was trimmed.
    case tooLong(seconds: Int, limit: Int)
    /// The folder cannot be written, in the system's words.
    case disk(String)
}

/// Recordings made ready to be heard: at 16 kHz, without silence around them, as loud as all other speech.
enum TakePolish {
    /// What may be sent, in seconds: a minute of text with thinking before and after it.
    static let longestRecording = 180

    /// - Parameter descriptor: a WAV file, open for reading.
    static func polish(
        descriptor: Int32
    ) throws(TakeProblem) -> (samples: [Int16], before: Take.Sound, after: Take.Sound) {
        try polish(recorded(descriptor))
    }

    /// - Parameter recorded: at 16 kHz.
    static func polish(
        _ recorded: [Int16]
    ) throws(TakeProblem) -> (samples: [Int16], before: Take.Sound, after: Take.Sound) {
        guard let (speech, _) = RecordedTrim.trim(recorded) else { throw .silent }
        let limit = PromptUse.speech.longestSeconds
        guard speech.count <= limit * Frame.sampleRate else {
            throw .tooLong(seconds: (speech.count + Frame.sampleRate - 1) / Frame.sampleRate, limit: limit)
        }
        let levelled = Loudness.level(speech, sampleRate: Frame.sampleRate, to: PromptUse.speech.loudness)
        return (levelled, Take.Sound(recorded), Take.Sound(levelled))
    }

    private static func recorded(_ descriptor: Int32) throws(TakeProblem) -> [Int16] {
        let sound: SoundFileReader.Sound
        do {
            sound = try SoundFileReader.wav(descriptor: descriptor, limit: longestRecording)
        } catch {
            throw .file(error)
        }
        guard let samples = RateConverter.convert(sound.samples, from: sound.sampleRate, to: Frame.sampleRate) else {
            throw .file(.library("its sample rate could not be converted"))
        }
        return samples
    }
}
