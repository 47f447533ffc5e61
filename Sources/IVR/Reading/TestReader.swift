// `tests:`

import YAML

struct TestReader {
    let log: FindingLog
    let zone: LocalZone

    func read(_ node: YAMLNode?) -> [HotlineTest] {
        guard let node else { return [] }
        switch node.content {
        case .sequence(let nodes): return nodes.compactMap(test)
        case .scalar, .mapping:
            log.error("E005", at: node.position, "'tests' is \(node.kind); a list of tests is expected")
            return []
        }
    }

    private func test(_ node: YAMLNode) -> HotlineTest? {
        let reader = SectionReader(node, LanguageTable.test, "a test", log: log)
        guard reader.isMapping else { return nil }
        let name = log.text(reader.node("test"), "the name of a test") ?? "?"
        var test = HotlineTest(name: name, position: node.position, from: "+48600000000")
        test.at = readTime(reader.node("at"))
        if let from = reader.node("from"), let written = log.text(from, .name("'from'")) {
            test.from = written == "anonymous" ? nil : PhoneNumber.normalised(written)
            if test.from == nil, written != "anonymous" {
                log.error("E005", at: from.position, "\(quoted(written)) is no telephone number and not 'anonymous'")
            }
        }
        if let given = reader.node("given") { readGiven(given, &test) }
        test.script = reader.list("caller").compactMap(act)
        test.expectations = reader.list("expect").compactMap { element in
            log.text(element, "an expectation").map { HotlineTest.Expectation(text: $0, position: element.position) }
        }
        reader.finish()
        return test
    }

    private func readTime(_ node: YAMLNode?) -> LocalTime? {
        guard let node, let text = log.text(node, .name("'at'")) else { return nil }
        guard let time = LocalTime(text) else {
            log.error("E005", at: node.position, "\(quoted(text)) is no local time", hint: "2026-02-03 10:15")
            return nil
        }
        if zone.moment(of: time).isSkipped {
            log.warning("W081", at: node.position, "\(text) does not exist in \(zone.identifier): the clocks skip it")
        }
        return time
    }

    /// `{ wait konsultanci: 20m, nobody druga-linia: yes, value saldo: "12.50", failed dalej: yes }`
    private func readGiven(_ node: YAMLNode, _ test: inout HotlineTest) {
        for entry in MappingReader(node, .name("'given'"), log: log).all {
            let words = entry.key.split(separator: " ").map(String.init)
            guard words.count == 2 else {
                log.error("E005", at: entry.keyPosition, "\(quoted(entry.key)) is no load", hint: "wait QUEUE: 20m")
                continue
            }
            let name = Reference(name: words[1], position: entry.keyPosition)
            switch words[0] {
            case "value": log.text(entry.value, .name("'value'")).map { test.answers[name] = $0 }
            case "failed": if flag(entry.value, .name("'failed'")) { test.failing.insert(name) }
            default: readLoad(words[0], name, entry, &test)
            }
        }
    }

    private func readLoad(_ word: String, _ name: Reference, _ entry: YAMLEntry, _ test: inout HotlineTest) {
        var load = test.loads[name.name, default: HotlineTest.Load(position: name.position)]
        let what: FindingText = "'\(word)'"
        switch word {
        case "wait": load.wait = log.duration(entry.value, what, in: .zero ... .seconds(86_400))
        case "ahead": load.ahead = log.integer(entry.value, what, in: 0...10_000) ?? 0
        case "nobody": load.hasNobody = flag(entry.value, what)
        case "full": load.isFull = flag(entry.value, what)
        default:
            let known = ["wait", "ahead", "nobody", "full", "value", "failed"]
            log.error(
                "E002", at: entry.keyPosition,
                "there is no load \(quoted(word)); \(known.joined(separator: ", ")) are",
                hint: Similarity.hint(for: word, among: known))
        }
        test.loads[name.name] = load
    }

    private func flag(_ node: YAMLNode, _ what: FindingText) -> Bool {
        log.flag(node, what, yes: "yes", no: "no") ?? false
    }

    private func act(_ node: YAMLNode) -> HotlineTest.Act? {
        guard let text = log.text(node, "an act of the caller") else { return nil }
        switch text {
        case "silence": return .silence
        case "talk": return .talk
        case "hang up": return .hangUp
        default:
            let keys = text.dropFirst("press ".count)
            if text.hasPrefix("press "), !keys.isEmpty, keys.allSatisfy({ $0.isASCIIDigit || $0 == "*" || $0 == "#" }) {
                return .press(String(keys))
            }
            let known = ["press 1", "silence", "talk", "hang up"]
            log.error(
                "E005", at: node.position,
                "\(quoted(text)) is nothing a caller does (press KEYS, silence, talk, hang up)",
                hint: Similarity.hint(for: text, among: known))
            return nil
        }
    }
}
