// What joins an answer of the outside to the question of the machine.

/// The number of a question within one call. Whoever answers gives it back, so that an answer that comes too late is
/// known as such.
public struct Ticket: Sendable, Hashable, CustomStringConvertible {
    public let number: Int

    public init(number: Int) { self.number = number }

    public var description: String { "#\(number)" }
}
