// Changing a standing call: re-INVITE (RFC 3261 §14) and UPDATE (RFC 3311), from either side.

import Timing

extension Dialog {
    // MARK: Ours

    /// Offers a change by re-INVITE: hold, another codec or address. `reofferAnswered` or `reofferFailed` follows.
    /// While another exchange is under way the offer waits; a later one replaces it. Glare (491) is retried.
    public func reoffer(sdp: String) {
        guard case .talking = state else { return }
        negotiation.waiting = sdp
        sendWaitingOffer()
    }

    func sendWaitingOffer() {
        guard case .talking = state, case .idle = negotiation.exchange, let sdp = negotiation.waiting else { return }
        negotiation.waiting = nil
        send(OfferAnswer.Offer(sdp: sdp, isRefresh: false))
    }

    func send(_ offer: OfferAnswer.Offer) {
        negotiation.exchange = .ours(offer)
        handle.invite(sdp: offer.sdp)
    }

    func reofferAnswered(_ event: SIPEvent) {
        guard event.status >= 200, case .ours(let offer) = negotiation.exchange else { return }
        if event.status == 491, offer.attempts < 4 {
            userAgent.counters.glares += 1
            return backOff(offer)
        }
        negotiation.exchange = .idle
        defer { sendWaitingOffer() }
        let sdp = event.message.body.sdp
        if event.status < 300 { negotiation.latest = offer.sdp }
        if offer.isRefresh { return }
        switch (event.status, sdp) {
        case (..<300, let sdp?): onEvent(.reofferAnswered(sdp: sdp))
        default: onEvent(.reofferFailed(status: event.status))
        }
    }

    /// RFC 3261 §14.1: the caller waits 2.1 to 4 s, the called 0 to 2 s, so that one of them comes first.
    private func backOff(_ offer: OfferAnswer.Offer) {
        var next = offer
        next.attempts += 1
        let delay = Duration.milliseconds(10 * (isOutgoing ? Int.random(in: 210...400) : Int.random(in: 0...200)))
        let timer = Signalling.timer(at: Clock.monotonic() + delay) { [weak self] in self?.retry() }
        negotiation.exchange = .backingOff(next, timer)
    }

    private func retry() {
        guard case .talking = state, case .backingOff(let offer, _) = negotiation.exchange else { return }
        send(offer)
    }

    // MARK: The peer's

    func offered(_ event: SIPEvent) {
        // From 200 on the stack has answered: glare and overlap.
        guard event.status < 200 else { return userAgent.counters.refusedOffers += 1 }
        let request = handle.holdRequest()
        if let status = event.message.body.refusal {
            userAgent.counters.refusedBodies += 1
            return handle.respond(status, to: request)
        }
        let viaUpdate = event.kind == .update
        let sdp = event.message.body.sdp
        // UPDATE without a description only refreshes the session (RFC 4028 §7.4).
        if viaUpdate, sdp == nil { return handle.respond(200, to: request) }
        guard case .talking = state, acceptsOffer() else {
            userAgent.counters.refusedOffers += 1
            return handle.respond(491, to: request)
        }
        negotiation.exchange = .theirs(request, viaUpdate: viaUpdate, isOfferOurs: sdp == nil)
        onEvent(.reoffered(sdp: sdp, viaUpdate: viaUpdate))
    }

    /// A peer's offer beats ours that waits to be repeated; ours is made afterwards.
    private func acceptsOffer() -> Bool {
        switch negotiation.exchange {
        case .idle: return true
        case .backingOff(let offer, let timer):
            timer.cancel()
            if negotiation.waiting == nil, !offer.isRefresh { negotiation.waiting = offer.sdp }
            negotiation.exchange = .idle
            return true
        case .theirs, .owed, .ours: return false
        }
    }

    /// Accepts the peer's offer with our answer; after `reoffered(sdp: nil)` it is our offer, and `reofferAnswered` or
    /// `reofferFailed` follows.
    public func respond(sdp: String) {
        guard case .theirs(let request, let viaUpdate, let isOfferOurs) = negotiation.exchange else { return }
        negotiation.latest = sdp
        negotiation.exchange = viaUpdate ? .idle : .owed(isOfferOurs: isOfferOurs)
        handle.respond(200, to: request, sdp: sdp)
        sendWaitingOffer()
    }

    /// Refuses the peer's offer, with 488 as a rule (RFC 3261 §14.2); the session goes on as before.
    public func rejectOffer(status: Int) {
        guard case .theirs(let request, _, _) = negotiation.exchange else { return }
        precondition(300...699 ~= status, "An offer is refused with a status from 300 to 699, not \(status).")
        negotiation.exchange = .idle
        handle.respond(status, to: request)
        sendWaitingOffer()
    }
}
