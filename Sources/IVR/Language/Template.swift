// A text with values in braces: `Przed Tobą są {ahead} osoby.`

import YAML

/// A text cut at its values.
struct Template: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case value(SpokenValue)
        /// What stands in braces and is no value; only in files with errors.
        case unknown(String)
    }

    let pieces: [Piece]
    /// The text as it was written.
    let source: String
    let position: Position

    init(_ source: String, at position: Position = .start) {
        self.source = source
        self.position = position
        var pieces: [Piece] = []
        var rest = source[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            let inside = rest[rest.index(after: open)..<close]
            pieces.append(SpokenValue(inside).map { .value($0) } ?? .unknown(String(inside)))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    var values: [SpokenValue] {
        pieces.compactMap { piece in
            switch piece {
            case .value(let value): value
            case .text, .unknown: nil
            }
        }
    }

    /// Spoken in the language; nil when a value is not known.
    func filled(_ known: SpokenValues, language: String) -> String? {
        var text = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let words): text += words
            case .value(let value):
                let next = index + 1 < pieces.count ? pieces[index + 1] : .text("")
                let words = known.words(
                    value, language: language, after: Self.lastWord(text), before: Self.firstWord(next))
                guard let words else { return nil }
                text += words
            case .unknown: return nil
            }
        }
        return text
    }

    /// The pieces joined, each value given by `value`; nil when one is not known.
    func joined(_ value: (SpokenValue) -> String?) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let words): text += words
            case .value(let name):
                guard let words = value(name) else { return nil }
                text += words
            case .unknown: return nil
            }
        }
        return text
    }

    private static func firstWord(_ piece: Piece) -> Substring {
        switch piece {
        case .text(let text): text.drop { $0 == " " }.prefix { $0.isLetter }
        case .value, .unknown: ""
        }
    }

    /// The word that a value follows; none across a comma or a colon. The point of "ok." belongs to the word.
    private static func lastWord(_ text: String) -> Substring {
        var rest = text[...]
        while rest.last == " " { rest.removeLast() }
        if rest.hasSuffix("ok.") { rest.removeLast() }
        return rest.suffix(from: rest.lastIndex { !$0.isLetter }.map(rest.index(after:)) ?? rest.startIndex)
    }
}
