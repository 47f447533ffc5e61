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
        let reader = MappingReader(node, "a test", log: log)
        guard reader.isMapping else { return nil }
        let name = log.text(reader.required("test"), "the name of a test") ?? "?"
        var test = HotlineTest(name: name, position: node.position, from: "+48600000000")
        test.at = readTime(reader.node("at"))
        if let from = reader.node("from"), let written = log.text(from, "'from'") {
            test.from = written == "anonymous" ? nil : PhoneNumber.normalised(written)
            if test.from == nil, written != "anonymous" {
                log.error("E005", at: from.position, "\(quoted(written)) is no telephone number and not 'anonymous'")
            }
        }
        if let given = reader.node("given") { test.loads = readLoads(given) }
        test.script = (log.list(reader.node("caller"), "'caller'") ?? []).compactMap(act)
        test.expectations = (log.list(reader.required("expect"), "'expect'") ?? []).compactMap { element in
            log.text(element, "an expectation").map { HotlineTest.Expectation(text: $0, position: element.position) }
        }
        reader.finish()
        return test
    }

    private func readTime(_ node: YAMLNode?) -> LocalTime? {
        guard let node, let text = log.text(node, "'at'") else { return nil }
        guard let time = LocalTime(text) else {
            log.error("E005", at: node.position, "\(quoted(text)) is no local time", hint: "2026-02-03 10:15")
            return nil
        }
        if zone.moment(of: time).isSkipped {
            log.warning("W081", at: node.position, "\(text) does not exist in \(zone.identifier): the clocks skip it")
        }
        return time
    }

    /// `{ wait konsultanci: 20m, ahead konsultanci: 3, nobody druga-linia: yes }`
    private func readLoads(_ node: YAMLNode) -> [String: HotlineTest.Load] {
        var loads: [String: HotlineTest.Load] = [:]
        for entry in MappingReader(node, "'given'", log: log).all {
            let words = entry.key.split(separator: " ").map(String.init)
            guard words.count == 2 else {
                log.error("E005", at: entry.keyPosition, "\(quoted(entry.key)) is no load", hint: "wait QUEUE: 20m")
                continue
            }
            var load = loads[words[1], default: HotlineTest.Load(position: entry.keyPosition)]
            let what = "'\(words[0])'"
            switch words[0] {
            case "wait": load.wait = log.duration(entry.value, what, in: .zero ... .seconds(86_400))
            case "ahead": load.ahead = log.integer(entry.value, what, in: 0...10_000) ?? 0
            case "nobody": load.hasNobody = log.flag(entry.value, what, yes: "yes", no: "no") ?? false
            case "full": load.isFull = log.flag(entry.value, what, yes: "yes", no: "no") ?? false
            default:
                log.error(
                    "E002", at: entry.keyPosition,
                    "there is no load \(quoted(words[0])); wait, ahead, nobody, full are",
                    hint: Similarity.hint(for: words[0], among: ["wait", "ahead", "nobody", "full"]))
            }
            loads[words[1]] = load
        }
        return loads
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
