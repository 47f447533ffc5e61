// A YAML value with its place. Scalars keep the text that was written: types come from the reader, never from YAML.

/// A scalar, a list or a mapping.
public struct YAMLNode: Sendable {
    public enum Content: Sendable {
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    public let content: Content
    public let position: Position

    public init(content: Content, position: Position) {
        self.content = content
        self.position = position
    }

    /// The text of a scalar.
    public var text: String? {
        switch content {
        case .scalar(let text): text
        case .sequence, .mapping: nil
        }
    }

    /// What a message calls it.
    public var kind: FindingText {
        switch content {
        case .scalar(let text): text.isEmpty ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// One `key: value` of a mapping, in the order of the file. Keys are unique within a mapping.
public struct YAMLEntry: Sendable {
    public let key: String
    public let keyPosition: Position
    public let value: YAMLNode

    public init(key: String, keyPosition: Position, value: YAMLNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.value = value
    }
}
