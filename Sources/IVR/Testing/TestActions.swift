// What an in-file test does with the machine's actions: it writes them down and answers for the outside.

import Timing
import YAML

extension TestRun {
    mutating func perform(_ action: IVRMachine.Action) {
        switch action {
        case .play(let utterances): playing = utterances.imaginedLength
        case .music, .silence: playing = nil
        case .enqueue(let request): enqueue(request)
        case .leaveQueue: outside = .nothing
        case .alsoQueue(let queue): remark("(also \(queue))")
        case .record: noteRecording(.start)
        case .secret(let on): isSecret = on
        case .measure(let ticket, let queues): outside = .answering(.load(ticket, loads(queues)))
        case .requestCallback(let request):
            note("callback \(request.queue) \(request.language)")
            outside = .answering(.callback(request.ticket, .accepted))
        case .recordMessage(let request):
            note("voicemail \(request.mailbox)")
            playing = nil
            outside = .message(request.ticket)
        case .endMessage, .cancelTransfer: outside = .nothing
        case .transfer(let request): transfer(request)
        case .lookup(let request): outside = .answering(answer(request))
        case .hangUp:
            note("hang up")
            outside = .over
        case .language(let language): remark("(language \(language))")
        case .tag(let tag): note("tag \(tag)")
        case .entered(let step, _): note("step \(step)")
        case .heard(let prompt): note("hear \(prompt)")
        case .told: break
        case .answer(_, let question, let value): note("answer \(question) \(value)")
        }
    }

    private mutating func enqueue(_ request: QueueRequest) {
        note("queue \(request.queue) \(request.language)")
        noteRecording(.queue)
        guard let settings = hotline.queues[request.queue] else { return }
        outside = .waiting(
            Wait(load: load(request.queue), settings: settings, since: now.instant, busyAbove: request.busyAbove))
    }

    private func load(_ queue: String) -> HotlineTest.Load {
        test.loads[queue] ?? HotlineTest.Load(position: test.position)
    }

    private func loads(_ queues: [String]) -> [String: QueueLoad] {
        var loads: [String: QueueLoad] = [:]
        for queue in queues {
            let load = load(queue)
            loads[queue] = QueueLoad(
                ahead: load.ahead, wait: load.wait, hasNobody: load.hasNobody, isFull: load.isFull)
        }
        return loads
    }

    /// Whoever is called answers, unless the test says that it fails.
    private mutating func transfer(_ request: TransferRequest) {
        note("transfer \(request.target.text)")
        guard fails else {
            feed(.transferred(request.ticket))
            outside = .over
            return
        }
        outside = .answering(.transferFailed(request.ticket))
    }

    private mutating func answer(_ request: LookupRequest) -> IVRMachine.Input {
        remark("(looks up \(request.address))")
        var fields: [String: String] = [:]
        for (given, text) in test.answers { fields[given.name] = text }
        let isAnswered = request.fields.allSatisfy { fields[$0] != nil }
        return fails || !isAnswered ? .lookupFailed(request.ticket) : .lookedUp(request.ticket, fields)
    }

    private var fails: Bool { test.failing.contains { $0.name == machine.step } }
}
