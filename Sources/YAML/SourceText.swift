// A file's text with its lines found, so that a finding can show the line it speaks of.

/// The text of one file. Lines end with LF, CR LF or CR, as in editors.
public struct SourceText: Sendable {
    /// The name that findings print.
    public let file: String
    public let text: String
    /// Byte offsets of the first byte of each line.
    private let lineBytes: [Int]
    /// Scalar indices of the first scalar of each line.
    private let lineScalars: [Int]
    /// For each scalar the number of characters before it in its line.
    private let columns: [Int32]

    public init(file: String, text: String) {
        self.file = file
        self.text = text
        var bytes = [0]
        var scalars = [0]
        var columns: [Int32] = []
        columns.reserveCapacity(text.utf8.count + 1)
        var byte = 0
        var column: Int32 = 0
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if afterReturn, scalar != "\n" {
                bytes.append(byte)
                scalars.append(columns.count)
                column = 0
            }
            afterReturn = scalar == "\r"
            let extends = Self.extendsCharacter(scalar)
            columns.append(extends ? max(column - 1, 0) : column)
            if !extends { column += 1 }
            byte += UTF8.width(scalar)
            if scalar == "\n" {
                bytes.append(byte)
                scalars.append(columns.count)
                column = 0
            }
        }
        columns.append(column)
        lineBytes = bytes
        lineScalars = scalars
        self.columns = columns
    }

    /// The place of the scalar with that index; past the end it is the end.
    func position(scalar index: Int) -> Position {
        let index = min(max(index, 0), columns.count - 1)
        var low = 0
        var high = lineScalars.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineScalars[middle] <= index { low = middle } else { high = middle }
        }
        return Position(line: low + 1, column: Int(columns[index]) + 1)
    }

    /// The place of the byte with that offset.
    func position(byte offset: Int) -> Position {
        let before = text.utf8.prefix(max(offset, 0))
        return position(scalar: before.reduce(into: 0) { count, byte in count += byte & 0xC0 != 0x80 ? 1 : 0 })
    }

    /// The text of a line without its end; empty past the last line.
    public func line(_ number: Int) -> String {
        guard number >= 1, number <= lineBytes.count else { return "" }
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: lineBytes[number - 1])
        let end =
            number < lineBytes.count
            ? utf8.index(utf8.startIndex, offsetBy: lineBytes[number]) : utf8.endIndex
        var scalars = text.unicodeScalars[start..<end]
        while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
        return String(scalars)
    }

    /// Where a short text stands at or after a place, within the lines that a value may have there; else the place itself.
    public func position(of part: String, after place: Position) -> Position {
        for number in place.line..<place.line + 30 where number <= lineBytes.count {
            let characters = Array(line(number))
            let part = Array(part)
            let start = number == place.line ? place.column - 1 : 0
            guard !part.isEmpty, start + part.count <= characters.count else { continue }
            for column in start...(characters.count - part.count)
            where characters[column..<column + part.count].elementsEqual(part) {
                return Position(line: number, column: column + 1)
            }
        }
        return place
    }

    /// Combining marks belong to the letter before them.
    private static func extendsCharacter(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
