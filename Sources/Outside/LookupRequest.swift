// What a hotline's `lookup` step asks.

public struct LookupRequest: Sendable {
    /// How long a caller can be kept waiting; shorter than one second no answer can be relied on.
    public static let limits = Duration.seconds(1)...Duration.seconds(10)

    public let url: OutsideURL
    /// Sent by POST as a JSON object of strings; nil: a GET.
    public let send: [String: String]?
    /// The names of the answer's fields that are wanted; all others are ignored.
    public let wanted: Set<String>
    /// For everything: the name, the connection, TLS, the whole answer.
    public let within: Duration

    /// `within`: the nearest of 1…10 s is taken.
    public init(url: OutsideURL, send: [String: String]?, wanted: Set<String>, within: Duration) {
        self.url = url
        self.send = send
        self.wanted = wanted
        self.within = min(max(within, Self.limits.lowerBound), Self.limits.upperBound)
    }
}
