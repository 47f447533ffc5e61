// What can only be said of a hotline as a whole: names, ways through it, what is heard on them.

import YAML

/// Runs every check that needs more than one place of the file.
struct HotlineProof {
    let hotline: Hotline
    let surroundings: Surroundings
    let log: FindingLog

    func run() {
        NameProof(hotline: hotline, log: log).run()
        let walk = Walk(hotline)
        if walk.isComplete {
            checkUnreachable(walk)
            RoundProof(hotline: hotline, log: log).run(reachable: walk.steps)
        }
        TextProof(hotline: hotline, surroundings: surroundings, log: log).run(walk)
        ValueProof(hotline: hotline, log: log).run()
        MenuTexts(hotline: hotline, log: log).run(walk)
        RecordingProof(hotline: hotline, log: log).run(walk)
        StaffProof(hotline: hotline, log: log).run(walk, surroundings.consultants)
        CallbackProof(hotline: hotline, log: log).run()
        TestNames(hotline: hotline, log: log).run()
        ServedProof(hotline: hotline, unserved: surroundings.unserved, log: log).run()
    }

    private func checkUnreachable(_ walk: Walk) {
        for step in hotline.steps.values where !walk.steps.contains(step.name) {
            log.warning("W015", at: step.position, "no caller can reach step \(quoted(step.name))")
        }
    }
}

extension Hotline {
    /// What is said to those who wait at a queue step: announcements, then the offer.
    func saidWhileWaiting(_ step: Step) -> [Reference] {
        guard case .queue(let queue) = step.kind, let settings = queue.queue.flatMap({ queues[$0.name] }) else {
            return []
        }
        return (settings.announce?.prompts ?? []) + [settings.offer?.say].compactMap { $0 }
    }
}
