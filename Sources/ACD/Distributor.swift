// Who answers whom: queues, agents, offers. Pure; the tests drive it in virtual time.

public import Timing

/// Gives waiting callers to free agents.
///
/// The order is one over all queues that an agent serves: those who come back from a lost agent, then the higher
/// priority (which grows with the wait where the queue says so), then who waits longer, then the lower `EntryID`. The
/// first in this order whom a free agent may take is offered to one of the agents who may: to whom, the queue's strategy
/// says.
///
/// In a queue that rings all, every agent who may take the first in this order is offered the call, also those who become
/// free while it rings; who accepts first has it, the others' offers are withdrawn in the same moment.
///
/// An offer is a reservation with a deadline; it ends with exactly one `connect` or `withdraw`, so that neither an
/// agent nor a caller can be stuck. Inputs that come too late (for an offer already gone, an entry already served) do
/// nothing.
public struct Distributor: Sendable {
    public enum Input: Sendable {
        /// The rules of all queues from now on; entries already there keep theirs.
        case configure([QueueRules])
        /// The reasons for breaks from now on. Who is away stays away.
        case breaks([BreakRule])
        /// Logged in, on a break until `agentReady`. For one already there: new groups and skills, and, if lost,
        /// returned.
        /// Of the groups, those whose calls the agent is asked for first come first.
        case agentArrived(AgentID, groups: [String], skills: Skills)
        /// Other groups and skills from now on, wherever the agent stands.
        case agentChanged(AgentID, groups: [String], skills: Skills)
        /// Wants calls; ends a break or a wrap-up, takes back a break asked for during a talk.
        case agentReady(AgentID)
        /// Wants no calls; during a talk: after it. While the phone rings it is also a rejection. Refused, and nothing
        /// changes, when as many as may be are away for this reason.
        case agentBreak(AgentID, reason: String?)
        /// Logged out. A caller in talk goes back to the head of the queue at once.
        case agentLeft(AgentID)
        /// The connection is gone; the agent has `patience` to come back.
        case agentLost(AgentID)
        /// The connection, with its audio, is there again.
        case agentReturned(AgentID)
        case enqueue(EntryID, EntryRequest)
        /// The agents of this queue may answer the caller as well; place and limits stay.
        case alsoServed(EntryID, queue: String)
        /// The caller hung up, or goes elsewhere.
        case leave(EntryID, Departure = .hungUp)
        case accept(AgentID, EntryID)
        case reject(AgentID, EntryID)
        case talkEnded(EntryID, by: TalkEnd)
        case wrapUpDone(AgentID)
        case hold(EntryID)
        case resume(EntryID)
        /// Wanted at `deadline`; due things are also done with any other input.
        case deadline
        /// What handling a call took in the past (talk, hold and wrap-up, mean of `samples` calls), told once at
        /// start.
        case learned(queue: String, handling: Duration, samples: Int)
        /// What an agent has done today, told at start; for one who has worked since it is ignored.
        case worked(AgentID, calls: Int, talked: Duration)
        /// Calls and talk are counted from nothing.
        case dayBegan
    }

    public enum Action: Sendable, Equatable {
        case refused(EntryID, RefusalReason)
        case offer(EntryID, AgentID, until: Instant)
        case withdraw(EntryID, AgentID, WithdrawReason)
        case connect(EntryID, AgentID)
        /// `ahead` callers come first in the same queue, and the wait that is left is about `wait`; nil: we cannot
        /// say. Neither is ever higher than it was for the same entry. Said on entering and when a number to be
        /// spoken changes.
        case position(EntryID, ahead: Int, wait: Duration?)
        case timedOut(EntryID)
        case agent(AgentID, AgentState)
        case breakRefused(AgentID, reason: String)
        /// The agent was lost in a talk: music for the caller.
        case callerWaits(EntryID, for: AgentID, until: Instant)
        case reconnect(EntryID, AgentID)
        /// Back at the head of the queue, waiting as before the talk.
        case requeued(EntryID)
        case outcome(EntryID, Outcome)
    }

