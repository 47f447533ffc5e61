// `keys:` of menus, of queue steps and of offers.

import YAML

struct KeyReader {
    let log: FindingLog
    let languages: [String]

    /// With `single` a key is one digit: there nobody waits for a second.
    func read(_ node: YAMLNode?, _ what: FindingText, single: Bool = false) -> [MenuKey] {
        guard let node else { return [] }
        let reader = MappingReader(node, "'keys' of \(what)", log: log)
        if reader.isMapping, reader.keys.isEmpty {
            log.error("E004", at: reader.position, "\(what) has no key to press")
        }
        return reader.all.compactMap { key($0, what, single) }
    }

    private func key(_ entry: YAMLEntry, _ menu: FindingText, _ single: Bool) -> MenuKey? {
        let isKey =
            (1...(single ? 1 : 8)).contains(entry.key.count)
            && entry.key.allSatisfy { $0.isASCIIDigit || $0 == "*" || $0 == "#" }
        guard isKey else {
            let kind: FindingText = single ? "one of 0-9, \"*\", \"#\"" : .name("0-9, \"*\", \"#\"")
            log.error("E005", at: entry.keyPosition, "\(quoted(entry.key)) in \(menu) is no key (\(kind))")
            return nil
        }
        let what: FindingText = "key \(entry.key) of \(menu)"
        switch entry.value.content {
        case .scalar, .sequence:
            let step = log.text(entry.value, what)
            return MenuKey(
                digits: entry.key, position: entry.keyPosition,
                then: step.map { Exit(step: $0, position: entry.value.position) })
        case .mapping:
            let reader = SectionReader(entry.value, StepTable.key, what, at: entry.keyPosition, log: log)
            let key = MenuKey(
                digits: entry.key, position: entry.keyPosition, then: reader.exit("then"),
                language: reader.language("language", among: languages), record: reader.flag("record"),
                tag: reader.name("tag"))
            reader.finish()
            return key
        }
    }
}
