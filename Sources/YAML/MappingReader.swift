// Reads a mapping key by key and reports the keys that nobody asked for.

/// One mapping being read. Ask for the keys you know, then call `finish`.
public final class MappingReader {
    /// What messages call it: `queue 'konsultanci'`.
    public let what: FindingText
    public let position: Position
    public let log: FindingLog
    /// False when the node was no mapping (already reported).
    public let isMapping: Bool
    private let entries: [YAMLEntry]
    private let allowed: Set<String>?
    private var known: Set<String> = []

    /// Anything but a mapping is reported (E005) and read as an empty one. Missing keys are reported at `position`, the
    /// node's own unless another is given. With `allowing` these keys may be asked for and no others: so a table of the
    /// keys, from which other things are made, is true.
    public init(
        _ node: YAMLNode, _ what: FindingText, at position: Position? = nil, allowing allowed: Set<String>? = nil,
        log: FindingLog
    ) {
        self.what = what
        self.allowed = allowed
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
        assert(allowed?.contains(key) ?? true, "the table of \(what.text(in: .en)) does not have '\(key)'")
        known.insert(key)
        return entries.first { $0.key == key }
    }

    public func node(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// The value of a key that must be there (E004, or the code given).
    public func required(_ key: String, code: String = "E004", hint: FindingText? = nil) -> YAMLNode? {
        let node = node(key)
        if node == nil, isMapping { log.error(code, at: position, "\(what) has no '\(key)'", hint: hint) }
        return node
    }

    /// All entries, for mappings whose keys are names.
    public var all: [YAMLEntry] {
        known.formUnion(entries.map(\.key))
        return entries
    }

    /// Reports the keys that were not asked for (E002), with the nearest one that could have been meant.
    public func finish() {
        for entry in entries where !known.contains(entry.key) {
            log.error(
                "E002", at: entry.keyPosition, "\(what) has no option \(quoted(entry.key))",
                hint: Similarity.hint(for: entry.key, among: allowed ?? known))
        }
    }
}
