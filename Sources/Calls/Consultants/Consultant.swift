// One consultant at work: the page's socket, the leg that is kept between calls, and the talk.

import ACD
import IVR
import Logging
import Media
import SIP
import Store
import Timing

/// Lives from the first log-in until the distributor lets go of the agent; the page may come and go meanwhile.
@Signalling
final class Consultant {
    private(set) var account: Account
    private(set) var socket: Socket?
    private(set) var leg: MediaLeg?
    private(set) var isConnected = false
    /// The page asked to be ready a moment before its sound was connected.
    private var wantsReady = false
    private(set) var stateNotice = ConsultantStateNotice(state: "offline", since: Clock.unixMilliseconds())
    private var offered: EntryHandle?
    private(set) var talk: (call: Call, entry: EntryHandle, since: Int64)?
    /// How the consultant's sound fared in that talk.
    private var quality = QualitySummary()
    private var isHeld = false
    /// The page's log-in has ended: it goes when the talk is over.
    private var isLeaving = false
    /// Whose wrap-up it is.
    private var lastContact: String?
    private let services: CallServices

    init(account: Account, services: CallServices) {
        self.account = account
        self.services = services
    }

    var agent: AgentID { AgentID(account.id) }

    // MARK: The page comes and goes

    /// A page has logged in. An older one is told that it was taken over.
    func attach(_ socket: Socket, queues: [String]) {
        self.socket?.close(CloseCode.takenOver, "logged in elsewhere")
        dropLeg()
        isLeaving = false
        self.socket = socket
        socket.send(
            ConsultantNotice.welcome(
                name: account.displayName, account: account.name, queues: queues, state: stateNotice.state,
                breaks: services.breaks))
        socket.send(ConsultantNotice.state(stateNotice))
        sendCall()
    }

    /// Logged in: on a break until the consultant says "ready".
    func arrive() {
        services.queues.handle(.agentArrived(agent, groups: account.groups, skills: Skills(account)))
    }

    /// The account has other groups or skills now; calls are offered by them from here on.
    func changed(to account: Account) {
        self.account = account
        services.queues.handle(.agentChanged(agent, groups: account.groups, skills: Skills(account)))
    }

    /// The log-in behind the page has ended.
    func sessionEnded() {
        isLeaving = talk != nil
        if !isLeaving { socket?.close(CloseCode.notLoggedIn, "session ended") }
    }

    func detach() {
        socket = nil
        dropLeg()
    }

    private func dropLeg() {
        leg?.close()
        leg = nil
        isConnected = false
        wantsReady = false
    }

    // MARK: Sound

    /// The page offers its microphone and loudspeaker; the leg stays for as long as the page does.
    func offerMedia(_ sdp: String, remote: String) {
        dropLeg()
        do {
            let browser = try BrowserLeg.answer(
                sdp, remote: remote, codecs: BrowserLeg.consultant, media: services.media)
            leg = browser.leg
            browser.leg.onEvent = { [weak self] in self?.heard($0) }
            socket?.send(ConsultantNotice.mediaAnswer(sdp: browser.answer))
        } catch {
            services.log.notice("consultant.media", metadata: ["account": "\(account.name)", "error": "\(error)"])
            refuse("media", "The sound could not be agreed: \(error)")
        }
    }

    private func heard(_ news: LegNews) {
        switch news {
        case .connected:
            isConnected = true
            socket?.send(ConsultantNotice.mediaState(connected: true))
            if case .offline = services.queues.distributor.state(of: agent) {
                arrive()
            } else {
                services.queues.handle(.agentReturned(agent))
            }
            if wantsReady { ready() }
        case .lost:
            dropLeg()
            socket?.send(ConsultantNotice.mediaState(connected: false))
            services.queues.handle(.agentLost(agent))
        case .quality(let quality):
            guard let talk else { return }
            self.quality.add(quality)
            talk.call.note(.quality, QualitySummary.detail(quality, leg: "consultant"))
        case .wantsCodec(let codec): socket?.send(ConsultantNotice.mediaCodec(codec))
        case .firstPacket, .silent, .heardAgain, .digit: break
        }
    }

    // MARK: What the distributor says

    func offer(_ call: Call, _ entry: EntryHandle, until: Instant) {
        offered = entry
        let now = Clock.monotonic()
        socket?.send(
            ConsultantNotice.offer(
                OfferNotice(
                    offer: "\(entry.id.rawValue)", contact: call.contact, caller: call.caller.number,
                    queue: entry.queue, hotline: call.hotline.title, language: call.language, tags: call.tags,
                    waited: Int((now - (call.waitingSince ?? now)).milliseconds / 1000),
                    until: Clock.unixMilliseconds() + (until - now).milliseconds)))
    }

