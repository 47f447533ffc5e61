// A caller in a queue: music, announcements, and what the distribution of calls says.

import Timing

/// Where one caller stands in one queue.
struct QueueTurn: Sendable {
    let step: QueueStep
    let settings: QueueSettings
    var ahead: Int?
    var wait: Duration?
    /// The wait that was told last; a caller is never told a longer one.
    var told: Duration?
    var isAnnouncing = false

    /// What may be spoken now.
    var values: SpokenValues {
        guard let wait, let told else { return SpokenValues(ahead: ahead, wait: wait) }
        return SpokenValues(ahead: ahead, wait: min(wait, told))
    }
}

extension IVRMachine {
    mutating func enter(_ queue: QueueStep, _ now: Moment, _ actions: inout [Action]) {
        guard let name = queue.queue?.name, let settings = hotline.queues[name] else {
            return hangUp(.stuck, &actions)
        }
        typedAhead = []
        var skills: [String] = []
        for skill in settings.skills + queue.skills {
            let skill = skill == "language" ? language : skill
            if !skills.contains(skill) { skills.append(skill) }
        }
        state = .waiting(QueueTurn(step: queue, settings: settings))
        deadline = settings.announce.map { now.instant + $0.first }
        actions.append(
            .enqueue(
                QueueRequest(
                    queue: name, language: language, skills: skills, priority: queue.priority ?? settings.priority)))
        actions.append(.music(file: settings.music))
    }

    mutating func heardFromQueue(_ news: QueueNews, _ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .waiting(let turn): heardWhileWaiting(news, turn, now, &actions)
        case .talking(let turn): heardWhileTalking(news, turn, now, &actions)
        case .new, .saying, .choosing, .parting, .over: return
        }
    }

    private mutating func heardWhileWaiting(
        _ news: QueueNews, _ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        switch news {
        case .position(let ahead, let wait):
            var turn = turn
            turn.ahead = ahead
            turn.wait = wait
            state = .waiting(turn)
        case .full: leave(by: turn.step.full ?? turn.step.nobody, now, &actions)
        case .nobody: leave(by: turn.step.nobody, now, &actions)
        case .timeout: leave(by: turn.step.timeout, now, &actions)
        case .answered:
            actions.append(.silence)
            deadline = nil
            state = .talking(turn)
        case .talkEnded, .returned: return
        }
    }

    private mutating func heardWhileTalking(
        _ news: QueueNews, _ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        switch news {
        case .talkEnded:
            guard let next = turn.step.afterCall else { return hangUp(.consultantEnded, &actions) }
            go(to: next, now, &actions)
        case .returned:
            var turn = turn
            turn.isAnnouncing = false
            state = .waiting(turn)
            deadline = turn.settings.announce.map { now.instant + ($0.every ?? $0.first) }
            actions.append(.music(file: turn.settings.music))
        case .position, .full, .nobody, .timeout, .answered: return
        }
    }

    mutating func announcementDue(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        if turn.isAnnouncing { return announced(turn, now, &actions) }
        guard let announce = turn.settings.announce else { return }
        var turn = turn
        let values = turn.values
        if play(announce.say, values, now, &actions) {
            turn.isAnnouncing = true
            let spokeWait = announce.say.contains { prompt in
                hotline.prompts[prompt]?.wording(in: language)?.values.contains(.wait) == true
            }
            if spokeWait { turn.told = values.wait ?? turn.told }
        } else {
            deadline = now.instant + (announce.every ?? announce.first)
        }
        state = .waiting(turn)
    }

    /// An announcement was heard: music until the next.
    mutating func announced(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.isAnnouncing else { return }
        var turn = turn
        turn.isAnnouncing = false
        state = .waiting(turn)
        deadline = turn.settings.announce?.every.map { now.instant + $0 }
        actions.append(.music(file: turn.settings.music))
    }

    private mutating func leave(by exit: Exit?, _ now: Moment, _ actions: inout [Action]) {
        actions.append(.silence)
        go(to: exit, now, &actions)
    }
}
