// All desks of a running server, made and joined in one place.

import Foundation
import IVR
import Logging
import Media
import Outside
import Recorder
import SIP
import Speech
import Store
import Timing
import YAML

/// Builds the desks, hands them to one another, takes them down.
@Signalling
final class House {
    let userAgent: UserAgent
    let facts: FactLog
    private let calls: CallDesk
    private let queues: QueueDesk
    private let consultants: ConsultantDesk
    private let media: MediaDesk
    private let recorder: Recorder
    var library: HotlineLibrary { calls.library }
    let prompts: PromptDesk
    private let outside: LookupClient
    private let configuration: CallCentreConfiguration
    private let store: Store
    private let log: Logger
    private var nextSocket: UInt64 = 1
    private var callers: [SocketID: (socket: Socket, remote: String)] = [:]
    private var lastReload: Task<Void, Never>?

    private init(
        userAgent: UserAgent, facts: FactLog, calls: CallDesk, queues: QueueDesk, consultants: ConsultantDesk,
        media: MediaDesk, recorder: Recorder, prompts: PromptDesk, outside: LookupClient,
        configuration: CallCentreConfiguration, store: Store, log: Logger
    ) {
        self.userAgent = userAgent
        self.facts = facts
        self.calls = calls
        self.queues = queues
        self.consultants = consultants
        self.media = media
        self.recorder = recorder
        self.prompts = prompts
        self.outside = outside
        self.configuration = configuration
        self.store = store
        self.log = log
    }

    static func open(
        _ configuration: CallCentreConfiguration, hotlines: HotlineLibrary, store: Store, outside: LookupClient,
        log: Logger, messageWritten: @escaping @Sendable () -> Void
    ) async throws -> House {
        let prompts = PromptLibrary(
            cacheDirectory: configuration.cacheDirectory, promptsDirectory: configuration.promptsDirectory
        ) { log.warning("prompts", metadata: ["problem": "\($0)"]) }
        let promptDesk = PromptDesk(
            library: prompts, ownMusic: await Task.detached { prompts.holdMusic() }.value, log: log)
        for hotline in hotlines.hotlines {
            for problem in await promptDesk.prepare(hotline) {
                log.warning("prompt.missing", metadata: ["what": "\(problem)"])
            }
        }
        try Signalling.start()
        let media = try MediaDesk(certificate: try DTLSCertificate(), configuration: configuration, log: log)
        let recorder = Recorder(directory: configuration.recordingsDirectory, taps: media.taps) { problem in
            log.error("recorder", metadata: ["problem": "\(problem)"])
        }
        recorder.start()
        try media.start()
        let facts = FactLog(store: store, log: log, messageWritten: messageWritten)
        let calls = CallDesk(library: hotlines, maximumCalls: configuration.maximumCalls, log: log)
        let queues = QueueDesk(log: log)
        let services = CallServices(
            calls: calls, queues: queues, prompts: promptDesk, media: media,
            recordings: RecordingDesk(recorder: recorder, facts: facts, log: log), facts: facts, log: log)
        services.outside = outside
        services.trunk = configuration.trunk
        let consultants = ConsultantDesk(services: services)
        calls.services = services
        queues.consultants = consultants
        queues.configure(hotlines.hotlines)
        await queues.learn(from: store, hotlines.hotlines)
        await queues.countDay(from: store, hotlines.hotlines)
        let userAgent = try UserAgent(SIPConfiguration(configuration))
        userAgent.onIncoming = { calls.incoming($0) }
        services.place = { try userAgent.call(to: $0, from: $1, sdp: $2) }
        return House(
            userAgent: userAgent, facts: facts, calls: calls, queues: queues, consultants: consultants, media: media,
            recorder: recorder, prompts: promptDesk, outside: outside, configuration: configuration, store: store,
            log: log)
    }

    func stop() async {
        calls.endAll(reason: "server stopping")
        await userAgent.shutdown()
        await outside.shutDown()
        media.stop()
        recorder.stop()
        await facts.flush()
    }
}

// MARK: Hotlines

extension House {
    /// Reads the folder of hotlines again.
    func reload(isDryRun: Bool) async -> HotlineReload {
        await inTurn {
            let (loaded, findings) = await self.load()
            guard let new = loaded else { return self.refusal(findings, isDryRun: isDryRun) }
            guard !isDryRun else { return self.preview(new, findings, isDryRun: true) }
            let problems = await self.prepare(new)
            return await self.adopt(new, findings, problems)
        }
    }

    /// Makes a text live as a reload would, and puts it on disk when nothing speaks against it: a text that is refused never
    /// gets there, and one that is there already is never overwritten unseen.
    func publish(_ draft: HotlineDraft) async -> Publication {
        await inTurn {
            let directory = self.configuration.hotlinesDirectory
            let found = await Task.detached { HotlineFile(draft.file, in: directory) }.value
            guard let file = found else { return .noSuchFile }
            let (loaded, findings) = await self.load(drafts: [draft.file: draft.text])
            guard let new = loaded else { return .refused(self.refusal(findings, isDryRun: false)) }
            let problems = await self.prepare(new)
            do {
                try await Task.detached { try file.replace(with: draft.text, expecting: draft.base) }.value
            } catch HotlineFile.Obstacle.changed(let text) {
                return .conflict(text)
            } catch {
                self.log.error("hotlines.write", metadata: ["file": "\(file.path)", "error": "\(error)"])
                guard case HotlineFile.Obstacle.failed(let why) = error else { return .failed("\(error)") }
                return .failed(why)
            }
            return .published(await self.adopt(new, findings, problems, published: draft))
        }
    }