    func withdraw(_ entry: EntryID, why: String) {
        guard offered?.id == entry else { return }
        offered = nil
        socket?.send(ConsultantNotice.offerGone(offer: "\(entry.rawValue)", why: why))
    }

    /// Bridged to a caller, for the first time or again after the page came back.
    func talk(with call: Call, _ entry: EntryHandle) {
        offered = nil
        isHeld = false
        if talk?.entry != entry { talk = (call, entry, Clock.unixMilliseconds()) }
        sendCall()
    }

    func talkEnded(by: EndedBy) {
        guard let call = talk?.call else { return }
        talk = nil
        if let detail = quality.detail(leg: "consultant") { call.note(.qualitySummary, detail) }
        quality = QualitySummary()
        isHeld = false
        lastContact = call.contact
        leg?.unbridge()
        socket?.send(ConsultantNotice.callEnded(contact: call.contact, by: by.rawValue))
        if isLeaving { sessionEnded() }
    }

    func changed(to notice: ConsultantStateNotice) {
        if stateNotice.state == "wrap-up", notice.state != "wrap-up", let lastContact {
            services.facts.append(lastContact, .wrapUpEnded, ["account": "\(account.id)"])
        }
        stateNotice = notice
        socket?.send(ConsultantNotice.state(notice))
    }

    func breakRefused() { refuse("break-full", "As many as may be are on this break.") }

    private func sendCall() {
        guard let talk else { return }
        socket?.send(
            ConsultantNotice.call(
                CallNotice(
                    contact: talk.call.contact, caller: talk.call.caller.number, queue: talk.entry.queue,
                    hotline: talk.call.hotline.title, since: talk.since, held: isHeld,
                    recording: talk.call.isRecording)))
    }

    private func refuse(_ code: String, _ text: String) {
        socket?.send(ConsultantNotice.error(code: code, text: text))
    }
}

// MARK: What the page asks

extension Consultant {
    func handle(_ request: ConsultantRequest, remote: String) {
        switch request.type {
        case .mediaOffer: offerMedia(request.sdp ?? "", remote: remote)
        case .ready: ready()
        case .onBreak: rest(request.reason)
        case .answer: withOffer(request, accept)
        case .reject: withOffer(request) { services.queues.handle(.reject(agent, $0)) }
        case .hold: hold(true)
        case .resume: hold(false)
        case .digits: send(digits: request.digits ?? "")
        case .hangup: hangUp()
        case .wrapUpDone: services.queues.handle(.wrapUpDone(agent))
        case .ping: socket?.send(ConsultantNotice.pong)
        }
    }

    private func ready() {
        guard leg != nil else { return refuse("no-media", "The microphone is not connected yet.") }
        wantsReady = !isConnected
        if isConnected { services.queues.handle(.agentReady(agent)) }
    }

    private func accept(_ entry: EntryID) {
        guard isConnected else { return refuse("no-media", "The microphone is not connected yet.") }
        services.queues.handle(.accept(agent, entry))
    }

    /// Where there are reasons, one of them is given.
    private func rest(_ reason: String?) {
        let reasons = services.breaks
        guard reasons.isEmpty || reason.map(reasons.contains) == true else {
            return refuse("break-reason", "Choose a reason for the break.")
        }
        services.queues.handle(.agentBreak(agent, reason: reasons.isEmpty ? nil : reason))
    }

    private func withOffer(_ request: ConsultantRequest, _ body: (EntryID) -> Void) {
        guard let offered, request.offer == "\(offered.id.rawValue)" else {
            return refuse("no-offer", "This call is no longer offered.")
        }
        body(offered.id)
    }

    private func hold(_ on: Bool) {
        guard let talk, on != isHeld else { return refuse("no-call", "There is no call to hold.") }
        isHeld = on
        services.queues.handle(on ? .hold(talk.entry.id) : .resume(talk.entry.id))
        on ? talk.call.held() : talk.call.resumed(with: self)
        sendCall()
    }

    private func send(digits: String) {
        guard let talk, let digits = DigitString(digits) else {
            return refuse("digits", "Digits can be sent in a call: 0 to 9, * and #, 16 at most.")
        }
        talk.call.leg.send(digits: digits)
    }

    private func hangUp() {
        guard let talk else { return refuse("no-call", "There is no call to hang up.") }
        services.queues.consultantEnded(talk.entry.id)
    }
}
