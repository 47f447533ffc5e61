// E010, E011, E053: names that lead nowhere, and a queue that may be full without saying where then.

import YAML

struct NameProof {
    let hotline: Hotline
    let log: FindingLog

    func run() {
        checkStep(hotline.start, "the start")
        for step in hotline.steps.values { check(step) }
        for queue in hotline.queues.values { check(queue) }
    }

    private func check(_ step: Step) {
        let name = quoted(step.name)
        for exit in ownExits(step) { checkStep(exit.exit, "\(exit.name) of \(name)") }
        for prompt in step.kind.prompts { checkPrompt(prompt) }
        switch step.kind {
        case .hours(let hours): hours.calendar.map { check($0, "calendar", hotline.calendars.keys) }
        case .queue(let queue): check(queue, step)
        case .when(let when):
            for branch in when.branches where branch.condition.queue != nil {
                check(branch.condition.reference, "queue", hotline.queues.keys)
            }
        case .callback(let callback):
            callback.queue.map { check($0, "queue", hotline.queues.keys) }
            callback.within.map { check($0, "calendar", hotline.calendars.keys) }
        case .voicemail(let voicemail): voicemail.box.map { check($0, "mailbox", hotline.mailboxes.keys) }
        case .say, .menu, .ask, .survey, .transfer, .lookup, .hangup, .unknown: break
        }
    }

    /// Those of the queue's offer and overflow are reported once, at the queue.
    private func ownExits(_ step: Step) -> [StepExit] {
        guard case .queue(var queue) = step.kind else { return hotline.exits(of: step) }
        queue.queue = nil
        return hotline.exits(of: Step(name: step.name, position: step.position, kind: .queue(queue)))
    }

    private func check(_ queue: QueueStep, _ step: Step) {
        queue.queue.map { check($0, "queue", hotline.queues.keys) }
        guard let settings = queue.queue.flatMap({ hotline.queues[$0.name] }) else { return }
        if queue.full == nil, let max = settings.maxWaiting {
            log.error("E053", at: step.position, "step \(quoted(step.name)) has no 'full', but only \(max) may wait")
        }
        for key in queue.keys where settings.offer?.keys.contains(where: { $0.digits == key.digits }) == true {
            log.error(
                "E003", at: key.position,
                "key \(key.digits) of \(quoted(step.name)) is given twice; the offer of queue \(quoted(settings.name)) has it too"
            )
        }
    }

    private func check(_ queue: QueueSettings) {
        let name: FindingText = "queue \(quoted(queue.name))"
        for prompt in queue.announce?.prompts ?? [] { checkPrompt(prompt) }
        if let offer = queue.offer {
            offer.say.map(checkPrompt)
            for key in offer.keys { key.then.map { checkStep($0, "key \(key.digits) of the offer of \(name)") } }
        }
        for overflow in queue.overflow {
            switch overflow.action {
            case .also(let other): check(other, "queue", hotline.queues.keys)
            case .go(let exit): checkStep(exit, "an overflow of \(name)")
            }
        }
    }

    private func checkStep(_ exit: Exit, _ what: FindingText) {
        guard hotline.steps[exit.step] == nil, !exit.step.isEmpty else { return }
        log.error(
            "E010", at: exit.position, "\(what) leads to \(quoted(exit.step)), which is not a step",
            hint: Similarity.hint(for: exit.step, among: hotline.steps.keys))
    }

    private func checkPrompt(_ reference: Reference) { check(reference, "prompt", hotline.prompts.keys) }

    private func check(_ reference: Reference, _ what: FindingText, _ names: some Collection<String>) {
        guard !names.contains(reference.name) else { return }
        log.error(
            "E011", at: reference.position, "there is no \(what) \(quoted(reference.name))",
            hint: Similarity.hint(for: reference.name, among: names))
    }
}
