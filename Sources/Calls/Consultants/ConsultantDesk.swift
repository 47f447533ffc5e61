// Every consultant at work, by account and by socket.

import ACD
import Foundation
import Logging
import SIP
import Store
import Timing

/// Joins pages to the distributor's agents.
@Signalling
final class ConsultantDesk {
    private var consultants: [AgentID: Consultant] = [:]
    private var sockets: [SocketID: (agent: AgentID, remote: String)] = [:]
    private var lastFigures: [AgentID: [QueueFigures]] = [:]
    private var figuresTimer: TimerToken?
    private let services: CallServices

    init(services: CallServices) { self.services = services }

    func consultant(_ agent: AgentID) -> Consultant? { consultants[agent] }

    var all: [Consultant] { consultants.values.sorted { $0.account.displayName < $1.account.displayName } }

    /// An account was changed by somebody else.
    func changed(_ account: Account) { consultants[AgentID(account.id)]?.changed(to: account) }

    // MARK: Pages

    func open(_ account: Account, _ socket: Socket, remote: String) {
        let agent = AgentID(account.id)
        let consultant = consultants[agent] ?? Consultant(account: account, services: services)
        consultants[agent] = consultant
        sockets = sockets.filter { $0.value.agent != agent }
        sockets[socket.id] = (agent, remote)
        // Whoever is at work already has lost the former page's sound, until this page has connected its own.
        if case .offline = services.queues.distributor.state(of: agent) {
            consultant.arrive()
        } else {
            services.queues.handle(.agentLost(agent))
        }
        consultant.attach(socket, queues: queues(of: account).map(\.name.queue))
        lastFigures[agent] = nil
        sendFigures()
        services.log.info("consultant.page", metadata: ["account": "\(account.name)"])
    }

    func received(_ text: String, on socket: SocketID) {
        guard let (agent, remote) = sockets[socket], let consultant = consultants[agent] else { return }
        guard let request = try? JSONDecoder().decode(ConsultantRequest.self, from: Data(text.utf8)) else {
            consultant.socket?.send(ConsultantNotice.error(code: "message", text: "This message is not understood."))
            return
        }
        consultant.handle(request, remote: remote)
    }

    func sessionEnded(_ socket: SocketID) {
        guard let (agent, _) = sockets[socket] else { return }
        consultants[agent]?.sessionEnded()
    }

    func closed(_ socket: SocketID) {
        guard let (agent, _) = sockets.removeValue(forKey: socket), let consultant = consultants[agent] else { return }
        consultant.detach()
        services.queues.handle(.agentLost(agent))
    }

    // MARK: What the distributor says

    func offer(_ call: Call, _ entry: EntryHandle, to agent: AgentID, until: Instant) {
        consultants[agent]?.offer(call, entry, until: until)
    }

    func withdraw(_ entry: EntryID, from agent: AgentID, why: String) {
        consultants[agent]?.withdraw(entry, why: why)
    }

    /// The talk of this call is over, whoever ended it.
    func talkEnded(_ call: Call, by: EndedBy) {
        for consultant in consultants.values where consultant.talk?.call === call { consultant.talkEnded(by: by) }
    }

    func state(of agent: AgentID, _ state: AgentState) {
        guard let consultant = consultants[agent] else { return }
        consultant.changed(to: ConsultantStateNotice(state, now: Clock.monotonic()))
        if case .offline = state, consultant.socket == nil { consultants[agent] = nil }
    }

    // MARK: Queues' numbers

    private func queues(of account: Account) -> [QueuePicture] {
        services.queues.pictures(now: Clock.monotonic()).filter { account.groups.contains($0.name.agents) }
    }

    /// Tells each page its queues' numbers when they have changed, each second at most.
    private func sendFigures() {
        figuresTimer?.cancel()
        for consultant in consultants.values where consultant.socket != nil {
            let figures = queues(of: consultant.account).map { queue in
                QueueFigures(
                    name: queue.name.queue, waiting: queue.waiting,
                    longest: Int(queue.longestWait.milliseconds / 1000))
            }
            guard lastFigures[consultant.agent] != figures else { continue }
            lastFigures[consultant.agent] = figures
            consultant.socket?.send(ConsultantNotice.queues(figures))
        }
        figuresTimer = Signalling.timer(at: Clock.monotonic() + .seconds(1)) { [weak self] in self?.sendFigures() }
    }
}
