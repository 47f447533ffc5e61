// Keeping a session alive (RFC 4028) where the peer does not know UPDATE.

import Timing

/// The stack refreshes by UPDATE, which RFC 4028 §7.4 allows only towards a peer whose Allow names it; one that
/// answers 501 would lose its call. Such a peer gets a re-INVITE with our last description, before the stack's turn
/// comes.
struct SessionRefresh {
    /// Seconds.
    private var interval: Int
    private var isNotOurs = false
    var timer: TimerToken?

    init(ours: Int) { interval = ours }

    /// From the peer's INVITE, or from its 200 to ours.
    mutating func learn(from message: SIPMessage, isAnswer: Bool) {
        isNotOurs = message.allowsUpdate || message.sessionRefresher == (isAnswer ? "uas" : "uac")
        if let theirs = message.sessionExpires { interval = interval == 0 ? theirs : min(interval, theirs) }
    }

    /// How long until our re-INVITE: a third of the interval, as the stack begins before half of it. nil: the stack
    /// refreshes by UPDATE, or the peer does, or there is no session timer.
    var delay: Duration? {
        isNotOurs || interval < 1 ? nil : .milliseconds(interval * 1_000 / 3)
    }
}

extension Dialog {
    func scheduleRefresh() {
        guard let delay = refresh.delay else { return }
        refresh.timer = Signalling.timer(at: Clock.monotonic() + delay) { [weak self] in self?.refreshNow() }
    }

    private func refreshNow() {
        guard case .talking = state else { return }
        scheduleRefresh()
        // An exchange that is under way refreshes the session as well.
        guard case .idle = negotiation.exchange, let sdp = negotiation.latest else { return }
        send(OfferAnswer.Offer(sdp: sdp, isRefresh: true))
    }
}
