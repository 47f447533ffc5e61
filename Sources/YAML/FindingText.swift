// What a finding says, kept so that it can be said in each language.

/// The language in which findings and reports speak to people.
public enum ReportLanguage: String, Sendable, CaseIterable {
    case pl
    case en

    /// The text in this language.
    public func text(_ polish: String, _ english: String) -> String {
        switch self {
        case .pl: polish
        case .en: english
        }
    }
}

/// A sentence, or a part of one: words that stand fixed and names that are filled in. It is written where it is needed, in English,
/// as a string with interpolations; the other languages are looked up by its `pattern`.
public struct FindingText: Hashable, Sendable, ExpressibleByStringInterpolation {
    fileprivate enum Piece: Hashable, Sendable {
        case fixed(String)
        /// A name, number or piece of the file: the same in each language.
        case name(String)
        case part(FindingText)
    }

    private var pieces: [Piece]

    public init(stringLiteral value: String) { pieces = [.fixed(value)] }

    public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    /// Words that other programs say: libyaml, the system.
    public init(foreign words: String) { pieces = [.fixed(words)] }

    /// What is the same in each language, such as the name of a key.
    public static func name(_ text: String) -> FindingText { FindingText(pieces: [.name(text)]) }

    /// `a or b or c`
    public static func either(_ names: some Sequence<String>) -> FindingText { joined(names) { "\($0) or \($1)" } }

    /// `a and b and c`
    public static func both(_ names: some Sequence<String>) -> FindingText { joined(names) { "\($0) and \($1)" } }

    private static func joined(
        _ names: some Sequence<String>, _ join: (FindingText, FindingText) -> FindingText
    ) -> FindingText {
        let names = names.map(name)
        return names.dropFirst().reduce(names.first ?? name("")) { join($0, $1) }
    }

    private init(pieces: [Piece]) { self.pieces = pieces }

    public static func + (first: FindingText, second: FindingText) -> FindingText {
        FindingText(pieces: first.pieces + second.pieces)
    }

    /// The fixed words, with `{1}`, `{2}` … where something is filled in: the key of the catalogue. Nil for a mere name.
    var pattern: String? {
        var pattern = ""
        var number = 0
        var hasWords = false
        for piece in pieces {
            switch piece {
            case .fixed(let words):
                pattern += words
                hasWords = hasWords || words.contains(where: \.isLetter)
            case .name, .part:
                number += 1
                pattern += "{\(number)}"
            }
        }
        return hasWords ? pattern : nil
    }

    /// The patterns of it and of its parts that the catalogue does not have: none, unless words were written without it.
    public var untranslated: [String] {
        let own = pattern.map { FindingCatalogue.polish[$0] == nil ? [$0] : [] } ?? []
        return own
            + pieces.flatMap { piece in
                guard case .part(let part) = piece else { return [String]() }
                return part.untranslated
            }
    }

    public func text(in language: ReportLanguage) -> String {
        guard language == .pl, let pattern, let polish = FindingCatalogue.polish[pattern] else {
            return pieces.map { Self.text(of: $0, language) }.joined()
        }
        let filled = pieces.compactMap { piece in
            if case .fixed = piece { return nil as String? }
            return Self.text(of: piece, language)
        }
        return Self.fill(polish, filled)
    }

    private static func text(of piece: Piece, _ language: ReportLanguage) -> String {
        switch piece {
        case .fixed(let words), .name(let words): words
        case .part(let part): part.text(in: language)
        }
    }

    /// What is filled in is not looked at again: a name may hold braces too.
    private static func fill(_ pattern: String, _ filled: [String]) -> String {
        var text = ""
        var rest = pattern[...]
        while let brace = rest.firstIndex(of: "{") {
            text += rest[..<brace]
            rest = rest[brace...]
            let inner = rest.dropFirst().prefix(while: \.isNumber)
            if let number = Int(inner), filled.indices.contains(number - 1),
                rest.dropFirst(inner.count + 1).first == "}"
            {
                text += filled[number - 1]
                rest = rest.dropFirst(inner.count + 2)
            } else {
                text.append("{")
                rest = rest.dropFirst()
            }
        }
        return text + rest
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.fixed(literal)) }
        }

        public mutating func appendInterpolation(_ name: some CustomStringConvertible) {
            pieces.append(.name(name.description))
        }

        public mutating func appendInterpolation(_ part: FindingText) { pieces.append(.part(part)) }
    }
}
