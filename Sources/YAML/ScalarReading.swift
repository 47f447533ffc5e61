// Texts → values of a type. What is not of its type is reported as E005 and read as nil.

extension FindingLog {
    /// A text that is not empty.
    public func text(_ node: YAMLNode?, _ what: FindingText) -> String? {
        guard let node else { return nil }
        guard let text = node.text, !text.isEmpty else {
            error("E005", at: node.position, "\(what) is \(node.kind); a text is expected")
            return nil
        }
        return text
    }

    /// A whole number in the range.
    public func integer(_ node: YAMLNode?, _ what: FindingText, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = text(node, what) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            error(
                "E005", at: node.position,
                "\(what) is \(quoted(text)); a whole number from \(range.lowerBound) to \(range.upperBound) is expected"
            )
            return nil
        }
        return number
    }

    /// `on` or `off`, `yes` or `no`.
    public func flag(_ node: YAMLNode?, _ what: FindingText, yes: String = "on", no: String = "off") -> Bool? {
        guard let node, let text = text(node, what) else { return nil }
        switch text {
        case yes: return true
        case no: return false
        default:
            let meant = Self.affirmations.contains(text.lowercased()) ? yes : no
            let isKnown = Self.affirmations.union(Self.negations).contains(text.lowercased())
            error(
                "E005", at: node.position, "\(what) is \(quoted(text)); \(yes) or \(no) is expected",
                hint: isKnown ? "did you mean '\(meant)'?" : Similarity.hint(for: text, among: [yes, no]))
            return nil
        }
    }

    private static let affirmations: Set = ["on", "yes", "true", "tak", "y", "t"]
    private static let negations: Set = ["off", "no", "false", "nie", "n", "f"]

    /// One of the words.
    public func choice<Value>(_ node: YAMLNode?, _ what: FindingText, _ words: [String: Value]) -> Value? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = words[text] { return value }
        error(
            "E005", at: node.position,
            "\(what) is \(quoted(text)); \(FindingText.either(words.keys.sorted())) is expected",
            hint: Similarity.hint(for: text, among: words.keys))
        return nil
    }

    /// `15s`, `3m`, `2h` or `90d`.
    public func duration(_ node: YAMLNode?, _ what: FindingText, in range: ClosedRange<Duration>) -> Duration? {
        guard let node, let text = text(node, what) else { return nil }
        guard let duration = Duration(words: text) else {
            error(
                "E005", at: node.position, "\(what) is \(quoted(text)); a time such as 15s, 3m, 2h or 90d is expected")
            return nil
        }
        guard range.contains(duration) else {
            error(
                "E005", at: node.position,
                "\(what) is \(text); \(range.lowerBound.words) to \(range.upperBound.words) is expected")
            return nil
        }
        return duration
    }

    /// The elements of a list; one text stands for a list of one.
    public func list(_ node: YAMLNode?, _ what: FindingText) -> [YAMLNode]? {
        guard let node else { return nil }
        switch node.content {
        case .sequence(let nodes): return nodes
        case .scalar(let text) where !text.isEmpty: return [node]
        case .scalar, .mapping:
            error("E005", at: node.position, "\(what) is \(node.kind); a list is expected")
            return nil
        }
    }
}

extension Duration {
    /// `15s`, `3m`, `2h`, `90d`; nil for anything else.
    public init?(words: String) {
        guard let unit = words.last, words.count <= 7, let number = Int(words.dropLast()), number >= 0,
            words.first?.isNumber == true
        else { return nil }
        switch unit {
        case "s": self = .seconds(number)
        case "m": self = .seconds(number * 60)
        case "h": self = .seconds(number * 3_600)
        case "d": self = .seconds(number * 86_400)
        default: return nil
        }
    }

    /// The largest unit that tells it exactly.
    public var words: String {
        let seconds = components.seconds
        if seconds > 0, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        if seconds > 0, seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds > 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
