// E054, W055, W056: what the consultants' accounts say of the queues; W057: a window too short for its callbacks.

import YAML

/// Nothing is said where the accounts are not known.
struct StaffProof {
    let hotline: Hotline
    let log: FindingLog

    func run(_ walk: Walk, _ consultants: [Surroundings.Consultant]?) {
        checkAfterCalls(walk)
        guard let consultants else { return }
        for queue in hotline.queues.values { check(queue, consultants) }
        var told: Set<[String]> = []
        for place in walk.places {
            guard let step = hotline.steps[place.step], case .queue(let wait) = step.kind,
                let queue = wait.queue.flatMap({ hotline.queues[$0.name] })
            else { continue }
            let agents = agents(of: queue, consultants)
            for reference in wait.skills where told.insert([step.name, reference.skill.name]).inserted {
                check(reference, agents, queue)
            }
            let speaks = (queue.skills + wait.skills).contains { $0.skill.name == "language" }
            if speaks, !agents.isEmpty, !agents.contains(where: { $0.languages.contains(place.language) }),
                told.insert([step.name, "", place.language]).inserted
            {
                log.warning(
                    "W056", at: step.position,
                    "callers reach step \(quoted(step.name)) in '\(place.language)', which no consultant of queue "
                        + "\(quoted(queue.name)) speaks")
            }
            if agents.isEmpty, let after = wait.afterCall, told.insert([step.name, "after_call"]).inserted {
                log.warning(
                    "W055", at: after.position,
                    "'after_call' of \(quoted(step.name)) is never reached: queue \(quoted(queue.name)) has no consultants"
                )
            }
        }
    }

    private func check(_ queue: QueueSettings, _ consultants: [Surroundings.Consultant]) {
        let agents = agents(of: queue, consultants)
        if !consultants.contains(where: { $0.groups.contains(queue.agents) }), !queue.agents.isEmpty {
            let groups = consultants.reduce(into: Set<String>()) { $0.formUnion($1.groups) }
            log.error(
                "E054", at: queue.agentsPosition,
                "no consultant is in group \(quoted(queue.agents)), which answers queue \(quoted(queue.name))",
                hint: Similarity.hint(for: queue.agents, among: groups))
        }
        let others = queue.preferred + queue.relaxations.flatMap(\.skills)
        for reference in queue.skills + others { check(reference, agents, queue) }
    }

    private func check(_ reference: SkillReference, _ agents: [Surroundings.Consultant], _ queue: QueueSettings) {
        let skill = reference.skill
        guard skill.name != "language", !agents.isEmpty,
            !agents.contains(where: { $0.skills[skill.name, default: 0] >= skill.level })
        else { return }
        let skills = agents.reduce(into: Set(["language"])) { $0.formUnion($1.skills.keys) }
        guard !skills.contains(skill.name) else {
            return log.error(
                "E054", at: reference.position,
                "no consultant of queue \(quoted(queue.name)) has the skill \(quoted(skill.name)) on level \(skill.level)"
            )
        }
        log.error(
            "E054", at: reference.position,
            "no consultant of queue \(quoted(queue.name)) has the skill \(quoted(skill.name))",
            hint: Similarity.hint(for: skill.name, among: skills))
    }

    /// Those of the queue's group, and of the queues that are asked as well.
    private func agents(
        of queue: QueueSettings, _ consultants: [Surroundings.Consultant]
    ) -> [Surroundings.Consultant] {
        var groups = [queue.agents]
        for overflow in queue.overflow {
            guard case .also(let other) = overflow.action, let group = hotline.queues[other.name]?.agents else {
                continue
            }
            groups.append(group)
        }
        return consultants.filter { consultant in groups.contains { consultant.groups.contains($0) } }
    }

    /// W055 without knowing the accounts: everybody is led away before anybody can answer.
    private func checkAfterCalls(_ walk: Walk) {
        for name in walk.steps {
            guard let step = hotline.steps[name], case .queue(let wait) = step.kind, let after = wait.afterCall,
                let queue = wait.queue.flatMap({ hotline.queues[$0.name] }),
                case .go? = queue.overflow.first(where: { $0.after == .zero })?.action
            else { continue }
            log.warning(
                "W055", at: after.position,
                "'after_call' of \(quoted(name)) is never reached: queue \(quoted(queue.name)) leads everybody away at once"
            )
        }
    }
}

/// W057: attempts to call back that do not fit into one day of the calendar.
struct CallbackProof {
    let hotline: Hotline
    let log: FindingLog

    func run() {
        for step in hotline.steps.values {
            guard case .callback(let callback) = step.kind, let within = callback.within,
                let calendar = hotline.calendars[within.name],
                let longest = calendar.week.values.flatMap({ $0 }).map(\.count).max()
            else { continue }
            let needed = callback.every * callback.attempts
            guard needed > .seconds(longest * 60) else { continue }
            log.warning(
                "W057", at: within.position,
                "\(callback.attempts) attempts every \(callback.every.words) take \(needed.words), but calendar "
                    + "\(quoted(within.name)) is never open for longer than \(Duration.seconds(longest * 60).words)")
        }
    }
}
