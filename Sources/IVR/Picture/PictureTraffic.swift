// How many calls took which way, to colour the picture by.

/// Counts of a span of time, by step.
public struct PictureTraffic: Sendable {
    public struct Visits: Sendable {
        /// Calls that entered the step, each entry counted.
        public var entries: Int
        /// Calls that ended here because the caller hung up.
        public var hangUps: Int
        /// How often each way on was taken.
        public var next: [Way: Int]

        public init(entries: Int = 0, hangUps: Int = 0, next: [Way: Int] = [:]) {
            self.entries = entries
            self.hangUps = hangUps
            self.next = next
        }
    }

    /// From a step to the next.
    public struct Way: Hashable, Sendable {
        /// As a row names it; nil where it was not written down.
        public var exit: String?
        public var step: String

        public init(exit: String?, step: String) {
            self.exit = exit
            self.step = step
        }
    }

    public var steps: [String: Visits]

    public init(steps: [String: Visits] = [:]) { self.steps = steps }

    /// The most entries that any step has.
    var busiest: Int { steps.values.map(\.entries).max() ?? 0 }
}

extension PictureTraffic.Visits {
    /// Calls that took a row's way, and those of which it is only known that they took one of the ways to its step.
    func taken(_ row: PictureNode.Row, of node: PictureNode) -> (surely: Int, perhaps: Int) {
        let rivals = node.rows.filter { $0.target == row.target }
        var (surely, perhaps) = (0, 0)
        for (way, count) in next where way.step == row.target {
            if way.exit == row.label || rivals.count == 1 {
                surely += count
            } else if !rivals.contains(where: { $0.label == way.exit }) {
                perhaps += count
            }
        }
        return rivals.count { $0.label == row.label } > 1 ? (0, surely + perhaps) : (surely, perhaps)
    }
}
