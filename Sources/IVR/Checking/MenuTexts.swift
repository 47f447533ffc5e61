// E033, W033, W034: what texts offer against the keys that there are.

import YAML

struct MenuTexts {
    let hotline: Hotline
    let log: FindingLog

    /// A text and the keys of the place where it is said.
    private struct Offer {
        let prompt: Reference?
        /// What may be pressed.
        var keys: Set<String>
        /// What the text should offer, and where the file gives it.
        var expected: [(key: String, position: Position)]
        var isSurvey = false
    }

    func run(_ walk: Walk) {
        var seen: Set<[String]> = []
        for place in walk.places where seen.insert([place.step, place.language]).inserted {
            guard let step = hotline.steps[place.step] else { continue }
            for offer in offers(step) { check(offer, step, place.language) }
        }
        for step in hotline.steps.values {
            guard case .menu(let menu) = step.kind, menu.keys.count > 5 else { continue }
            log.warning(
                "W034", at: step.position,
                "step \(quoted(step.name)) has \(menu.keys.count) keys; callers remember five")
        }
    }

    private func offers(_ step: Step) -> [Offer] {
        switch step.kind {
        case .menu(let menu):
            let remarks = [menu.onSilence, menu.onWrong].compactMap { $0 }
            return [offer(menu.prompt, menu.keys)]
                + remarks.map { Offer(prompt: $0, keys: Set(menu.keys.map(\.digits)), expected: []) }
        case .survey(let survey):
            return survey.questions.map { question in
                let keys = question.keys.map(String.init)
                return Offer(
                    prompt: question.say, keys: Set(keys), expected: keys.map { ($0, question.position) },
                    isSurvey: true)
            }
        case .ask(let ask):
            // Digits are typed, and * begins anew.
            let keys = Set((0...9).map(String.init) + ["*"] + [ask.wanted.end].compactMap { $0.map(String.init) })
            return [Offer(prompt: ask.wanted.prompt, keys: keys, expected: [])]
        case .queue(let queue): return offers(queue)
        case .say, .hours, .when, .callback, .voicemail, .transfer, .lookup, .hangup, .unknown: return []
        }
    }

    private func offers(_ queue: QueueStep) -> [Offer] {
        guard let settings = queue.queue.flatMap({ hotline.queues[$0.name] }) else { return [] }
        var keys = Set(queue.keys.map(\.digits))
        let announced = (settings.announce?.prompts ?? []).map { prompt in
            Offer(prompt: prompt, keys: keys.union(settings.offer?.keys.map(\.digits) ?? []), expected: [])
        }
        guard let made = settings.offer else { return announced }
        keys.formUnion(made.keys.map(\.digits))
        var offer = offer(made.say, made.keys)
        offer.keys = keys
        return announced + [offer]
    }

    private func offer(_ prompt: Reference?, _ keys: [MenuKey]) -> Offer {
        Offer(prompt: prompt, keys: Set(keys.map(\.digits)), expected: keys.map { ($0.digits, $0.position) })
    }

    private func check(_ offer: Offer, _ step: Step, _ language: String) {
        guard let name = offer.prompt?.name, let wording = hotline.prompts[name]?.wording(in: language) else { return }
        let texts = wording.templates.map { OfferedKeys(in: $0.source) }
        let told = texts.flatMap { $0.pressed + (offer.isSurvey ? $0.ranged : []) }
        for key in Set(told).subtracting(offer.keys).sorted() {
            let phrase = texts.lazy.compactMap { $0.phrases[key] }.first ?? ""
            log.error(
                "E033", at: log.source.position(of: phrase, after: wording.position),
                "prompt \(quoted(name)) tells callers to press \(key), which step \(quoted(step.name)) does not have")
        }
        let offered = Set(texts.flatMap { $0.pressed + $0.chosen + $0.ranged })
        for (key, position) in offer.expected where !offered.contains(key) {
            log.warning(
                "W033", at: position,
                "key \(key) of \(quoted(step.name)) is never offered in the text of \(quoted(name)) in '\(language)'")
        }
    }
}
