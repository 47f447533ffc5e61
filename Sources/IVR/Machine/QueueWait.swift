// The wait in a queue: entering, what is said meanwhile, keys, and the ways out.

import Timing

extension IVRMachine {
    /// Music at least, between the offer and an announcement that became due meanwhile.
    private static let betweenTexts = Duration.seconds(5)

    mutating func enter(_ queue: QueueStep, _ now: Moment, _ actions: inout [Action]) {
        guard let name = queue.queue?.name, let settings = hotline.queues[name] else {
            return hangUp(.stuck, &actions)
        }
        typedAhead = TypedDigits()
        if isRecordingOn, hasMissedNotice {
            isRecordingOn = false
            actions.append(.record(false))
        }
        let since = waitingSince ?? now.instant
        waitingSince = since
        wait(QueueTurn(queue, settings, now: now.instant))
        actions.append(
            .enqueue(
                QueueRequest(
                    queue: name, language: language,
                    skills: SkillNeeds(settings, beside: queue.skills, language: language),
                    priority: queue.priority ?? settings.priority, since: since, busyAbove: queue.busy?.wait)))
        actions.append(.music(file: settings.music))
    }

    private mutating func wait(_ turn: QueueTurn) {
        state = .waiting(turn)
        deadline = turn.deadline
    }

    mutating func heardFromQueue(_ news: QueueNews, _ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .waiting(let turn): heardWhileWaiting(news, turn, now, &actions)
        case .talking(let turn): heardWhileTalking(news, turn, now, &actions)
        case .new, .saying, .choosing, .asking, .measuring, .callingBack, .leavingMessage, .surveying, .transferring,
            .lookingUp, .away, .parting, .over:
            return
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
        case .busy: leave(by: turn.step.busy?.then ?? turn.step.full ?? turn.step.nobody, now, &actions)
        case .answered:
            actions.append(.silence)
            deadline = nil
            stepsInARow = 0
            state = .talking(turn)
        case .talkEnded, .returned: return
        }
    }

    private mutating func heardWhileTalking(
        _ news: QueueNews, _ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        switch news {
        case .talkEnded:
            waitingSince = nil
            guard let next = turn.step.afterCall else { return hangUp(.consultantEnded, &actions) }
            go(to: next, now, &actions)
        case .returned:
            var turn = turn
            turn.resume(now: now.instant)
            wait(turn)
            actions.append(.music(file: turn.settings.music))
        case .position, .full, .nobody, .timeout, .busy, .answered: return
        }
    }

    mutating func pressedWhileWaiting(
        _ digit: Character, _ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        guard let key = turn.key(digit) else { return }
        actions += [.leaveQueue, .silence]
        act(key, now, &actions)
    }

    /// Time has come for something: the first that is due is done, the others follow at their own deadlines.
    mutating func waited(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        var turn = turn
        if let at = turn.overflowAt, at <= now.instant, let overflow = turn.overflows.popFirst() {
            switch overflow.action {
            case .go(let exit):
                actions.append(.leaveQueue)
                return leave(by: exit, now, &actions)
            case .also(let queue):
                actions.append(.alsoQueue(queue.name))
                return wait(turn)
            }
        }
        if turn.speaksUntil != nil { return announced(turn, now, &actions) }
        if turn.giveUpAt <= now.instant {
            actions.append(.leaveQueue)
            return leave(by: turn.step.timeout, now, &actions)
        }
        if let at = turn.offerAt, at <= now.instant { return offer(turn, now, &actions) }
        announce(turn, now, &actions)
    }

    private mutating func announce(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        guard let announce = turn.settings.announce else { return wait(turn) }
        var turn = turn
        let speaksWait = announce.say.contains { prompt in
            hotline.prompts[prompt]?.wording(in: language)?.values.contains { $0.value.name == "wait" } == true
        }
        let isSpoken = play(announce.say, waiting: turn, now, &actions)
        // Before the first news of the queue there is nothing to tell, rather than nothing that can be told.
        if speaksWait, turn.ahead != nil { actions.append(.told(wait: turn.tellableWait.map(SpokenWait.rounded))) }
        if isSpoken {
            turn.speaksUntil = deadline
            turn.announceAt = nil
            if speaksWait { turn.told = turn.tellableWait ?? turn.told }
        } else {
            turn.announceAt = now.instant + (announce.every ?? announce.first)
        }
        wait(turn)
    }

    /// Its keys hold from the moment it begins, also when it cannot be spoken.
    private mutating func offer(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        var turn = turn
        turn.offerAt = nil
        turn.hasOffered = true
        if let say = turn.settings.offer?.say, play([say.name], waiting: turn, now, &actions) {
            turn.speaksUntil = deadline
        }
        wait(turn)
    }

    /// What was said was heard: music until the next.
    mutating func announced(_ turn: QueueTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.speaksUntil != nil else { return }
        var turn = turn
        turn.speaksUntil = nil
        if let at = turn.announceAt {
            turn.announceAt = max(at, now.instant + Self.betweenTexts)
        } else {
            turn.announceAt = turn.settings.announce?.every.map { now.instant + $0 }
        }
        wait(turn)
        actions.append(.music(file: turn.settings.music))
    }

    private mutating func leave(by exit: Exit?, _ now: Moment, _ actions: inout [Action]) {
        actions.append(.silence)
        go(to: exit, now, &actions)
    }
}
