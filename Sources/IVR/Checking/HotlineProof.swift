// What can only be said of a hotline as a whole: names, ways through it, what is heard on them.

import YAML

/// Runs every check that needs more than one place of the file.
struct HotlineProof {
    let hotline: Hotline
    let log: FindingLog

    func run() {
        checkNames()
        let walk = Walk(hotline)
        if walk.isComplete {
            checkUnreachable(walk)
            RoundProof(hotline: hotline, log: log).run(reachable: walk.steps)
        }
        checkTexts(walk)
        MenuTexts(hotline: hotline, log: log).check(walk)
        RecordingProof(hotline: hotline, log: log).run(walk)
        TestNames(hotline: hotline, log: log).check()
    }

    private func checkNames() {
        checkStep(hotline.start, "the start")
        for step in hotline.steps.values {
            let name = quoted(step.name)
            for exit in step.kind.exits { checkStep(exit.exit, "\(exit.name) of \(name)") }
            for prompt in step.kind.prompts { check(prompt, "prompt", hotline.prompts.keys) }
            switch step.kind {
            case .hours(let hours): hours.calendar.map { check($0, "calendar", hotline.calendars.keys) }
            case .queue(let queue):
                queue.queue.map { check($0, "queue", hotline.queues.keys) }
                if queue.full == nil, let max = queue.queue.flatMap({ hotline.queues[$0.name]?.maxWaiting }) {
                    log.error("E053", at: step.position, "step \(name) has no 'full', but only \(max) may wait")
                }
            case .say, .menu, .hangup, .unknown: continue
            }
        }
        for queue in hotline.queues.values {
            for prompt in queue.announce?.prompts ?? [] { check(prompt, "prompt", hotline.prompts.keys) }
        }
    }

    private func checkStep(_ exit: Exit, _ what: String) {
        guard hotline.steps[exit.step] == nil, !exit.step.isEmpty else { return }
        log.error(
            "E010", at: exit.position, "\(what) leads to \(quoted(exit.step)), which is not a step",
            hint: Similarity.hint(for: exit.step, among: hotline.steps.keys))
    }

    private func check(_ reference: Reference, _ what: String, _ names: some Collection<String>) {
        guard !names.contains(reference.name) else { return }
        log.error(
            "E011", at: reference.position, "there is no \(what) \(quoted(reference.name))",
            hint: Similarity.hint(for: reference.name, among: names))
    }

    private func checkUnreachable(_ walk: Walk) {
        for step in hotline.steps.values where !walk.steps.contains(step.name) {
            log.warning("W015", at: step.position, "no caller can reach step \(quoted(step.name))")
        }
    }

    /// E020: a prompt without a text in a language in which callers reach it. E026: a value that is not known there.
    private func checkTexts(_ walk: Walk) {
        var missing: Set<[String]> = []
        for place in walk.places {
            guard let step = hotline.steps[place.step] else { continue }
            let spoken = step.kind.prompts.map { ($0.name, false) } + announced(step).map { ($0, true) }
            for (name, isWaiting) in spoken {
                guard let prompt = hotline.prompts[name] else { continue }
                let language = place.spokenLanguage(step)
                guard let wording = prompt.wording(in: language) else {
                    guard missing.insert([name, language]).inserted else { continue }
                    log.error(
                        "E020", at: prompt.position,
                        "prompt \(quoted(name)) has no text in '\(language)', in which callers hear it at "
                            + "step \(quoted(place.step))")
                    continue
                }
                guard !isWaiting, let value = wording.values.min(by: { $0.rawValue < $1.rawValue }) else { continue }
                log.error(
                    "E026", at: wording.position,
                    "prompt \(quoted(name)) speaks of {\(value.rawValue)}, which is not known at step "
                        + "\(quoted(place.step)); it is while waiting in a queue")
            }
        }
    }

    private func announced(_ step: Step) -> [String] {
        switch step.kind {
        case .queue(let queue): queue.queue.flatMap { hotline.queues[$0.name]?.announce?.say } ?? []
        case .say, .menu, .hours, .hangup, .unknown: []
        }
    }
}

extension StepExit {
    /// As a message names it.
    fileprivate var name: String { key == nil ? "'\(label)'" : label }
}
