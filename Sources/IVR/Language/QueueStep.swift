// `queue`: waits for a consultant.

import YAML

struct QueueStep: Sendable {
    /// Where a caller goes who would wait too long.
    struct Busy: Sendable {
        /// The estimated wait at entry above which it is taken.
        var wait: Duration
        var then: Exit?
    }

    var queue: Reference?
    /// Nil: the queue's.
    var priority: Int?
    /// Beside the queue's.
    var skills: [SkillReference] = []
    var busy: Busy?
    var full: Exit?
    var nobody: Exit?
    var timeout: Exit?
    /// What a caller may press while waiting, from the first moment.
    var keys: [MenuKey] = []
    /// Nil: the call ends with the conversation.
    var afterCall: Exit?
}
