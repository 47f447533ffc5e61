// A test of the hotline file: a call that somebody imagined, and what must happen in it.

import YAML

/// One entry of `tests:`.
struct HotlineTest: Sendable {
    /// What the caller does when it is their turn.
    enum Act: Sendable, Hashable {
        case press(String)
        /// Lets one time-out pass.
        case silence
        /// Talks with the consultant until the consultant hangs up.
        case talk
        case hangUp
    }

    /// The load of a queue.
    struct Load: Sendable, Hashable {
        /// How long this caller waits until a consultant answers; nil: two seconds, and no estimate is told.
        var wait: Duration?
        var ahead = 0
        var isFull = false
        var hasNobody = false
        let position: Position
    }

    /// One line that the trace must hold, after the ones before it.
    struct Expectation: Sendable, Hashable {
        let text: String
        let position: Position
    }

    let name: String
    let position: Position
    /// When the call comes; nil: a Tuesday morning in 2026.
    var at: LocalTime?
    /// Nil: the caller withholds the number.
    var from: String?
    var loads: [String: Load] = [:]
    var script: [Act] = []
    var expectations: [Expectation] = []
}
