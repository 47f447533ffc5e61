// `steps:`

import YAML

struct StepReader {
    let log: FindingLog
    let languages: [String]

    var keys: KeyReader { KeyReader(log: log, languages: languages) }

    func read(_ entry: YAMLEntry) -> Step? {
        Step(name: entry.key, position: entry.keyPosition, kind: kind(entry, "step \(quoted(entry.key))"))
    }

    private func kind(_ entry: YAMLEntry, _ what: FindingText) -> StepKind {
        let mapping = MappingReader(entry.value, what, at: entry.keyPosition, log: log)
        guard mapping.isMapping else { return .unknown }
        let found = mapping.keys.filter { StepTable.words.contains($0) }
        guard let first = found.first else {
            let slip = mapping.all.first { Similarity.nearest(to: $0.key, among: StepTable.words) != nil }
            let kinds = StepTable.words.joined(separator: ", ")
            log.error(
                "E004", at: slip?.keyPosition ?? mapping.position, "\(what) has no kind (\(kinds))",
                hint: slip.flatMap { Similarity.hint(for: $0.key, among: StepTable.words) })
            return .unknown
        }
        // `say` is a kind, and an option of others: the kind is the one that may have all the others beside it.
        let shapes = found.compactMap(StepTable.shape(of:)).filter { shape in found.allSatisfy(shape.names.contains) }
        guard let shape = shapes.first else {
            let names = FindingText.both(found.map { "'\($0)'" })
            log.error("E002", at: mapping.position, "\(what) is \(names); a step is of one kind")
            return .unknown
        }
        let word = found.count == 1 ? first : shape.keys[0].name
        let reader = SectionReader(entry.value, shape, what, at: entry.keyPosition, log: log)
        defer { reader.finish() }
        return read(word, reader)
    }

    private func read(_ word: String, _ reader: SectionReader) -> StepKind {
        switch word {
        case "say": .say(say(reader))
        case "menu": .menu(menu(reader))
        case "ask": .ask(AskReader(log: log).read(reader))
        case "hours": .hours(hours(reader))
        case "when": .when(WhenReader(log: log).read(reader))
        case "queue": .queue(queue(reader))
        case "callback": .callback(callback(reader))
        case "voicemail": .voicemail(voicemail(reader))
        case "survey": .survey(SurveyReader(log: log).read(reader))
        case "transfer": .transfer(transfer(reader))
        case "lookup": .lookup(LookupReader(log: log).read(reader))
        case "hangup": .hangup(prompts: reader.references("hangup"))
        default: preconditionFailure("steps of kind '\(word)' are in the table and cannot be read")
        }
    }

    private func say(_ reader: SectionReader) -> SayStep {
        SayStep(
            prompts: reader.references("say"), interruptible: reader.flag("interruptible") ?? true,
            language: reader.language("language", among: languages), then: reader.exit("then"))
    }

    private func menu(_ reader: SectionReader) -> MenuStep {
        MenuStep(
            prompt: reader.reference("menu"), keys: keys.read(reader.node("keys"), reader.what),
            tries: reader.integer("tries") ?? 3, timeout: reader.duration("timeout") ?? .seconds(6),
            betweenKeys: reader.duration("between_keys") ?? .seconds(2), onSilence: reader.reference("on_silence"),
            onWrong: reader.reference("on_wrong"), otherwise: reader.exit("otherwise"))
    }

    private func hours(_ reader: SectionReader) -> HoursStep {
        HoursStep(
            calendar: reader.reference("hours"), open: reader.exit("open"), closed: reader.exit("closed"),
            holiday: reader.exit("holiday"))
    }

    private func queue(_ reader: SectionReader) -> QueueStep {
        QueueStep(
            queue: reader.reference("queue"), priority: reader.integer("priority"), skills: reader.skills("skills"),
            busy: busy(reader), full: reader.exit("full"), nobody: reader.exit("nobody"),
            timeout: reader.exit("timeout"), keys: keys.read(reader.node("keys"), reader.what, single: true),
            afterCall: reader.exit("after_call"))
    }

    private func busy(_ reader: SectionReader) -> QueueStep.Busy? {
        guard let node = reader.node("busy") else { return nil }
        let busy = SectionReader(node, StepTable.busy, reader.named("busy"), log: log)
        guard busy.isMapping else { return nil }
        defer { busy.finish() }
        return QueueStep.Busy(wait: busy.duration("wait") ?? .seconds(900), then: busy.exit("then"))
    }

    private func callback(_ reader: SectionReader) -> CallbackStep {
        let number: CallbackStep.Number = reader.word("number") ?? .caller
        let say = reader.reference("say")
        if number == .ask, say == nil {
            log.error(
                "E004", at: reader.position, "\(reader.what) asks for a number, but 'say', the question, is missing")
        }
        return CallbackStep(
            queue: reader.reference("callback"), say: say, number: number, attempts: reader.integer("attempts") ?? 3,
            every: reader.duration("every") ?? .seconds(1_800), within: reader.reference("within"),
            noNumber: reader.exit("no_number"), then: reader.exit("then"))
    }

    private func voicemail(_ reader: SectionReader) -> VoicemailStep {
        VoicemailStep(
            box: reader.reference("voicemail"), say: reader.reference("say"), max: reader.duration("max"),
            then: reader.exit("then"))
    }

    private func transfer(_ reader: SectionReader) -> TransferStep {
        let written = reader.text("transfer")
        let target = written.flatMap { TransferTarget($0) }
        if let written, target == nil, let node = reader.mapping.node("transfer") {
            log.error(
                "E005", at: node.position, "\(quoted(written)) is neither a SIP address nor a telephone number",
                hint: "sip:office@example.org or +48 22 000 00 01")
        }
        return TransferStep(
            target: target, ring: reader.duration("ring") ?? .seconds(30), failed: reader.exit("failed"))
    }
}
