// `callback`: the caller hangs up and keeps the place.

struct CallbackStep: Sendable {
    enum Number: String, Sendable, CaseIterable {
        /// The number that the caller calls from.
        case caller
        /// The caller types it.
        case ask
    }

    var queue: Reference?
    /// With `number: ask` it is the question, otherwise what is said when the callback is noted.
    var say: Reference?
    var number: Number
    /// How often the caller is called.
    var attempts: Int
    /// Between two attempts.
    var every: Duration
    /// Attempts are made only while this calendar is open; nil: at any time.
    var within: Reference?
    var noNumber: Exit?
    var then: Exit?
}
