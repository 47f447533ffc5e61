// `lookup` steps.

import YAML

struct LookupReader {
    let log: FindingLog

    func read(_ reader: SectionReader) -> LookupStep {
        var into: [String] = []
        for node in reader.list("into") {
            guard let name = log.variable(node, reader.named("into")) else { continue }
            if into.contains(name) {
                log.error("E003", at: node.position, "\(quoted(name)) is given twice")
            } else {
                into.append(name)
            }
        }
        return LookupStep(
            address: address(reader), send: reader.names("send"), into: into,
            within: reader.duration("within") ?? .seconds(5), then: reader.exit("then"), failed: reader.exit("failed"))
    }

    /// Values may stand only after the host: where the question goes is the file's decision.
    private func address(_ reader: SectionReader) -> Template? {
        guard let node = reader.node("lookup"), let text = log.text(node, reader.named("lookup")) else { return nil }
        let scheme = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }
        let host = text.dropFirst(scheme?.count ?? 0).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isHost =
            !host.isEmpty && host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }
        let isPlain = text.utf8.count <= 2_000 && text.allSatisfy { $0.isASCII && !$0.isWhitespace || $0.isLetter }
        guard scheme != nil, isHost, isPlain else {
            log.error(
                "E005", at: node.position, "\(quoted(text)) is no address of an outside system",
                hint: "https://example.org/status?number={number}, with values only after the host")
            return nil
        }
        let template = Template(text, at: node.position)
        for case .unknown(let name) in template.pieces {
            log.error("E026", at: node.position, "{\(name)} in \(reader.named("lookup")) is no value")
        }
        for value in template.values where value.form != .plain {
            log.error(
                "E026", at: node.position, "{\(value.text)} is a way of speaking; an address takes {\(value.name)}")
        }
        return template
    }
}
