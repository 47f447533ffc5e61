// A text with values in braces: `Przed Tobą są {ahead} osoby.`

/// A text cut at its values.
struct Template: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case value(SpokenValue)
        /// A name in braces that is no value; only in files with errors.
        case unknown(String)
    }

    let pieces: [Piece]
    /// The text as it was written.
    let source: String

    init(_ source: String) {
        self.source = source
        var pieces: [Piece] = []
        var rest = source[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            let name = String(rest[rest.index(after: open)..<close])
            pieces.append(SpokenValue(rawValue: name).map { .value($0) } ?? .unknown(name))
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

    /// Nil when a value is not known.
    func filled(_ known: SpokenValues, language: String) -> String? {
        var text = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let words): text += words
            case .value(let value):
                let next = index + 1 < pieces.count ? pieces[index + 1] : .text("")
                guard let words = known.words(value, language: language, next: Self.firstWord(next)) else { return nil }
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
}
