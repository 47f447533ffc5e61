// Which lines differ between two texts: what a person looks through before publishing.

/// Lines that went and came, with some that stayed around them.
public struct LineDifference: Sendable {
    public enum Kind: String, Sendable, Hashable {
        case same, removed, added
        /// Lines that stayed and are not shown.
        case gap
    }

    public struct Line: Sendable, Hashable {
        public let kind: Kind
        /// Its number, from 1, in the old and the new text where it stands there.
        public let old: Int?
        public let new: Int?
        /// Without its end; of a gap empty.
        public let text: String
    }

    /// Lines that stay, shown before and after those that do not.
    private static let around = 3
    /// Past this many pairs of lines to compare, the whole stretch that differs is shown as replaced: a comparison line by
    /// line would take longer than anybody waits.
    private static let mostPairs = 1_000_000

    public let lines: [Line]

    public var isEmpty: Bool { lines.isEmpty }

    public init(from old: String, to new: String) {
        let (old, new) = (Self.split(old), Self.split(new))
        let head = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let (gone, come) = (old[head..<(old.count - tail)], new[head..<(new.count - tail)])
        var all = (0..<head).map { Line(kind: .same, old: $0 + 1, new: $0 + 1, text: old[$0]) }
        all += Self.compared(gone, come)
        for index in 0..<tail {
            let (was, now) = (old.count - tail + index, new.count - tail + index)
            all.append(Line(kind: .same, old: was + 1, new: now + 1, text: old[was]))
        }
        lines = Self.shortened(all)
    }

    private static func split(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    }

    private static func compared(_ gone: ArraySlice<String>, _ come: ArraySlice<String>) -> [Line] {
        var (removed, added) = (Set(gone.indices), Set(come.indices))
        if gone.count * come.count <= mostPairs {
            let changes = Array(come).difference(from: Array(gone))
            removed = Set(changes.removals.map { $0.offset + gone.startIndex })
            added = Set(changes.insertions.map { $0.offset + come.startIndex })
        }
        var lines: [Line] = []
        var (old, new) = (gone.startIndex, come.startIndex)
        while old < gone.endIndex || new < come.endIndex {
            if removed.contains(old) {
                lines.append(Line(kind: .removed, old: old + 1, new: nil, text: gone[old]))
                old += 1
            } else if added.contains(new) {
                lines.append(Line(kind: .added, old: nil, new: new + 1, text: come[new]))
                new += 1
            } else {
                lines.append(Line(kind: .same, old: old + 1, new: new + 1, text: gone[old]))
                old += 1
                new += 1
            }
        }
        return lines
    }

    private static func shortened(_ all: [Line]) -> [Line] {
        let changed = all.indices.filter { all[$0].kind != .same }
        var shown: [Line] = []
        var next = 0
        for index in changed {
            let start = max(index - around, next)
            if start > next { shown.append(Line(kind: .gap, old: nil, new: nil, text: "")) }
            let end = min(index + around + 1, all.count)
            guard end > start else { continue }
            shown += all[start..<end]
            next = end
        }
        if let last = changed.last, last + around + 1 < all.count {
            shown.append(Line(kind: .gap, old: nil, new: nil, text: ""))
        }
        return shown
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
