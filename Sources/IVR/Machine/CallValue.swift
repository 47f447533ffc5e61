// What a call has learnt from its caller or from outside. A secret is never printed.

/// The value of a variable.
public struct CallValue: Sendable, Hashable {
    public let text: String
    /// Typed at an `ask` with `secret: yes`: for comparing and sending only.
    public let isSecret: Bool

    public init(_ text: String, isSecret: Bool = false) {
        self.text = text
        self.isSecret = isSecret
    }
}

extension CallValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { isSecret ? "•••" : text }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["text": description]) }
}

/// Digits that a caller has typed so far. Printed they are only counted: nobody knows yet what they will be.
struct TypedDigits: Sendable, Hashable {
    private(set) var text = ""

    init(_ text: String = "") { self.text = text }

    var count: Int { text.count }
    var isEmpty: Bool { text.isEmpty }

    mutating func append(_ digit: Character) { text.append(digit) }

    mutating func removeFirst() -> Character { text.removeFirst() }
}

extension TypedDigits: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "\(count) digits" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
