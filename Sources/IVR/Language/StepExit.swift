// The ways out of a step, those of its queue's offer and overflow included.

import YAML

/// One way out of a step.
struct StepExit: Sendable {
    /// As a path prints it: `key 4`, `otherwise`, `then`.
    let label: String
    let exit: Exit
    /// The key that was pressed, for exits by choice.
    var key: MenuKey?
    /// Values that are surely known behind it.
    var learned: [String] = []
}

extension StepExit {
    /// As a path prints it for people.
    var spoken: FindingText {
        guard let key else { return .name(label) }
        return label.hasPrefix("offer") ? "offer key \(key.digits)" : "key \(key.digits)"
    }

    /// As a message names it.
    var name: FindingText { key == nil ? .name("'\(label)'") : spoken }

    fileprivate static func some(_ label: String, _ exit: Exit?, learned: [String] = []) -> [StepExit] {
        exit.map { [StepExit(label: label, exit: $0, learned: learned)] } ?? []
    }

    fileprivate static func keys(_ keys: [MenuKey], _ label: String = "key") -> [StepExit] {
        keys.compactMap { key in
            key.then.map { StepExit(label: "\(label) \(key.digits)", exit: $0, key: key) }
        }
    }
}

extension Hotline {
    /// All exits that are written, in the order of the language. With a language only those that can be taken in it.
    func exits(of step: Step, in language: String? = nil) -> [StepExit] {
        switch step.kind {
        case .say(let say): return StepExit.some("then", say.then)
        case .menu(let menu): return StepExit.keys(menu.keys) + StepExit.some("otherwise", menu.otherwise)
        case .ask(let ask):
            return StepExit.some("then", ask.then, learned: ask.into.map { [$0] } ?? [])
                + StepExit.some("otherwise", ask.otherwise)
        case .hours(let hours):
            return StepExit.some("open", hours.open) + StepExit.some("closed", hours.closed)
                + StepExit.some("holiday", hours.holiday)
        case .when(let when): return exits(of: when, in: language)
        case .queue(let queue): return exits(of: queue)
        case .callback(let callback):
            let learned = callback.number == .caller ? [SpokenValue.caller] : []
            return StepExit.some("no_number", callback.noNumber)
                + StepExit.some("then", callback.then, learned: learned)
        case .voicemail(let voicemail): return StepExit.some("then", voicemail.then)
        case .survey(let survey): return StepExit.some("then", survey.then)
        case .transfer(let transfer): return StepExit.some("failed", transfer.failed)
        case .lookup(let lookup):
            return StepExit.some("then", lookup.then, learned: lookup.into) + StepExit.some("failed", lookup.failed)
        case .hangup, .unknown: return []
        }
    }

    private func exits(of when: WhenStep, in language: String?) -> [StepExit] {
        var exits: [StepExit] = []
        var refuted: [String] = []
        for branch in when.branches {
            let condition = branch.condition
            if let language, case .value("language", let test) = condition.test {
                guard test.holds(language) else { continue }
                return exits + StepExit.some("if \(condition.text)", branch.then, learned: refuted)
            }
            let learned = refuted + (condition.impliesKnown.map { [$0] } ?? [])
            exits += StepExit.some("if \(condition.text)", branch.then, learned: learned)
            if let known = condition.refutesUnknown { refuted.append(known) }
        }
        return exits + StepExit.some("otherwise", when.otherwise, learned: refuted)
    }

    private func exits(of queue: QueueStep) -> [StepExit] {
        let settings = queue.queue.flatMap { queues[$0.name] }
        let overflow = (settings?.overflow ?? []).flatMap { overflow in
            switch overflow.action {
            case .also: [StepExit]()
            case .go(let exit): StepExit.some("overflow", exit)
            }
        }
        return StepExit.some("busy", queue.busy?.then) + StepExit.some("full", queue.full)
            + StepExit.some("nobody", queue.nobody) + StepExit.some("timeout", queue.timeout)
            + StepExit.keys(queue.keys) + StepExit.keys(settings?.offer?.keys ?? [], "offer key") + overflow
            + StepExit.some("after_call", queue.afterCall)
    }
}

extension StepKind {
    /// Prompts the step itself speaks (without what its queue says to those who wait).
    var prompts: [Reference] {
        switch self {
        case .say(let say): say.prompts
        case .menu(let menu): [menu.prompt, menu.onSilence, menu.onWrong].compactMap { $0 }
        case .ask(let ask): [ask.wanted.prompt, ask.wanted.onSilence, ask.wanted.onWrong].compactMap { $0 }
        case .callback(let callback): [callback.say].compactMap { $0 }
        case .voicemail(let voicemail): [voicemail.say].compactMap { $0 }
        case .survey(let survey): survey.questions.compactMap(\.say)
        case .hangup(let prompts): prompts
        case .hours, .when, .queue, .transfer, .lookup, .unknown: []
        }
    }

    /// All exits that it must have are there.
    var isWhole: Bool {
        switch self {
        case .say(let say): say.then != nil
        case .menu(let menu): menu.otherwise != nil && menu.keys.allSatisfy { $0.then != nil }
        case .ask(let ask): ask.then != nil && ask.otherwise != nil
        case .hours(let hours): hours.open != nil && hours.closed != nil
        case .when(let when): when.otherwise != nil && when.branches.allSatisfy { $0.then != nil }
        case .queue(let queue): queue.nobody != nil && queue.timeout != nil && queue.keys.allSatisfy { $0.then != nil }
        case .callback(let callback): callback.then != nil && callback.noNumber != nil
        case .voicemail(let voicemail): voicemail.then != nil
        case .survey(let survey): survey.then != nil
        case .transfer(let transfer): transfer.failed != nil
        case .lookup(let lookup): lookup.then != nil && lookup.failed != nil
        case .hangup: true
        case .unknown: false
        }
    }
}
