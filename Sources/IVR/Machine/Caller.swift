// Who calls, and whom they dialled.

/// The two ends of a call, as the signalling tells them.
public struct Caller: Sendable, Hashable {
    /// Nil when the caller withholds it.
    public var number: String?
    /// The number or the hotline's name that was dialled.
    public var called: String

    public init(number: String?, called: String) {
        self.number = number
        self.called = called
    }
}
