// New offers in a standing SIP call, theirs and ours (RFC 3264 §8): one leg, one dialog.

import Logging
import Media
import SIP

/// What both ends of a call need: the customer's telephone, and somebody whom we have called.
@Signalling
struct Renegotiation {
    private struct Session {
        let leg: MediaLeg
        var local: LocalMedia
    }

    private let dialog: Dialog
    private let log: Logger
    /// None before the first offer and answer.
    private var session: Session?
    /// What we offered in a re-INVITE without SDP, until its answer comes.
    private var pendingOffer: SessionDescription?

    init(dialog: Dialog, log: Logger) {
        self.dialog = dialog
        self.log = log
    }

    /// The first offer and answer are through.
    mutating func agreed(_ leg: MediaLeg, _ local: LocalMedia) { session = Session(leg: leg, local: local) }

    /// What the dialog says of offers; other events are not looked at.
    mutating func handle(_ event: DialogEvent) {
        switch event {
        case .reoffered(let sdp, _): reoffered(sdp)
        case .reofferAnswered(let sdp): answered(sdp)
        case .reofferFailed: pendingOffer = nil
        case .confirmed, .digit, .ended, .cancelled: break
        }
    }

    private mutating func reoffered(_ sdp: String?) {
        session?.local.sessionVersion += 1
        guard let session else { return dialog.rejectOffer(status: 488) }
        guard let sdp else {
            let ours = Negotiation.offer(local: session.local, hold: false, continuing: session.leg.plan)
            pendingOffer = ours
            return dialog.respond(sdp: ours.text)
        }
        do {
            let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: sdp), local: session.local)
            session.leg.update(plan)
            dialog.respond(sdp: answer.text)
        } catch {
            refused(error)
            dialog.rejectOffer(status: 488)
        }
    }

    private mutating func answered(_ sdp: String) {
        guard let session, let offer = pendingOffer else { return }
        pendingOffer = nil
        do {
            let answer = try SessionDescription(parsing: sdp)
            session.leg.update(try Negotiation.accept(answer, to: offer, local: session.local))
        } catch {
            refused(error)
        }
    }

    private func refused(_ error: any Error) {
        log.notice("call.reoffer.refused", metadata: ["why": "\(error)", "peer": "\(dialog.source)"])
    }
}
