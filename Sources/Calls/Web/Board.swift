// What the live board shows: an immutable picture, made on the signalling thread, read by pages.

/// Everything at one moment. Times are Unix milliseconds, lengths seconds.
public struct Board: Codable, Sendable {
    public struct Queue: Codable, Sendable {
        public var name: String
        public var hotline: String
        public var waiting: Int
        public var longestWaitSeconds: Int
        public var ready: Int
    }

    public struct Consultant: Codable, Sendable {
        public var name: String
        public var state: String
        /// Of a break.
        public var reason: String?
        public var sinceUnixMs: Int64
    }

    public var queues: [Queue]
    public var consultants: [Consultant]
    public var activeCalls: Int
}

/// A hotline that can be dialled.
public struct HotlineSummary: Codable, Sendable {
    public var name: String
    public var title: String
    public var numbers: [String]
}
