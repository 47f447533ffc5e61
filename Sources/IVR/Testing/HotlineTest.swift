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

        /// As the trace writes it: numbers of telephones in one form.
        var line: String {
            let target = text.hasPrefix("transfer ") ? TransferTarget(String(text.dropFirst(9))) : nil
            return target.map { "transfer " + $0.text } ?? text
        }
    }

    let name: String
    let position: Position
    /// When the call comes; nil: a Tuesday morning in 2026.
    var at: LocalTime?
    /// Nil: the caller withholds the number.
    var from: String?
    var loads: [String: Load] = [:]
    /// What outside systems answer: a lookup that gets all its values here succeeds, any other fails.
    var answers: [Reference: String] = [:]
    /// Transfers and lookups that fail, by their steps.
    var failing: Set<Reference> = []
    var script: [Act] = []
    var expectations: [Expectation] = []
}

extension [Utterance] {
    /// About how long they would take, where nothing is spoken: 60 ms a letter.
    var imaginedLength: Duration { reduce(.zero) { $0 + .milliseconds(60 * $1.text.count) } }
}
