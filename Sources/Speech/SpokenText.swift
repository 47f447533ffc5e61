// A sentence to be spoken.

/// What is said and in which language; equal texts sound the same.
public struct SpokenText: Hashable, Sendable {
    public let text: String
    /// `pl` or `en`.
    public let language: String

    public init(text: String, language: String) {
        self.text = text
        self.language = language
    }
}