    /// How long a lost agent may stay away before being logged out, and how long a caller in talk waits for that.
    public static let patience = Duration.seconds(30)
    /// For this long an agent who rejected a call is not offered the same call again, even if nobody else is free:
    /// a phone that rings again at once makes the button look broken.
    public static let rejectPause = Duration.seconds(5)
    /// How often expected waits are computed anew while nothing else happens.
    static let refresh = Duration.seconds(15)

    /// When `handle(.deadline)` is wanted; nil while nothing is awaited.
    public private(set) var deadline: Instant?

    var queues: [String: QueueRules] = [:]
    var breaks: [String: BreakRule] = [:]
    var agents: [AgentID: Agent] = [:]
    var entries: [EntryID: Entry] = [:]
    /// Who waits, with and without a ringing agent, in the order of service.
    var line: [EntryID] = []
    var handlingTimes: [String: HandlingTime] = [:]
    var refreshAt: Instant?
    var tallies: [AgentID: Tally] = [:]
    /// By queue.
    var lastAsked: [String: AgentID] = [:]
    var dice: Dice
    var actions: [Action] = []

    /// `seed`: for the strategy `random`; the same seed, the same choices.
    public init(seed: UInt64 = 0) { dice = Dice(seed: seed) }

    /// Takes one input and whatever has come due. `now` must not go back.
    public mutating func handle(_ input: Input, now: Instant) -> [Action] {
        actions.removeAll()
        orderLine(now)
        apply(input, now)
        expireAgents(now)
        expireEntries(now)
        offerCalls(now)
        announcePositions(now)
        deadline = nextDeadline(after: now)
        return actions
    }

    private mutating func apply(_ input: Input, _ now: Instant) {
        switch input {
        case .configure(let rules): queues = Dictionary(rules.map { ($0.name, $0) }) { _, last in last }
        case .breaks(let rules): breaks = Dictionary(rules.map { ($0.reason, $0) }) { _, last in last }
        case .agentArrived(let agent, let groups, let skills): arrived(agent, groups, skills, now)
        case .agentChanged(let agent, let groups, let skills):
            agents[agent]?.groups = groups
            agents[agent]?.skills = skills
        case .agentReady(let agent): ready(agent, now)
        case .agentBreak(let agent, let reason): pause(agent, reason, now)
        case .agentLeft(let agent): left(agent, now)
        case .agentLost(let agent): lost(agent, now)
        case .agentReturned(let agent): returned(agent, now)
        case .enqueue(let entry, let request): enqueue(entry, request, now)
        case .alsoServed(let entry, let queue): alsoServe(entry, queue)
        case .leave(let entry, let departure): leave(entry, departure, now)
        case .accept(let agent, let entry): accept(agent, entry, now)
        case .reject(let agent, let entry): reject(agent, entry, now)
        case .talkEnded(let entry, let by): endTalk(entry, by, now)
        case .wrapUpDone(let agent): wrapUpDone(agent, now)
        case .hold(let entry): setHeld(entry, now)
        case .resume(let entry): setHeld(entry, nil)
        case .deadline: break
        case .learned(let queue, let handling, let samples):
            handlingTimes[queue, default: HandlingTime()].seed(handling, samples: samples)
        case .worked(let agent, let calls, let talked):
            if tallies[agent] == nil { tallies[agent] = Tally(calls: calls, talked: talked) }
        case .dayBegan: tallies = [:]
        }
    }

    private func nextDeadline(after now: Instant) -> Instant? {
        var next = line.isEmpty ? nil : refreshAt
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            next = next.map { min($0, instant) } ?? instant
        }
        for agent in agents.values { consider(agent.deadline) }
        for id in line {
            guard let entry = entries[id], entry.wantsOffers else { continue }
            if entry.state == .waiting { consider(entry.giveUpAt) }
            consider(entry.relaxes(after: now))
            if let until = entry.awaitedUntil, until > now { consider(until) }
            for attempt in entry.attempts.values where attempt.notBefore > now { consider(attempt.notBefore) }
        }
        return next
    }
}
