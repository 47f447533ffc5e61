// What a caller asks of the distribution of calls.

/// One caller's wish to wait in a queue.
public struct QueueRequest: Sendable, Hashable {
    public var queue: String
    /// The language the caller chose.
    public var language: String
    /// Skills the consultant must have, in the order of the file; `language` is replaced by the language.
    public var skills: [String]
    /// 0 to 9, higher first.
    public var priority: Int

    public init(queue: String, language: String, skills: [String], priority: Int) {
        self.queue = queue
        self.language = language
        self.skills = skills
        self.priority = priority
    }
}
