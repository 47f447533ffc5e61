// One thing to be said to a caller: the text with its values filled in, and the recording that replaces it.

/// What is played is `file` when there is one, else `text` spoken in `language`.
public struct Utterance: Sendable, Hashable {
    /// The name of the prompt in the hotline file.
    public var prompt: String
    /// `pl` or `en`.
    public var language: String
    /// With all values filled in, ready to be spoken.
    public var text: String
    /// A recording, relative to the folder of prompts.
    public var file: String?

    public init(prompt: String, language: String, text: String, file: String? = nil) {
        self.prompt = prompt
        self.language = language
        self.text = text
        self.file = file
    }
}
