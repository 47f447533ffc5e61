// New offers in a standing SIP call, theirs and ours (RFC 3264 §8): one leg, one dialog.

import Logging
import Media
import SIP

/// What both ends of a call need: the customer's telephone, and somebody whom we have called.
@Signalling
struct Renegotiation {
    private let dialog: Dialog
    private let leg: MediaLeg
    private var local: LocalMedia
    /// What we offered in a re-INVITE without SDP, until its answer comes.
    private var pendingOffer: SessionDescription?
    private let log: Logger

    init(dialog: Dialog, leg: MediaLeg, local: LocalMedia, log: Logger) {
        self.dialog = dialog
        self.leg = leg
        self.local = local
        self.log = log
    }

    mutating func reoffered(_ sdp: String?) {
        local.sessionVersion += 1
        guard let sdp else {
            let ours = Negotiation.offer(local: local, hold: false, continuing: leg.plan)
            pendingOffer = ours
            return dialog.respond(sdp: ours.text)
        }
        do {
            let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: sdp), local: local)
            leg.update(plan)
            dialog.respond(sdp: answer.text)
        } catch {
            refused(error)
            dialog.rejectOffer(status: 488)
        }
    }

    mutating func answered(_ sdp: String) {
        guard let offer = pendingOffer else { return }
        pendingOffer = nil
        do {
            leg.update(try Negotiation.accept(try SessionDescription(parsing: sdp), to: offer, local: local))
        } catch {
            refused(error)
        }
    }

    mutating func failed() { pendingOffer = nil }

    private func refused(_ error: any Error) {
        log.notice("call.reoffer.refused", metadata: ["why": "\(error)", "peer": "\(dialog.source)"])
    }
}
