// What the checker may ask of the world: recordings, voices, consultants, the day.

import Foundation
import Timing
public import YAML

/// Given to the checker, so that a check of the same text says the same everywhere. What is nil is not known, and nothing
/// is said of it.
public struct Surroundings: Sendable {
    /// One account that answers calls.
    public struct Consultant: Sendable, Hashable {
        /// The groups that queues name as `agents`.
        public var groups: Set<String>
        /// With their levels, 1 to 9.
        public var skills: [String: Int]
        public var languages: Set<String>

        public init(groups: Set<String>, skills: [String: Int], languages: Set<String>) {
            self.groups = groups
            self.skills = skills
            self.languages = languages
        }
    }

    /// Why the recording at a path relative to the folder of prompts cannot be used; nil when it can.
    public var complaint: @Sendable (_ path: String) -> FindingText?
    /// How long that recording is; nil when it is not known.
    public var length: @Sendable (_ path: String) -> Duration?
    /// The recording that the prompts studio made of a prompt, relative to the folder of prompts; nil when there is none.
    public var take: @Sendable (_ place: PromptPlace) -> String? = { _ in nil }
    /// Today, for exceptions that are already past: milliseconds since 1970.
    public var unixMilliseconds: Int64
    /// Whether texts without a recording can be spoken.
    public var speaksTexts: Bool?
    public var consultants: [Consultant]?
    /// What the server that will load the file cannot perform.
    public var unserved: Set<Unserved> = []
    /// Where administrators record prompts by telephone, as `PhoneNumber.normalised` writes it; nil: nowhere.
    public var studioNumber: String?

    public init(
        unixMilliseconds: Int64, speaksTexts: Bool? = nil, consultants: [Consultant]? = nil,
        length: @escaping @Sendable (_ path: String) -> Duration? = { _ in nil },
        complaint: @escaping @Sendable (_ path: String) -> FindingText?
    ) {
        self.unixMilliseconds = unixMilliseconds
        self.speaksTexts = speaksTexts
        self.consultants = consultants
        self.length = length
        self.complaint = complaint
    }

    /// The files in that folder, and the machine's date.
    public static func live(promptsDirectory: String, unserved: Set<Unserved> = []) -> Surroundings {
        var live = Surroundings(
            unixMilliseconds: Clock.unixMilliseconds(),
            length: { WAVLength.ofFile(promptsDirectory + "/" + $0) },
            complaint: { path in
                let full = promptsDirectory + "/" + path
                guard let attributes = try? FileManager.default.attributesOfItem(atPath: full) else {
                    return "the file \(quoted(path)) is not in \(promptsDirectory)"
                }
                return (attributes[.size] as? NSNumber)?.intValue == 0 ? "the file \(quoted(path)) is empty" : nil
            })
        live.unserved = unserved
        live.take = { $0.take(in: promptsDirectory) }
        return live
    }
}
