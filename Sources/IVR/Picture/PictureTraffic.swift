// How many calls took which way, to colour the picture by.

/// Counts of a span of time, by step.
public struct PictureTraffic: Sendable {
    public struct Visits: Sendable {
        /// Calls that entered the step, each entry counted.
        public var entries: Int
        /// Calls that ended here because the caller hung up.
        public var hangUps: Int
        /// Entries of the next step from here, by that step's name.
        public var next: [String: Int]

        public init(entries: Int = 0, hangUps: Int = 0, next: [String: Int] = [:]) {
            self.entries = entries
            self.hangUps = hangUps
            self.next = next
        }
    }

    public var steps: [String: Visits]

    public init(steps: [String: Visits] = [:]) { self.steps = steps }

    /// The most entries that any step has.
    var busiest: Int { steps.values.map(\.entries).max() ?? 0 }
}
