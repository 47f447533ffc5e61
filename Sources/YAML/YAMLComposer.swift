// Events → nodes, by strict rules: every duplicate key is reported; anchors, aliases, tags and tabs are refused.

/// Composes one document. Findings: E001 not YAML, E003 a key given twice, E006 over a limit, E007 refused YAML feature.
public struct YAMLComposer {
    /// A file larger than this is not a configuration.
    public static let maximumBytes = 1 << 20
    public static let maximumNodes = 10_000
    public static let maximumDepth = 20
    /// The longest text is a minute of speech; this is ten times as much.
    public static let maximumTextBytes = 16_384

    private let events: YAMLEvents
    private let log: FindingLog
    private var nodes = 0

    /// Composition cannot go on; the reason is in the log.
    private struct Stopped: Error {}

    /// The root node, or nil when the text cannot be composed. The log holds all that was found, even with a root.
    public static func compose(_ text: String, file: String) -> (root: YAMLNode?, log: FindingLog) {
        guard text.utf8.count <= maximumBytes else {
            let log = FindingLog(source: SourceText(file: file, text: ""))
            log.error("E006", at: .start, "the file is larger than \(maximumBytes) bytes")
            return (nil, log)
        }
        let source = SourceText(file: file, text: text)
        let log = FindingLog(source: source)
        var composer = YAMLComposer(events: YAMLEvents(withoutTabs(source, log)), log: log)
        do {
            return (try composer.document(), log)
        } catch {
            return (nil, log)
        }
    }

    private init(events: YAMLEvents, log: FindingLog) {
        self.events = events
        self.log = log
    }

    /// Reports tabs, once a line, and puts a space in place of each so that reading can go on.
    private static func withoutTabs(_ source: SourceText, _ log: FindingLog) -> [UInt8] {
        let tab = UInt8(ascii: "\t")
        var bytes = Array(source.text.utf8)
        guard bytes.contains(tab) else { return bytes }
        var scalar = 0
        var lastLine = 0
        for index in bytes.indices {
            if bytes[index] == tab {
                bytes[index] = UInt8(ascii: " ")
                let position = source.position(scalar: scalar)
                if position.line != lastLine {
                    log.error("E001", at: position, "a tab; the file is indented with spaces")
                    lastLine = position.line
                }
            }
            if bytes[index] & 0xC0 != 0x80 { scalar += 1 }
        }
        return bytes
    }

    private mutating func document() throws(Stopped) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event.kind {
            case .streamStart, .documentEnd: continue
            case .streamEnd:
                if root == nil { log.error("E001", at: .start, "the file is empty") }
                return root
            case .documentStart(let hasDirectives):
                if root != nil { throw stop("E001", event, "a second document; a file holds one") }
                if hasDirectives { log.error("E007", at: position(event), "directives (lines with %) are not used") }
                root = try node(try next(), depth: 1)
            case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
                throw stop("E001", event, "text outside of the document")
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(Stopped) -> YAMLNode {
        try admit(event, depth: depth)
        let position = position(event)
        switch event.kind {
        case .scalar(let text):
            guard text.utf8.count <= Self.maximumTextBytes else {
                throw stop("E006", event, "one text of more than \(Self.maximumTextBytes) bytes")
            }
            return YAMLNode(content: .scalar(text), position: position)
        case .alias: return YAMLNode(content: .scalar(""), position: position)
        case .sequenceStart:
            var elements: [YAMLNode] = []
            while true {
                let next = try next()
                if case .sequenceEnd = next.kind { break }
                elements.append(try node(next, depth: depth + 1))
            }
            return YAMLNode(content: .sequence(elements), position: position)
        case .mappingStart: return YAMLNode(content: .mapping(try entries(depth: depth)), position: position)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw stop("E001", event, "a value is missing")
        }
    }

    private mutating func entries(depth: Int) throws(Stopped) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return entries }
            let key = try node(event, depth: depth + 1)
            let value = try node(try next(), depth: depth + 1)
            guard let text = key.text else {
                log.error("E001", at: key.position, "a key is \(key.kind); keys are plain words")
                continue
            }
            if let line = lines[text] {
                log.error("E003", at: key.position, "\(quoted(text)) is given twice; the first one is on line \(line)")
                continue
            }
            lines[text] = key.position.line
            entries.append(YAMLEntry(key: text, keyPosition: key.position, value: value))
        }
    }

    /// Refuses what the files never need, and stops at the limits.
    private mutating func admit(_ event: YAMLEvent, depth: Int) throws(Stopped) {
        nodes += 1
        guard nodes <= Self.maximumNodes else {
            throw stop("E006", event, "more than \(Self.maximumNodes) values in one file")
        }
        guard depth <= Self.maximumDepth else {
            throw stop("E006", event, "nested more than \(Self.maximumDepth) deep")
        }
        if case .alias(let name) = event.kind {
            log.error(
                "E007", at: position(event), "an alias (*\(name)); aliases are not used",
                hint: "a star that is meant as a star is written in quotes")
        }
        if let anchor = event.anchor {
            log.error("E007", at: position(event), "an anchor (&\(anchor)); anchors are not used")
        }
        if let tag = event.tag { log.error("E007", at: position(event), "a tag (\(tag)); tags are not used") }
    }

    private func next() throws(Stopped) -> YAMLEvent {
        do {
            return try events.next()
        } catch {
            let position =
                switch error.place {
                case .scalar(let index): log.source.position(scalar: index)
                case .byte(let offset): log.source.position(byte: offset)
                }
            log.error("E001", at: position, "not YAML: \(error.message)")
            throw Stopped()
        }
    }

    private func stop(_ code: String, _ event: YAMLEvent, _ message: FindingText) -> Stopped {
        log.error(code, at: position(event), message)
        return Stopped()
    }

    private func position(_ event: YAMLEvent) -> Position { log.source.position(scalar: event.index) }
}
