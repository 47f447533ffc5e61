// What the prompts studio shows: plain values for pages.

import IVR
import Speech

/// One prompt of a hotline in one language.
public struct StudioPrompt: Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// A recording is played.
        case recorded
        /// The text is spoken by the synthesiser.
        case spoken
        /// Callers hear nothing: there is no text in this language, or it cannot be spoken.
        case missing
    }

    let line: PromptLine
    public let state: State
    /// The hotline file names a recording that cannot be read.
    public let isFileUnusable: Bool
    /// Seconds, with examples where values are inserted; nil where nothing can be played.
    public let seconds: Double?
    /// LUFS; nil for silence too.
    public let loudness: Double?
    /// The take that is in use was made of another text.
    public let isTextNewer: Bool

    public var hotline: String { line.place.hotline }
    public var name: String { line.place.prompt }
    public var language: String { line.place.language }
    /// As it is written in the hotline file; nil when there is none in this language.
    public var text: String? { line.text }
    /// What differs from call to call: such a prompt is always spoken.
    public var values: [String] { line.values }
    /// The legal notice that a call may be recorded.
    public var isNotice: Bool { line.isNotice }
    /// A recording can replace the text.
    public var isRecordable: Bool { line.isRecordable }
    /// What the voice talent calls the recording's file.
    public var recordingName: String { line.place.recordingName }
    /// What is typed to choose it on the telephone; nil when it cannot be recorded.
    public internal(set) var phoneNumber: Int?
    /// Where it is, for the audit trail.
    public var place: String { [hotline, name, language].joined(separator: "/") }
    /// The recording that is played, relative to the folder of prompts; also one that cannot be read.
    public var file: String? { line.utterance?.file }
}

/// A hotline with its prompts, in the order of its file.
public struct StudioHotline: Sendable {
    public let name: String
    public let title: String
    public let languages: [String]
    public let prompts: [StudioPrompt]
    /// By the names of queues.
    public let music: [StudioMusic]
}

/// What callers hear while they wait in a queue.
public struct StudioMusic: Sendable {
    public let queue: String
    /// Named in the hotline file, relative to the folder of prompts; nil for our own music.
    public let file: String?
    /// The file cannot be read: callers hear our own music.
    public let isFileUnusable: Bool
    public let seconds: Double
}

/// One recording of a prompt.
public struct StudioTake: Sendable {
    public let number: Int
    /// Milliseconds since 1970.
    public let madeAt: Int64
    public let madeBy: String
    /// Seconds and LUFS as it came, and as callers hear it.
    public let before: (seconds: Double, loudness: Double?)
    public let after: (seconds: Double, loudness: Double?)
    public let isCurrent: Bool

    init(_ take: Take, isCurrent: Bool) {
        number = take.number
        madeAt = take.madeAt
        madeBy = take.madeBy
        before = (take.before.seconds, take.before.loudness)
        after = (take.after.seconds, take.after.loudness)
        self.isCurrent = isCurrent
    }
}
