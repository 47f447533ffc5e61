// One call's SIP dialog (RFC 3261 §12): from the first INVITE to the answer to BYE.

import Timing

/// Made by the `UserAgent`, for an INVITE that came or a call that we place. Set `onEvent` at once.
@Signalling
public final class Dialog {
    enum State {
        /// An INVITE waits for our final answer; the answer to its offer may have gone out in a reliable 183.
        /// Goes to: answered, over.
        case invited(HeldRequest?, isAnswered: Bool)
        /// Our 200 is out, the ACK is awaited. BYE must wait for it (RFC 3261 §15), so a wish to hang up is kept.
        /// Goes to: talking, leaving, over.
        case answered(isOfferOurs: Bool, hangUp: SIPReason??)
        /// Our INVITE is out. Goes to: owesAnswer, talking, leaving, over.
        case calling
        /// The peer's 200 brought an offer; the ACK with our answer is due. Goes to: talking, leaving, over.
        case owesAnswer
        /// Goes to: leaving, over.
        case talking
        /// BYE or CANCEL is out. Goes to: told, over.
        case leaving
        /// The owner knows that the call is over; the stack is still at it. Goes to: over.
        case told
        case over
    }

    public nonisolated let id: DialogID
    public nonisolated let callID: String
    /// The other end.
    public nonisolated let from: SIPIdentity
    public nonisolated let to: SIPIdentity
    /// The user part of the Request-URI, without parameters: what was dialled.
    public nonisolated let calledUser: String
    /// Where the INVITE came from, `ip:port`, IPv6 in brackets.
    public nonisolated let source: String
    /// The IP address of `source`.
    public nonisolated let sourceAddress: String
    /// The INVITE's session description; nil when the offer is left to us.
    public nonisolated let offer: String?
    public nonisolated let isOutgoing: Bool

    public var onEvent: (DialogEvent) -> Void = { _ in }
    /// Provisional answers to a call of ours: status 101 to 199 and the session description in it, if any.
    public var onProgress: (_ status: Int, _ sdp: String?) -> Void = { _, _ in }

    let handle: CallHandle
    let userAgent: UserAgent
    var state: State
    var negotiation = OfferAnswer()
    /// Watches over the state: no ACK, no answer to BYE.
    private var watchdog: TimerToken?
    private var isCallOffered = false
    var refresh: SessionRefresh

    /// For an INVITE that has come.
    init(_ message: SIPMessage, id: DialogID, handle: CallHandle, userAgent: UserAgent, from: SIPIdentity) {
        self.id = id
        self.handle = handle
        self.userAgent = userAgent
        self.from = from
        callID = message.callID
        to = message.to
        calledUser = message.requestUser
        sourceAddress = message.sourceIP
        source = "\(SIPAddress.bracketed(message.sourceIP)):\(message.sourcePort)"
        offer = message.body.sdp
        isOutgoing = false
        refresh = SessionRefresh(ours: userAgent.sessionExpires)
        refresh.learn(from: message, isAnswer: false)
        state = .invited(handle.holdRequest(), isAnswered: false)
    }

    /// For a call of ours.
    init(calling address: SIPAddress, id: DialogID, handle: CallHandle, userAgent: UserAgent, sdp: String?) {
        self.id = id
        self.handle = handle
        self.userAgent = userAgent
        callID = ""
        from = SIPIdentity(user: address.user, host: address.host)
        to = from
        calledUser = address.user
        sourceAddress = address.host
        source = "\(SIPAddress.bracketed(address.host)):\(address.port)"
        offer = nil
        isOutgoing = true
        refresh = SessionRefresh(ours: userAgent.sessionExpires)
        isCallOffered = sdp != nil
        negotiation.latest = sdp
        state = .calling
        handle.invite(sdp: sdp, automaticACK: sdp != nil)
    }

    // MARK: Answering

    /// 180: it rings. Reliable (RFC 3262) when the caller requires that.
    public func ring() {
        guard case .invited(let request, _) = state else { return }
        handle.provisional(180, to: request, sdp: nil)
    }

    /// 183 with our answer to the offer: early media. Reliable when the caller can. Nothing without an offer.
    public func progress(sdp: String) {
        guard case .invited(let request, _) = state, offer != nil else { return }
        negotiation.latest = sdp
        state = .invited(request, isAnswered: true)
        handle.provisional(183, to: request, sdp: sdp)
    }

