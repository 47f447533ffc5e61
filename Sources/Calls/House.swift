// All desks of a running server, made and joined in one place.

import ACD
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

/// Builds the desks, hands them to one another, takes them down.
@Signalling
final class House {
    let userAgent: UserAgent
    let facts: FactLog
    let calls: CallDesk
    let queues: QueueDesk
    private let consultants: ConsultantDesk
    private let media: MediaDesk
    private let recorder: Recorder
    var library: HotlineLibrary { calls.library }
    let prompts: PromptDesk
    private let outside: LookupClient
    let configuration: CallCentreConfiguration
    let store: Store
    let log: Logger
    private var nextSocket: UInt64 = 1
    private var callers: [SocketID: (socket: Socket, remote: String)] = [:]
    /// Ends when the last reload or publication that was asked for is done.
    var lastReload: Task<Void, Never>?

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
        services.store = store
        services.breaks = configuration.breaks.map(\.name)
        services.outside = outside
        services.trunk = configuration.trunk
        let consultants = ConsultantDesk(services: services)
        calls.services = services
        queues.consultants = consultants
        queues.configure(hotlines.hotlines)
        queues.handle(.breaks(configuration.breaks.map { BreakRule(reason: $0.name, atOnce: $0.atOnce) }))
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

    /// From now on the studio's number is answered, if there is one.
    func answer(for studio: PromptStudio) {
        guard let services = calls.services else { return }
        calls.studio = StudioDesk(studio: studio, store: store, configuration: configuration, services: services)
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

    func changed(_ account: Account) { consultants.changed(account) }

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
                    reason: consultant.stateNotice.reason, sinceUnixMs: consultant.stateNotice.since)
            },
            activeCalls: calls.calls.count)
    }
}
