// Why something could not be made audible.

public import Media

/// Its description is a plain sentence for the administrator.
public enum SpeechError: Error, Sendable, CustomStringConvertible {
    /// The synthesiser's library or its voices are not installed.
    case noSynthesizer(String)
    case noVoice(language: String)
    /// Empty, or nothing in it can be pronounced.
    case nothingToSay
    case textTooLong(characters: Int, limit: Int)
    /// The name would lead out of the prompts' folder, or names no file.
    case badFileName(String)
    case file(String, SoundFileError)
    case prompt(PromptError)

    public var description: String {
        switch self {
        case .noSynthesizer(let reason): "speech cannot be synthesised: \(reason)"
        case .noVoice(let language): "there is no voice for the language \"\(language)\""
        case .nothingToSay: "the text holds nothing that can be spoken"
        case .textTooLong(let characters, let limit): "the text has \(characters) characters; \(limit) are possible"
        case .badFileName(let name): "\"\(name)\" is not the name of a file in the prompts' folder"
        case .file(let name, let error): "\(name): \(error)"
        case .prompt(let error): error.description
        }
    }
}
