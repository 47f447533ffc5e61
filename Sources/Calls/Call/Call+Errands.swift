// What a hotline's machine wants done outside of it: messages, callbacks, transfers, lookups.

import IVR
import Logging
import Outside
import SIP
import Store
import Timing

/// What is going on. Each kind at most once at a time.
@Signalling
struct CallErrands {
    var message: CallMessage?
    /// Messages and callbacks that the caller has left: each has a name of its own on the page "To do".
    private var followUps = 0
    /// Somebody whom we call for the caller, or with whom the caller talks now.
    var outgoing: OutgoingCall?
    /// The transfer that is being made; a name that was resolved too late calls nobody.
    var transfer: Ticket?
    var lookup: Task<Void, Never>?

    /// The name of the next message or callback of this contact, counted from 1.
    mutating func nextFollowUp(of contact: String) -> String {
        followUps += 1
        return "\(contact)-\(followUps)"
    }

    mutating func end() {
        message?.end()
        outgoing?.hangUp()
        lookup?.cancel()
        self = CallErrands()
    }
}

// MARK: Messages and callbacks

extension Call {
    func recordMessage(_ request: MessageRequest) {
        recording.suspend(true)
        let message = CallMessage(
            id: errands.nextFollowUp(of: contact), contact: contact, mailbox: request.mailbox, hotline: hotline,
            language: request.language, leg: leg, services: services)
        errands.message = message
        playGeneration += 1
        leg.play(services.prompts.tone) { message.record() }
    }

    func endMessage() {
        errands.message?.end()
        errands.message = nil
        recording.suspend(false)
    }

    /// The entry is a fact; the store makes the list from it. It is called back by people until the queue does it.
    func requestCallback(_ request: CallbackRequest) {
        let waited = Clock.monotonic() - request.since
        var detail = [
            "id": errands.nextFollowUp(of: contact), "hotline": hotline.name, "queue": request.queue,
            "number": request.number, "typed": request.isTyped ? "yes" : "no", "language": request.language,
            "priority": "\(request.priority)", "since": "\(Clock.unixMilliseconds() - waited.milliseconds)",
            "mayBeRecorded": request.mayBeRecorded ? "yes" : "no", "attempts": "\(request.attempts)",
            "every": "\(request.every.milliseconds)",
        ]
        let skills = request.skills.required.map(\.description)
        if !skills.isEmpty { detail["skills"] = skills.joined(separator: ", ") }
        detail["within"] = request.within
        note(.callbackRequested, detail)
        Task { @Signalling [weak self] in self?.advance(.callback(request.ticket, .accepted)) }
    }
}

// MARK: Transfers

extension Call {
    func transfer(_ request: TransferRequest) {
        recording.suspend(true)
        playGeneration += 1
        leg.play(services.prompts.ringing)
        errands.transfer = request.ticket
        Task { @Signalling [weak self] in await self?.place(request) }
    }

    private func place(_ request: TransferRequest) async {
        do {
            guard let address = SIPAddress(request.target, trunk: services.trunk) else { throw TransferError.noTrunk }
            guard let ip = await SystemNames.firstAddress(of: address.host) else {
                throw TransferError.unknownHost(address.host)
            }
            guard errands.transfer == request.ticket else { return }
            // The organisation's own number: a trunk refuses others, and who is called sees who forwards.
            let from = SIPIdentity(user: caller.called, host: "")
            errands.outgoing = try OutgoingCall(to: address, ip: ip, from: from, services: services) { [weak self] in
                self?.heard($0, of: request.ticket)
            }
        } catch {
            guard errands.transfer == request.ticket else { return }
            services.log.warning("transfer.failed", metadata: ["contact": "\(contact)", "why": "\(error)"])
            transferFailed(request.ticket, "\(error)")
        }
    }

    func cancelTransfer() {
        errands.transfer = nil
        errands.outgoing?.hangUp()
        errands.outgoing = nil
        leg.stopPlaying()
        recording.suspend(false)
    }

    private func heard(_ news: OutgoingCall.News, of ticket: Ticket) {
        switch news {
        case .answered(let other):
            playGeneration += 1
            leg.stopPlaying()
            leg.bridge(with: other)
            note(.transferred)
            advance(.transferred(ticket))
        case .failed(let reason):
            errands.outgoing = nil
            transferFailed(ticket, reason)
        case .ended(let reason):
            errands.outgoing = nil
            end(by: .agent, reason: "transfer: \(reason)")
        }
    }

    private func transferFailed(_ ticket: Ticket, _ reason: String) {
        errands.transfer = nil
        note(.transferFailed, ["reason": reason])
        recording.suspend(false)
        leg.stopPlaying()
        advance(.transferFailed(ticket))
    }
}

enum TransferError: Error, CustomStringConvertible {
    case noTrunk
    case unknownHost(String)

    var description: String {
        switch self {
        case .noTrunk: "no trunk for numbers is configured (sip: trunk), or the address is of a kind that is not spoken"
        case .unknownHost(let host): "there is no host \(host)"
        }
    }
}

extension SIPAddress {
    /// Nil for a number where no trunk is configured.
    init?(_ target: TransferTarget, trunk: SIPAddress?) {
        switch target {
        case .number(let number):
            guard let trunk else { return nil }
            self.init(user: number, host: trunk.host, port: trunk.port, transport: trunk.transport)
        case .sip(let uri): self.init(uri: uri)
        }
    }
}

// MARK: Lookups

extension Call {
    func lookUp(_ request: IVR.LookupRequest) {
        guard let outside = services.outside, let url = try? OutsideURL(request.address) else {
            Task { @Signalling [weak self] in self?.advance(.lookupFailed(request.ticket)) }
            return
        }
        let send = request.body.isEmpty ? nil : request.body.mapValues(\.text)
        let question = Outside.LookupRequest(
            url: url, send: send, wanted: Set(request.fields), within: request.within)
        errands.lookup = Task { @Signalling [weak self, contact, log = services.log] in
            switch await outside.lookUp(question) {
            case .answered(let fields): self?.advance(.lookedUp(request.ticket, fields))
            case .failed(let error):
                log.warning("lookup.failed", metadata: ["contact": "\(contact)", "why": "\(error)"])
                self?.advance(.lookupFailed(request.ticket))
            }
        }
    }
}
