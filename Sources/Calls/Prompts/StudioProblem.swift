// Why the studio did not do what was asked, as a word and values: pages say it in the reader's language.

import Media
import Speech

public struct StudioProblem: Error, Sendable, Equatable {
    /// Every one that there is; pages have a sentence for each.
    public enum Kind: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case notRecordable = "not_recordable"
        /// No prompt's recording is to have that name.
        case notNamed = "not_named"
        case busy
        case notWAV = "not_wav"
        case wrongLength = "wrong_length"
        case noSound = "no_sound"
        case encoding
        case channels
        case sampleRate = "sample_rate"
        case damaged
        case recordingTooLong = "recording_too_long"
        case promptTooLong = "prompt_too_long"
        case silent
        case disk
        case inUse = "in_use"
    }

    public let kind: Kind
    public let values: [String: String]

    public init(kind: Kind, _ values: [String: String] = [:]) {
        self.kind = kind
        self.values = values
    }

    init(_ problem: TakeProblem) {
        switch problem {
        case .file(let error): self.init(error)
        case .silent: self.init(kind: .silent)
        case .tooLong(let seconds, let limit):
            self.init(kind: .promptTooLong, ["seconds": "\(seconds)", "limit": "\(limit)"])
        case .disk(let reason): self.init(kind: .disk, ["reason": reason])
        }
    }

    private init(_ error: SoundFileError) {
        switch error {
        case .unreadable(let reason), .library(let reason): self.init(kind: .disk, ["reason": reason])
        case .tooLong(let seconds, let limit):
            self.init(kind: .recordingTooLong, ["seconds": "\(seconds)", "limit": "\(limit)"])
        case .notUsable(.notWAV): self.init(kind: .notWAV)
        case .notUsable(.wrongLength(let promised, let actual)):
            self.init(kind: .wrongLength, ["promised": "\(promised)", "actual": "\(actual)"])
        case .notUsable(.noSound): self.init(kind: .noSound)
        case .notUsable(.encoding(let format, let bits)):
            self.init(kind: .encoding, ["format": "\(format)", "bits": "\(bits)"])
        case .notUsable(.channels(let count)): self.init(kind: .channels, ["count": "\(count)"])
        case .notUsable(.sampleRate(let rate)): self.init(kind: .sampleRate, ["rate": "\(rate)"])
        case .notUsable(.damaged): self.init(kind: .damaged)
        }
    }
}
