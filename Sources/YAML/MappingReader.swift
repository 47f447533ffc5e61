// Reads a mapping key by key and reports the keys that nobody asked for.

/// One mapping being read. Ask for the keys you know, then call `finish`.
public final class MappingReader {
    /// What messages call it: `queue 'konsultanci'`.
    public let what: String
    public let position: Position
    public let log: FindingLog
    /// False when the node was no mapping (already reported).
    public let isMapping: Bool
    private let entries: [YAMLEntry]
    private var known: Set<String> = []

    /// Anything but a mapping is reported (E005) and read as an empty one. Missing keys are reported at `position`, the
    /// node's own unless another is given.
    public init(_ node: YAMLNode, _ what: String, at position: Position? = nil, log: FindingLog) {
        self.what = what
        self.log = log
        self.position = position ?? node.position
        switch node.content {
        case .mapping(let entries):
            self.entries = entries
            isMapping = true
        case .scalar, .sequence:
            entries = []
            isMapping = false
            log.error("E005", at: node.position, "\(what) is \(node.kind); a mapping (key: value) is expected")
        }
    }

    /// The keys that are there, in the order of the file.
    public var keys: [String] { entries.map(\.key) }

    public func entry(_ key: String) -> YAMLEntry? {
        known.insert(key)
        return entries.first { $0.key == key }
    }

    public func node(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// The value of a key that must be there (E004, or the code given).
    public func required(_ key: String, code: String = "E004", hint: String? = nil) -> YAMLNode? {
        let node = node(key)
        if node == nil, isMapping { log.error(code, at: position, "\(what) has no '\(key)'", hint: hint) }
        return node
    }

    /// All entries, for mappings whose keys are names.
    public var all: [YAMLEntry] {
        known.formUnion(entries.map(\.key))
        return entries
    }

    /// Reports the keys that were not asked for: E009 when they are announced for later, else E002 with a hint.
    public func finish(later: Set<String> = []) {
        for entry in entries where !known.contains(entry.key) {
            if later.contains(entry.key) {
                log.error("E009", at: entry.keyPosition, "\(quoted(entry.key)) in \(what) is not supported yet")
            } else {
                log.error(
                    "E002", at: entry.keyPosition, "\(what) has no option \(quoted(entry.key))",
                    hint: Similarity.hint(for: entry.key, among: known))
            }
        }
    }
}
