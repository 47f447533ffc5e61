// E026: a value in braces that is not known where it is spoken or sent.

import YAML

/// A value is known at a step when every way from the start to it passes an exit behind which it is known.
struct ValueProof {
    let hotline: Hotline
    let log: FindingLog

    /// Where a value is used.
    private struct Use {
        let name: String
        let step: Step
        /// `prompt 'x' speaks of {y}`
        let what: FindingText
        /// `{y}`, and where the text with it begins.
        let written: String
        let begin: Position
        /// Said only to those who wait in a queue.
        var isWaiting = false
    }

    func run() {
        let secrets = secretNames()
        let variables = variableNames()
        var ways: [String: [String: String]] = [:]
        var told: Set<[String]> = []
        for use in hotline.steps.values.sorted(by: { $0.position < $1.position }).flatMap(uses) {
            if SpokenValue.ofWaiting.contains(use.name) {
                if !use.isWaiting { reportWaiting(use, &told) }
                continue
            }
            if secrets.contains(use.name) {
                guard isNews(use, &told) else { continue }
                log.error(
                    "E026", at: position(use),
                    "\(use.what), which is a secret: it is neither spoken nor put into an address")
                continue
            }
            guard variables.contains(use.name) || use.name == SpokenValue.caller else {
                guard isNews(use, &told) else { continue }
                log.error(
                    "E026", at: position(use), "\(use.what), which no step asks for",
                    hint: Similarity.hint(for: use.name, among: variables.union(SpokenValue.reserved)))
                continue
            }
            let way = ways[use.name] ?? waysWithout(use.name)
            ways[use.name] = way
            reportUnknown(use, way, &told)
        }
        checkConditions(variables)
    }

    /// The same words about the same text are said once.
    private func isNews(_ use: Use, _ told: inout Set<[String]>) -> Bool {
        told.insert([use.what.text(in: .en), String(use.begin.line)]).inserted
    }

    private func position(_ use: Use) -> Position { log.source.position(of: use.written, after: use.begin) }

    private func reportWaiting(_ use: Use, _ told: inout Set<[String]>) {
        guard isNews(use, &told) else { return }
        log.error(
            "E026", at: position(use),
            "\(use.what), which is not known at step \(quoted(use.step.name)); it is while waiting in a queue")
    }

    private func reportUnknown(_ use: Use, _ ways: [String: String], _ told: inout Set<[String]>) {
        guard ways[use.step.name] != nil, isNews(use, &told) else { return }
        log.error(
            "E026", at: position(use),
            "\(use.what), which is not known at step \(quoted(use.step.name)) to whoever comes by \(way(to: use.step.name, ways))",
            hint:
                "lead there only by the exit behind which it is known, or ask before: when: [{ if: \(use.name) is known, then: … }]"
        )
    }

    private func uses(_ step: Step) -> [Use] {
        var uses: [Use] = []
        for reference in step.kind.prompts { uses += spoken(reference, step, isWaiting: false) }
        for reference in hotline.saidWhileWaiting(step) { uses += spoken(reference, step, isWaiting: true) }
        switch step.kind {
        case .lookup(let lookup):
            let values = lookup.address?.values ?? []
            uses += values.filter { !["called", "language"].contains($0.name) }.map { value in
                Use(
                    name: value.name, step: step, what: "the address of \(quoted(step.name)) holds {\(value.text)}",
                    written: "{\(value.text)}", begin: lookup.address?.position ?? step.position)
            }
            checkSent(lookup, step)
        case .callback(let callback) where callback.number == .caller: uses.removeAll { $0.name == SpokenValue.caller }
        case .say, .menu, .ask, .hours, .when, .queue, .callback, .voicemail, .survey, .transfer, .hangup, .unknown:
            break
        }
        return uses
    }

    private func spoken(_ reference: Reference, _ step: Step, isWaiting: Bool) -> [Use] {
        guard let prompt = hotline.prompts[reference.name] else { return [] }
        let wordings = hotline.languages.compactMap { prompt.languages[$0] } + [prompt.any].compactMap { $0 }
        return wordings.flatMap { wording in
            wording.values.map { value, position in
                Use(
                    name: value.name, step: step, what: "prompt \(quoted(prompt.name)) speaks of {\(value.text)}",
                    written: "{\(value.text)}", begin: position, isWaiting: isWaiting)
            }
        }
    }

    /// What is sent may be unknown and may be a secret, but it must be something.
    private func checkSent(_ lookup: LookupStep, _ step: Step) {
        let known = variableNames().union(["caller", "called", "language"])
        for value in lookup.send where !known.contains(value.name) {
            log.error(
                "E026", at: value.position,
                "step \(quoted(step.name)) sends \(quoted(value.name)), which no step asks for",
                hint: Similarity.hint(for: value.name, among: known))
        }
    }

    private func checkConditions(_ variables: Set<String>) {
        let known = variables.union(["caller", "called", "language"])
        for step in hotline.steps.values {
            guard case .when(let when) = step.kind else { continue }
            for branch in when.branches where branch.condition.queue == nil {
                let reference = branch.condition.reference
                guard !known.contains(reference.name) else { continue }
                log.error(
                    "E026", at: reference.position,
                    "a condition of \(quoted(step.name)) speaks of \(quoted(reference.name)), which no step asks for",
                    hint: Similarity.hint(for: reference.name, among: known))
            }
        }
    }

    private func variableNames() -> Set<String> {
        var names: Set<String> = []
        for step in hotline.steps.values {
            switch step.kind {
            case .ask(let ask): ask.into.map { _ = names.insert($0) }
            case .lookup(let lookup): names.formUnion(lookup.into)
            case .say, .menu, .hours, .when, .queue, .callback, .voicemail, .survey, .transfer, .hangup, .unknown: break
            }
        }
        return names
    }

    private func secretNames() -> Set<String> {
        Set(
            hotline.steps.values.compactMap { step in
                guard case .ask(let ask) = step.kind, ask.isSecret else { return nil }
                return ask.into
            })
    }

    /// Each step that can be reached while the value is not known, and the step before it on the shortest such way.
    private func waysWithout(_ name: String) -> [String: String] {
        var origins = [hotline.start.step: ""]
        var queue = [hotline.start.step]
        var next = 0
        while next < queue.count {
            let from = queue[next]
            next += 1
            guard let step = hotline.steps[from] else { continue }
            for exit in hotline.exits(of: step) where !exit.learned.contains(name) && origins[exit.exit.step] == nil {
                origins[exit.exit.step] = from
                queue.append(exit.exit.step)
            }
        }
        return origins
    }

    private func way(to step: String, _ origins: [String: String]) -> String {
        var names = [step]
        while let last = names.last, let from = origins[last], !from.isEmpty { names.append(from) }
        return names.reversed().joined(separator: " → ")
    }
}
