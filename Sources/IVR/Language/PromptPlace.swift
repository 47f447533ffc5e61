// Where the recordings are that the prompts studio made of a prompt.

import Foundation

/// One prompt of one hotline in one language. Its recordings ("takes") have a folder of their own under the folder of
/// prompts; a small file in it, `current`, names the one that callers hear. A take never changes once it is there, so
/// that calls which began with it end with it.
public struct PromptPlace: Hashable, Sendable {
    public let hotline: String
    public let prompt: String
    public let language: String

    public init(hotline: String, prompt: String, language: String) {
        self.hotline = hotline
        self.prompt = prompt
        self.language = language
    }

    /// Relative to the folder of prompts. Names are of letters, digits, `-` and `_`: they cannot lead elsewhere.
    public var folder: String { "studio/\(hotline)/\(language)/\(prompt)" }

    /// What the voice talent calls the recording: the script says so, and by it several files are sent at once.
    public var recordingName: String { "\(hotline)-\(language)-\(prompt).wav" }

    /// The file that names the take in use.
    public static let pointer = "current"

    /// A take's file, relative to the folder of prompts.
    public func file(ofTake number: Int) -> String { "\(folder)/\(number).wav" }

    /// The take that callers hear; nil when there is none, or its file is gone.
    func take(in promptsDirectory: String) -> String? {
        let pointer = "\(promptsDirectory)/\(folder)/\(Self.pointer)"
        guard let text = try? String(contentsOfFile: pointer, encoding: .utf8),
            let number = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), number > 0
        else { return nil }
        let path = file(ofTake: number)
        return FileManager.default.fileExists(atPath: "\(promptsDirectory)/\(path)") ? path : nil
    }
}
