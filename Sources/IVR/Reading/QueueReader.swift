// `queues:`

import YAML

struct QueueReader {
    let log: FindingLog
    let surroundings: Surroundings

    private static let later = [
        "ring-all", "linear", "round-robin", "random", "fewest-calls", "least-talk", "skills",
    ]
    /// What other systems call the strategies.
    private static let elsewhere = [
        "ringall": "ring-all", "rrmemory": "round-robin", "rrordered": "round-robin", "leastrecent": "longest-idle",
        "longest-idle-agent": "longest-idle", "fewestcalls": "fewest-calls", "top-down": "linear",
    ]

    func read(_ entry: YAMLEntry) -> QueueSettings? {
        let what = "queue \(quoted(entry.key))"
        let reader = MappingReader(entry.value, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        readStrategy(reader.node("strategy"))
        let minutes = Duration.seconds(5)...Duration.seconds(600)
        let noAnswer: [String: QueueSettings.NoAnswer] = ["pause": .pause, "next": .next]
        let music = log.text(reader.node("music"), "the music of \(what)")
        if let music, let node = reader.node("music") { surroundings.check(music, at: node.position, log) }
        let queue = QueueSettings(
            name: entry.key,
            agents: log.name(reader.required("agents"), "the agents of \(what)") ?? "",
            ring: log.duration(reader.node("ring"), "'ring' of \(what)", in: minutes) ?? .seconds(20),
            wrapUp: log.duration(
                reader.node("wrap_up"), "'wrap_up' of \(what)", in: .zero ... .seconds(3_600)) ?? .seconds(30),
            onNoAnswer: log.choice(reader.node("on_no_answer"), "'on_no_answer' of \(what)", noAnswer) ?? .pause,
            maxWait: log.duration(
                reader.required("max_wait", code: "E051", hint: "without it a caller may wait for ever: max_wait: 10m"),
                "'max_wait' of \(what)", in: .seconds(5) ... .seconds(14_400)),
            maxWaiting: log.integer(reader.node("max_waiting"), "'max_waiting' of \(what)", in: 1...10_000),
            target: readTarget(reader.node("target"), what),
            shortAbandon: log.duration(
                reader.node("short_abandon"), "'short_abandon' of \(what)", in: .zero ... .seconds(60)) ?? .seconds(5),
            music: music,
            priority: log.integer(reader.node("priority"), "'priority' of \(what)", in: 0...9) ?? 0,
            skills: (log.list(reader.node("skills"), "the skills of \(what)") ?? []).compactMap {
                log.name($0, "a skill of \(what)")
            },
            announce: readAnnouncements(reader.node("announce"), what))
        if queue.ring >= queue.target.within, let node = reader.node("ring") ?? reader.node("target") {
            log.warning(
                "W052", at: node.position,
                "\(what) rings \(queue.ring.words), so that the first unanswered offer alone misses "
                    + "\(queue.target.percent)% in \(queue.target.within.words)")
        }
        reader.finish(later: ["offer", "overflow"])
        return queue
    }

    private func readStrategy(_ node: YAMLNode?) {
        guard let node, let strategy = log.text(node, "the strategy"), strategy != "longest-idle" else { return }
        if Self.later.contains(strategy) {
            log.error(
                "E009", at: node.position, "strategy \(quoted(strategy)) is not supported yet; longest-idle is")
            return
        }
        let hint =
            Self.elsewhere[strategy].map { "it is called '\($0)' here" }
            ?? Similarity.hint(for: strategy, among: Self.later + ["longest-idle"])
        log.error("E050", at: node.position, "there is no strategy \(quoted(strategy))", hint: hint)
    }

    /// `80% in 20s`
    private func readTarget(_ node: YAMLNode?, _ what: String) -> QueueSettings.ServiceTarget {
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

    private func readAnnouncements(_ node: YAMLNode?, _ what: String) -> QueueSettings.Announcements? {
        guard let node else { return nil }
        let name = "'announce' of \(what)"
        let reader = MappingReader(node, name, log: log)
        guard reader.isMapping else { return nil }
        let pause = Duration.seconds(5)...Duration.seconds(3_600)
        let announcements = QueueSettings.Announcements(
            first: log.duration(reader.node("first"), "'first' of \(name)", in: .seconds(1) ... .seconds(3_600))
                ?? .seconds(10),
            every: log.duration(reader.node("every"), "'every' of \(name)", in: pause),
            prompts: (log.list(reader.required("say"), "'say' of \(name)") ?? []).compactMap { node in
                log.text(node, "a prompt").map { Reference(name: $0, position: node.position) }
            })
        reader.finish()
        return announcements
    }
}

/// `recording:`
struct RecordingReader {
    let log: FindingLog

    func read(_ node: YAMLNode?) -> RecordingPolicy {
        var policy = RecordingPolicy()
        guard let node else { return policy }
        let reader = MappingReader(node, "'recording'", log: log)
        policy.byDefault = log.flag(reader.node("default"), "'default' of 'recording'") ?? false
        policy.from = choice(reader, "from") ?? .answer
        policy.tracks = choice(reader, "tracks") ?? .stereo
        policy.export = choices(reader, "export") ?? policy.export
        policy.keep = log.duration(
            reader.node("keep"), "'keep' of 'recording'", in: .seconds(86_400) ... .seconds(86_400 * 3_650))
        policy.pause = choices(reader, "pause") ?? []
        reader.finish()
        return policy
    }

    private func words<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> [String: Word]
    where Word.RawValue == String {
        Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, $0) })
    }

    private func choice<Word: RawRepresentable & CaseIterable>(_ reader: MappingReader, _ key: String) -> Word?
    where Word.RawValue == String {
        log.choice(reader.node(key), "'\(key)' of 'recording'", words(Word.self))
    }

    private func choices<Word: RawRepresentable & CaseIterable>(_ reader: MappingReader, _ key: String) -> [Word]?
    where Word.RawValue == String {
        let what = "'\(key)' of 'recording'"
        return log.list(reader.node(key), what)?.compactMap { log.choice($0, what, words(Word.self)) }
    }
}
