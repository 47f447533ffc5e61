// Reads one mapping of the language by its shape.

import YAML

/// Ask for the keys by name; types, limits and what is missing come from the table. Then call `finish`.
struct SectionReader {
    let shape: Shape
    let mapping: MappingReader

    init(_ node: YAMLNode, _ shape: Shape, _ what: FindingText, at position: Position? = nil, log: FindingLog) {
        self.shape = shape
        mapping = MappingReader(node, what, at: position, allowing: shape.names, log: log)
    }

    var log: FindingLog { mapping.log }
    var what: FindingText { mapping.what }
    var position: Position { mapping.position }
    var isMapping: Bool { mapping.isMapping }

    func has(_ key: String) -> Bool { mapping.keys.contains(key) }

    func finish() {
        if isMapping, !shape.exactlyOne.isEmpty, shape.exactlyOne.count(where: has) != 1 {
            log.error("E004", at: position, "\(what) needs exactly one of \(listed(shape.exactlyOne))")
        }
        if isMapping, !shape.atLeastOne.isEmpty, !shape.atLeastOne.contains(where: has) {
            log.error("E004", at: position, "\(what) needs at least one of \(listed(shape.atLeastOne))")
        }
        mapping.finish()
    }

    private func listed(_ keys: [String]) -> String { keys.map { "'\($0)'" }.joined(separator: ", ") }

    /// What stands at a key; reports a missing one that must be there.
    func node(_ name: String) -> YAMLNode? {
        let key = shape.key(name)
        guard let code = key.missing else { return mapping.node(name) }
        return mapping.required(name, code: code, hint: key.hint)
    }

    func named(_ key: String) -> FindingText { "'\(key)' of \(what)" }

    func text(_ key: String) -> String? { log.text(node(key), named(key)) }

    func name(_ key: String) -> String? { log.name(node(key), named(key)) }

    func duration(_ key: String) -> Duration? {
        guard case .duration(let range) = shape.key(key).value else { preconditionFailure("'\(key)' is no time") }
        return log.duration(node(key), named(key), in: range)
    }

    func integer(_ key: String) -> Int? {
        guard case .integer(let range) = shape.key(key).value else { preconditionFailure("'\(key)' is no number") }
        return log.integer(node(key), named(key), in: range)
    }

    func flag(_ key: String) -> Bool? {
        guard case .flag(let yes, let no) = shape.key(key).value else { preconditionFailure("'\(key)' is no flag") }
        return log.flag(node(key), named(key), yes: yes, no: no)
    }

    func word<Word: RawRepresentable & CaseIterable>(_ key: String) -> Word? where Word.RawValue == String {
        log.choice(node(key), named(key), Self.words(Word.self))
    }

    func words<Word: RawRepresentable & CaseIterable>(_ key: String) -> [Word]? where Word.RawValue == String {
        log.list(node(key), named(key))?.compactMap { log.choice($0, named(key), Self.words(Word.self)) }
    }

    private static func words<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> [String: Word]
    where Word.RawValue == String {
        Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, $0) })
    }

    /// The elements of a list; one stands for a list of one.
    func list(_ key: String) -> [YAMLNode] { log.list(node(key), named(key)) ?? [] }

    /// A name where one is expected.
    func reference(_ key: String) -> Reference? {
        let found = references(key)
        if found.count > 1, let node = mapping.node(key) {
            log.error("E005", at: node.position, "\(named(key)) is a list; one name is expected")
        }
        return found.first
    }

    func references(_ key: String) -> [Reference] {
        list(key).compactMap { node in
            log.text(node, named(key)).map { Reference(name: $0, position: node.position) }
        }
    }

    /// Names that no other section defines.
    func names(_ key: String) -> [Reference] {
        list(key).compactMap { node in
            log.name(node, named(key)).map { Reference(name: $0, position: node.position) }
        }
    }

    func skills(_ key: String) -> [SkillReference] {
        list(key).compactMap { node in
            guard let written = log.text(node, named(key)) else { return nil }
            if let skill = SkillLevel(words: written) { return SkillReference(skill: skill, position: node.position) }
            log.error(
                "E005", at: node.position, "\(quoted(written)) is no skill",
                hint: "a name of letters, digits, - and _, and if wanted the lowest level, 1 to 9: permits 3")
            return nil
        }
    }

    func exit(_ key: String) -> Exit? {
        guard let node = node(key), let step = log.text(node, named(key)) else { return nil }
        return Exit(step: step, position: node.position)
    }

    func language(_ key: String, among languages: [String]) -> String? {
        guard let node = node(key), let language = log.text(node, named(key)) else { return nil }
        if languages.contains(language) { return language }
        log.error(
            "E005", at: node.position,
            "\(quoted(language)) is not one of the hotline's languages (\(languages.joined(separator: ", ")))")
        return nil
    }
}
