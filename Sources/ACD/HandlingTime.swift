// How long one call of a queue keeps an agent busy: talk, hold and wrap-up.

import Timing

/// A plain mean at first, then one that forgets slowly, so that a new topic of the day shows within an hour or so.
struct HandlingTime: Sendable {
    /// Below this many calls nobody is told an expected wait.
    static let enough = 5
    /// A call's weight in the mean is never less than 1/50.
    static let memory = 50

    private var seconds = 0.0
    private(set) var samples = 0

    var mean: Duration? { samples >= Self.enough ? .seconds(seconds) : nil }

    mutating func learn(_ handling: Duration) {
        samples = min(samples + 1, Self.memory)
        seconds += (Double(handling.milliseconds) / 1000 - seconds) / Double(samples)
    }

    /// The mean of former calls; ignored once own calls were seen.
    mutating func seed(_ handling: Duration, samples count: Int) {
        guard samples == 0, count > 0 else { return }
        samples = min(count, Self.memory)
        seconds = Double(handling.milliseconds) / 1000
    }
}