    /// 200 with our answer, or with our offer when the INVITE had none. `confirmed` follows, or `ended`.
    public func answer(sdp: String) {
        guard case .invited(let request, _) = state else { return }
        negotiation.latest = sdp
        state = .answered(isOfferOurs: offer == nil, hangUp: nil)
        handle.respond(200, to: request, sdp: sdp)
        // RFC 3261 §13.3.1.4: the stack gives up after 64*T1 = 32 s; this is for the case that it forgets.
        watch(.seconds(40)) { dialog in
            dialog.handle.bye(nil)
            dialog.lose(408, "No ACK")
        }
    }

    /// Refuses the call. `status` 300 to 699; `reason` is for a person (Warning 399); `retryAfter` in seconds.
    /// No event follows.
    public func reject(status: Int, reason: String? = nil, retryAfter: Int? = nil) {
        guard case .invited(let request, _) = state else { return }
        precondition(300...699 ~= status, "A call is refused with a status from 300 to 699, not \(status).")
        handle.respond(status, to: request, retryAfter: retryAfter, warning: reason)
        state = .told
    }

    /// Our answer to the offer in the peer's 200, after `confirmed` of a call that was placed without SDP.
    public func acknowledge(sdp: String) {
        guard case .owesAnswer = state else { return }
        state = .talking
        negotiation.latest = sdp
        handle.acknowledge(sdp: sdp)
    }

    // MARK: Ending

    /// Ends the call, however far it is: BYE, CANCEL or 480. `ended(by: .local)` follows when the peer has answered,
    /// at the latest after 40 s.
    public func hangUp(reason: SIPReason? = nil) {
        switch state {
        case .invited(let request, _):
            handle.respond(480, to: request)
            end(.ended(by: .local, cause: nil, reason: nil))
        case .answered(let isOfferOurs, _): state = .answered(isOfferOurs: isOfferOurs, hangUp: .some(reason))
        case .calling: leave { $0.cancel(reason) }
        case .owesAnswer, .talking: leave { $0.bye(reason) }
        case .leaving, .told, .over: return
        }
    }

    /// Ends the call without waiting for anything: the server stops.
    func abandon() {
        switch state {
        case .answered: leave { $0.bye(.normal) }
        case .invited, .calling, .owesAnswer, .talking: hangUp(reason: .normal)
        case .leaving, .told, .over: break
        }
        end(.ended(by: .local, cause: nil, reason: nil))
    }

    func leave(_ send: (CallHandle) -> Void) {
        negotiation.stop(handle)
        state = .leaving
        send(handle)
        watch(.seconds(40)) { dialog in dialog.end(.ended(by: .local, cause: nil, reason: nil)) }
    }

    /// The peer or the way to it is gone. The stack may still be sending BYE; the owner need not wait for that.
    func lose(_ cause: Int?, _ reason: String) {
        userAgent.counters.lostDialogs += 1
        end(.ended(by: .network, cause: cause, reason: reason))
    }

    /// The last event, told once. The handle is kept until the stack is through with the session.
    func end(_ event: DialogEvent) {
        switch state {
        case .told, .over: return
        case .invited, .answered, .calling, .owesAnswer, .talking, .leaving:
            stopTimers()
            state = .told
            onEvent(event)
        }
    }

    /// The stack is through.
    func finish() {
        stopTimers()
        state = .over
        handle.release()
        userAgent.forget(self)
    }

    private func stopTimers() {
        negotiation.stop(handle)
        refresh.timer?.cancel()
        watchdog?.cancel()
        watchdog = nil
    }

    private func watch(_ delay: Duration, _ bark: @escaping @Signalling (Dialog) -> Void) {
        watchdog?.cancel()
        watchdog = Signalling.timer(at: Clock.monotonic() + delay) { [weak self] in
            if let self { bark(self) }
        }
    }

    func confirm(_ sdp: String?) {
        watchdog?.cancel()
        watchdog = nil
        state = !isOutgoing || isCallOffered ? .talking : .owesAnswer
        scheduleRefresh()
        onEvent(.confirmed(sdp: sdp))
    }
}

/// Distinguishes the dialogs of one user agent; never reused.
public struct DialogID: Hashable, Sendable {
    let rawValue: UInt64
}
