// `queues:`

import YAML

struct QueueReader {
    let log: FindingLog
    let languages: [String]
    let surroundings: Surroundings

    /// What other systems call the strategies.
    private static let elsewhere = [
        "ringall": "ring-all", "simultaneous": "ring-all", "rrmemory": "round-robin", "rrordered": "round-robin",
        "roundrobin": "round-robin", "leastrecent": "longest-idle", "longest-idle-agent": "longest-idle",
        "fewestcalls": "fewest-calls", "agent-with-fewest-calls": "fewest-calls",
        "agent-with-least-talk-time": "least-talk", "top-down": "linear", "sequentially-by-agent-order": "linear",
        "wrandom": "random",
    ]

    func read(_ entry: YAMLEntry) -> QueueSettings? {
        let what: FindingText = "queue \(quoted(entry.key))"
        let reader = SectionReader(entry.value, LanguageTable.queue, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        let music = reader.text("music")
        if let music, let node = reader.node("music") {
            surroundings.check(music, longest: nil, at: node.position, log)
        }
        let overflow = reader.list("overflow").compactMap { readOverflow($0, what) }
        let (strategy, priority) = (readStrategy(reader), reader.integer("priority") ?? 0)
        let queue = QueueSettings(
            name: entry.key, agents: reader.name("agents") ?? "", strategy: strategy,
            ring: reader.duration("ring") ?? .seconds(20), wrapUp: reader.duration("wrap_up") ?? .seconds(30),
            onNoAnswer: reader.word("on_no_answer") ?? .pause, maxWait: reader.duration("max_wait"),
            maxWaiting: reader.integer("max_waiting"), target: readTarget(reader.node("target"), what),
            shortAbandon: reader.duration("short_abandon") ?? .seconds(5), music: music,
            reducesNoise: reader.flag("reduce_noise") ?? false, evensLevel: reader.flag("even_level") ?? false,
            priority: priority, raise: readRaise(reader, above: priority),
            lastAgent: readLastAgent(reader, strategy), announce: readAnnouncements(reader),
            agentsPosition: reader.node("agents")?.position ?? entry.keyPosition, skills: reader.skills("skills"),
            preferred: reader.skills("prefer"), relaxations: readRelaxations(reader),
            offer: readOffer(reader), overflow: overflow.sorted { $0.after < $1.after })
        check(queue, reader)
        return queue
    }

    private func check(_ queue: QueueSettings, _ reader: SectionReader) {
        let leadsAway = queue.overflow.contains { overflow in
            switch overflow.action {
            case .go: true
            case .also: false
            }
        }
        if !reader.has("max_wait"), !leadsAway {
            log.error(
                "E051", at: reader.position, "\(reader.what) has no 'max_wait'",
                hint: "without it a caller may wait for ever: max_wait: 10m")
        }
        if queue.ring >= queue.target.within, let node = reader.node("ring") ?? reader.node("target") {
            log.warning(
                "W052", at: node.position,
                "\(reader.what) rings \(queue.ring.words), so that the first unanswered offer alone misses "
                    + "\(queue.target.percent)% in \(queue.target.within.words)")
        }
    }

    private func readStrategy(_ reader: SectionReader) -> QueueStrategy {
        guard let node = reader.node("strategy"), let written = log.text(node, "the strategy") else {
            return .longestIdle
        }
        if let strategy = QueueStrategy(rawValue: written) { return strategy }
        let hint: FindingText? =
            Self.elsewhere[written.lowercased().replacing("_", with: "-")].map { "it is called '\($0)' here" }
            ?? Similarity.hint(for: written, among: QueueStrategy.words)
            ?? "the strategies are \(QueueStrategy.words.joined(separator: ", "))"
        log.error("E050", at: node.position, "there is no strategy \(quoted(written))", hint: hint)
        return .longestIdle
    }

    private func readRelaxations(_ queue: SectionReader) -> [QueueSettings.Relaxation] {
        queue.list("relax").compactMap { node in
            let reader = SectionReader(node, LanguageTable.relaxation, queue.named("relax"), log: log)
            guard reader.isMapping else { return nil }
            defer { reader.finish() }
            return QueueSettings.Relaxation(
                after: reader.duration("after") ?? .seconds(60), skills: reader.skills("skills"))
        }.sorted { $0.after < $1.after }
    }

    private func readRaise(_ queue: SectionReader, above priority: Int) -> QueueSettings.Raise? {
        guard let node = queue.node("raise") else { return nil }
        let reader = SectionReader(node, LanguageTable.raise, queue.named("raise"), log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        let raise = QueueSettings.Raise(
            every: reader.duration("every") ?? .seconds(60), to: reader.integer("to") ?? 9)
        if raise.to <= priority {
            log.error(
                "E005", at: reader.node("to")?.position ?? reader.position,
                "\(queue.what) has the priority \(priority) already, so that it never grows")
        }
        return raise
    }

    private func readLastAgent(_ queue: SectionReader, _ strategy: QueueStrategy) -> QueueSettings.LastAgent? {
        guard let node = queue.node("last_agent") else { return nil }
        let reader = SectionReader(node, LanguageTable.lastAgent, queue.named("last_agent"), log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        if strategy == .ringAll {
            log.error(
                "E005", at: reader.position, "\(queue.what) rings all at once, so that nobody can be asked first",
                hint: "take 'last_agent' or the strategy out")
        }
        return QueueSettings.LastAgent(
            within: reader.duration("within") ?? .seconds(LanguageTable.day), wait: reader.duration("wait") ?? .zero)
    }

    private func readOffer(_ queue: SectionReader) -> QueueSettings.Offer? {
        guard let node = queue.node("offer") else { return nil }
        let reader = SectionReader(node, LanguageTable.offer, queue.named("offer"), log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        return QueueSettings.Offer(
            after: reader.duration("after") ?? .seconds(60), say: reader.reference("say"),
            keys: KeyReader(log: log, languages: languages).read(reader.node("keys"), reader.what, single: true))
    }

    private func readOverflow(_ node: YAMLNode, _ queue: FindingText) -> QueueSettings.Overflow? {
        let reader = SectionReader(node, LanguageTable.overflow, "an overflow of \(queue)", log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        let after = reader.duration("after") ?? .seconds(180)
        let also = reader.reference("also").map { QueueSettings.Overflow.Action.also($0) }
        let go = reader.exit("go").map { QueueSettings.Overflow.Action.go($0) }
        return (also ?? go).map { QueueSettings.Overflow(after: after, action: $0) }
    }

    /// `80% in 20s`
    private func readTarget(_ node: YAMLNode?, _ what: FindingText) -> QueueSettings.ServiceTarget {
        let usual = QueueSettings.ServiceTarget(percent: 80, within: .seconds(20))
        guard let node, let text = log.text(node, "the target of \(what)") else { return usual }
        let words = text.split(separator: " ")
        guard words.count == 3, words[1] == "in", words[0].hasSuffix("%"), let percent = Int(words[0].dropLast()),
            (1...100).contains(percent), let within = Duration(words: String(words[2])), within > .zero
        else {
            log.error(
                "E005", at: node.position, "the target of \(what) is \(quoted(text)); '80% in 20s' is expected")
            return usual
        }
        return QueueSettings.ServiceTarget(percent: percent, within: within)
    }

    private func readAnnouncements(_ queue: SectionReader) -> QueueSettings.Announcements? {
        guard let node = queue.node("announce") else { return nil }
        let reader = SectionReader(node, LanguageTable.announce, queue.named("announce"), log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        return QueueSettings.Announcements(
            first: reader.duration("first") ?? .seconds(10), every: reader.duration("every"),
            prompts: reader.references("say"))
    }
}