    /// One reload or publication at a time, in the order in which they were asked for.
    private func inTurn<Value: Sendable>(_ work: @escaping @Signalling () async -> Value) async -> Value {
        let previous = lastReload
        let turn = Task { @Signalling in
            await previous?.value
            return await work()
        }
        lastReload = Task { _ = await turn.value }
        return await turn.value
    }

    private func load(drafts: [String: String] = [:]) async -> (library: HotlineLibrary?, findings: [Finding]) {
        let configuration = configuration
        return await Task.detached {
            HotlineLibrary.load(
                directory: configuration.hotlinesDirectory,
                surroundings: configuration.surroundings, drafts: drafts)
        }.value
    }

    private func refusal(_ findings: [Finding], isDryRun: Bool) -> HotlineReload {
        log.error("hotlines.refused", metadata: ["findings": "\(findings.map(\.text).joined(separator: "\n"))"])
        return HotlineReload(isDryRun: isDryRun, findings: findings)
    }

    private func prepare(_ new: HotlineLibrary) async -> [String] {
        var problems: [String] = []
        for hotline in new.hotlines { problems += await prompts.prepare(hotline) }
        return problems
    }

    private func preview(_ new: HotlineLibrary, _ findings: [Finding], isDryRun: Bool) -> HotlineReload {
        var reload = HotlineReload(isDryRun: isDryRun, findings: findings)
        let difference = LibraryDifference(from: library, to: new)
        let removed = difference.removedSteps
        reload.difference = difference
        reload.calls = calls.calls.values.count { difference.touches($0.hotline.name) }
        reload.callsOnRemovedSteps = calls.calls.values.count { call in
            call.step.map { removed[call.hotline.name]?.contains($0) == true } ?? false
        }
        return reload
    }

    private func adopt(
        _ new: HotlineLibrary, _ findings: [Finding], _ problems: [String], published draft: HotlineDraft? = nil
    ) async -> HotlineReload {
        // From here on without a pause: what is counted, compared and swapped belongs together.
        var reload = preview(new, findings, isDryRun: false)
        reload.problems = problems
        queues.configure(new.hotlines, besides: calls.calls.values.map(\.hotline))
        calls.library = new
        await queues.learn(from: store, new.hotlines)
        do {
            try await store.keepVersions(of: new, published: draft, now: Store.wallClock())
        } catch {
            log.error("hotlines.history", metadata: ["error": "\(error)"])
        }
        for problem in problems { log.warning("prompt.missing", metadata: ["what": "\(problem)"]) }
        for finding in findings { log.warning("hotline", metadata: ["finding": "\(finding.text)"]) }
        log.notice(
            "hotlines.reloaded",
            metadata: [
                "changes": "\(reload.difference?.text(in: .en) ?? "")", "calls_on_former_version": "\(reload.calls)",
                "by": "\(draft?.author ?? "file")",
            ])
        return reload
    }
}

// MARK: Pages

extension House {
    func openConsultant(
        _ account: Account, remote: String, send: @escaping @Sendable (String) -> Void,
        close: @escaping @Sendable (UInt16, String) -> Void
    ) -> SocketID {
        let socket = Socket(id: takeSocketID(), send: send, close: close)
        consultants.open(account, socket, remote: remote)
        return socket.id
    }

    func openCaller(
        remote: String, send: @escaping @Sendable (String) -> Void, close: @escaping @Sendable (UInt16, String) -> Void
    ) -> SocketID {
        let socket = Socket(id: takeSocketID(), send: send, close: close)
        callers[socket.id] = (socket, remote)
        return socket.id
    }

    private func takeSocketID() -> SocketID {
        defer { nextSocket += 1 }
        return SocketID(rawValue: nextSocket)
    }

    func received(_ text: String, on id: SocketID) {
        guard let (socket, remote) = callers[id] else { return consultants.received(text, on: id) }
        guard let request = try? JSONDecoder().decode(BrowserCallerRequest.self, from: Data(text.utf8)) else {
            return socket.send(BrowserCallerNotice.error(code: "message", text: "This message is not understood."))
        }
        switch request.type {
        case .call:
            calls.incoming(socket, number: request.number ?? "", sdp: request.sdp ?? "", remote: remote)
        case .digits: calls.browserPressed(request.digits ?? "", on: id)
        case .hangup: calls.browserLeft(id, by: .caller)
        case .ping: socket.send(BrowserCallerNotice.pong)
        }
    }

    func closed(_ id: SocketID) {
        if callers.removeValue(forKey: id) != nil { return calls.browserLeft(id, by: .network) }
        consultants.closed(id)
    }

    func sessionEnded(_ id: SocketID) { consultants.sessionEnded(id) }

    func hotlines() -> [HotlineSummary] {
        library.hotlines.map { HotlineSummary(name: $0.name, title: $0.title, numbers: $0.numbers) }
    }

    func board() -> Board {
        Board(
            queues: queues.pictures(now: Clock.monotonic()).map { queue in
                Board.Queue(
                    name: queue.name.queue, hotline: queue.name.hotline, waiting: queue.waiting,
                    longestWaitSeconds: Int(queue.longestWait.milliseconds / 1000), ready: queue.ready)
            },
            consultants: consultants.all.map { consultant in
                Board.Consultant(
                    name: consultant.account.displayName, state: consultant.stateNotice.state,
                    sinceUnixMs: consultant.stateNotice.since)
            },
            activeCalls: calls.calls.count)
    }
}
