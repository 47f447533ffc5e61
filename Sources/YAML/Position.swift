// Where something stands in a file, as an editor shows it.

/// A line and a column, both from 1. The column counts characters as a person does: `ż` is one, however it is stored.
public struct Position: Hashable, Comparable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of a file.
    public static let start = Position(line: 1, column: 1)

    public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
