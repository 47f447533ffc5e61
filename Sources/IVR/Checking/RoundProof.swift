// E016: a round that the caller can never leave by choosing.

import YAML

struct RoundProof {
    let hotline: Hotline
    let log: FindingLog

    func run(reachable: Set<String>) {
        let left = leavable()
        let stuck = reachable.filter { !left.contains($0) }
        report(rounds(stuck, exits), "the caller can never leave it by choosing")
        let silent = reachable.filter(isSilent)
        report(rounds(silent, silentExits), "nothing is heard and nobody is asked in it")
    }

    /// Steps from which a caller who chooses well reaches a queue or the end, whatever the clock says.
    private func leavable() -> Set<String> {
        var sources: [String: [Step]] = [:]
        for step in hotline.steps.values {
            for exit in Set(exits(step)) { sources[exit, default: []].append(step) }
        }
        var left = Set(hotline.steps.values.filter { leads($0, to: []) }.map(\.name))
        var queue = Array(left)
        while let name = queue.popLast() {
            for step in sources[name] ?? [] where !left.contains(step.name) && leads(step, to: left) {
                left.insert(step.name)
                queue.append(step.name)
            }
        }
        return left
    }

    private func leads(_ step: Step, to left: Set<String>) -> Bool {
        switch step.kind {
        case .hangup, .queue, .transfer, .unknown: true
        case .say, .hours, .when, .callback, .voicemail, .survey, .lookup:
            hotline.exits(of: step).allSatisfy { left.contains($0.exit.step) }
        case .menu, .ask: hotline.exits(of: step).contains { left.contains($0.exit.step) }
        }
    }

    private func isSilent(_ name: String) -> Bool {
        switch hotline.steps[name]?.kind {
        case .hours, .when, .queue, .transfer, .lookup: true
        case .callback(let callback): callback.say == nil
        case .say, .menu, .ask, .voicemail, .survey, .hangup, .unknown, nil: false
        }
    }

    private func exits(_ step: Step) -> [String] { hotline.exits(of: step).map(\.exit.step) }

    /// Without the talk and without keys: whoever talked or chose was not going round.
    private func silentExits(_ step: Step) -> [String] {
        hotline.exits(of: step).filter { $0.label != "after_call" && $0.key == nil }.map(\.exit.step)
    }

    /// One round for each group of steps that lead to one another, the first step of the file first.
    private func rounds(_ names: Set<String>, _ exits: (Step) -> [String]) -> [[Step]] {
        var told: Set<String> = []
        var rounds: [[Step]] = []
        for step in names.compactMap({ hotline.steps[$0] }).sorted(by: { $0.position < $1.position }) {
            guard !told.contains(step.name), let round = round(from: step, within: names, exits) else { continue }
            told.formUnion(round.map(\.name))
            rounds.append(round)
        }
        return rounds
    }

    /// The shortest way from a step back to itself.
    private func round(from start: Step, within names: Set<String>, _ exits: (Step) -> [String]) -> [Step]? {
        var origins: [String: String] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let step = queue[next]
            next += 1
            for exit in exits(step) where names.contains(exit) {
                if exit == start.name { return way(to: step, from: start, origins) }
                guard origins[exit] == nil, let following = hotline.steps[exit] else { continue }
                origins[exit] = step.name
                queue.append(following)
            }
        }
        return nil
    }

    private func way(to end: Step, from start: Step, _ origins: [String: String]) -> [Step] {
        var way = [end]
        while let last = way.last, last.name != start.name, let name = origins[last.name],
            let step = hotline.steps[name]
        {
            way.append(step)
        }
        return way.reversed()
    }

    private func report(_ rounds: [[Step]], _ why: FindingText) {
        for round in rounds {
            let path = (round + round.prefix(1)).map(\.name).joined(separator: " → ")
            log.error("E016", at: round[0].position, "a round, \(path): \(why)")
        }
    }
}
