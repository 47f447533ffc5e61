// Every call that is in the house: picks up INVITEs and browser callers, forgets a call when it has ended.

import IVR
import Logging
import Media
import SIP
import Store
import Timing

/// The registry of live calls.
@Signalling
final class CallDesk {
    private(set) var calls: [String: Call] = [:]
    var library: HotlineLibrary
    private let maximumCalls: Int
    private let log: Logger
    /// Set once at start, before the first call.
    var services: CallServices?
    /// Where prompts are recorded by telephone; nil: nowhere. Set once at start.
    var studio: StudioDesk?
    private var browserCalls: [SocketID: Call] = [:]
    private var phones: [ObjectIdentifier: PhoneCall] = [:]

    init(library: HotlineLibrary, maximumCalls: Int, log: Logger) {
        self.library = library
        self.maximumCalls = maximumCalls
        self.log = log
    }

    /// Why no further call is taken now; nil when there is room for one.
    private func refusal(_ services: CallServices) -> String? {
        guard calls.count + (studio?.count ?? 0) < maximumCalls else { return "max_calls reached" }
        return services.media.isOverloaded ? "the media threads are busy" : nil
    }

    // MARK: SIP

    /// A new INVITE: which hotline, which codec, then 200 at once; the hotline begins when the caller acknowledges.
    func incoming(_ dialog: Dialog) {
        guard let services else { return dialog.reject(status: 503, reason: nil, retryAfter: 5) }
        guard let reach = destination(of: dialog, services) else {
            log.notice(
                "call.refused", metadata: ["why": "no hotline has this number", "called": "\(dialog.calledUser)"])
            return dialog.reject(status: 404, reason: nil, retryAfter: nil)
        }
        if let refusal = refusal(services) {
            log.warning("call.refused", metadata: ["why": "\(refusal)"])
            return dialog.reject(status: 503, reason: nil, retryAfter: 10)
        }
        let phone = PhoneCall(dialog: dialog, services: services, reach: reach)
        phones[ObjectIdentifier(dialog)] = phone
        phone.onDone = { [weak self, unowned dialog] in self?.phones[ObjectIdentifier(dialog)] = nil }
        phone.answer()
    }

    /// Makes the other end of the call; nil when nobody has the number that was dialled.
    private func destination(
        of dialog: Dialog, _ services: CallServices
    ) -> ((Caller, MediaLeg) -> any CallEnd)? {
        if let studio, studio.isCalled(by: dialog.calledUser) {
            return { caller, leg in studio.begin(caller, .phone(dialog), leg) }
        }
        return library.hotline(calling: dialog.calledUser).map { hotline in
            { [unowned self] in begin(hotline, $0, .phone(dialog), $1, services, from: "sip") }
        }
    }

    // MARK: Browser

    /// The page "call from this browser" dials a number.
    func incoming(_ socket: Socket, number: String, sdp: String, remote: String) {
        guard browserCalls[socket.id] == nil else {
            return socket.send(BrowserCallerNotice.error(code: "busy", text: "This page is already in a call."))
        }
        guard let services, refusal(services) == nil else {
            return socket.send(BrowserCallerNotice.error(code: "full", text: "All lines are taken. Try again soon."))
        }
        guard let hotline = library.hotline(calling: number) else {
            return socket.send(BrowserCallerNotice.error(code: "unknown-number", text: "No hotline has this number."))
        }
        do {
            let browser = try BrowserLeg.answer(
                sdp, remote: remote, codecs: BrowserLeg.caller, media: services.media)
            let caller = Caller(number: nil, called: number)
            let call = begin(hotline, caller, .browser(socket), browser.leg, services, from: "browser")
            browserCalls[socket.id] = call
            socket.send(BrowserCallerNotice.answer(sdp: browser.answer))
        } catch {
            log.notice("call.refused", metadata: ["why": "\(error)", "from": "browser"])
            socket.send(BrowserCallerNotice.error(code: "media", text: "The sound could not be agreed: \(error)"))
        }
    }

    func browserPressed(_ digits: String, on socket: SocketID) {
        for digit in digits.prefix(16) where "0123456789*#ABCD".contains(digit) {
            browserCalls[socket]?.pressed(digit, how: "page")
        }
    }

    func browserLeft(_ socket: SocketID, by: EndedBy) {
        browserCalls.removeValue(forKey: socket)?.end(by: by, reason: by == .caller ? "hung up" : "page closed")
    }

    // MARK: Any call

    func begin(
        _ hotline: Hotline, _ caller: Caller, _ party: Party, _ leg: MediaLeg, _ services: CallServices, from: String
    ) -> Call {
        let contact = ContactID.make()
        var detail = ["hotline": hotline.name, "called": caller.called, "via": from]
        detail["caller"] = caller.number
        services.facts.append(contact, .received, detail)
        let call = Call(
            contact: contact, hotline: hotline, caller: caller, party: party, leg: leg, services: services)
        calls[contact] = call
        call.recall()
        log.info("call.begin", metadata: ["contact": "\(contact)", "hotline": "\(hotline.name)", "via": "\(from)"])
        return call
    }

    func ended(_ call: Call) {
        calls[call.contact] = nil
        if case .browser(let socket) = call.party { browserCalls[socket.id] = nil }
        log.info("call.end", metadata: ["contact": "\(call.contact)"])
    }

    /// Ends every call, for a stop of the server.
    func endAll(reason: String) {
        for call in calls.values { call.end(by: .system, reason: reason) }
        studio?.endAll(reason: reason)
    }
}
