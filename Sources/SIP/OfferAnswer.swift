// Who owes what in the offer/answer exchanges of a standing call (RFC 3264 §4, RFC 6337): one offer at a time.

import Timing

/// The book-keeping of one dialog's re-INVITEs and UPDATEs.
@Signalling
struct OfferAnswer {
    enum Exchange {
        /// Goes to: theirs, ours, backingOff.
        case idle
        /// The peer's offer, or its wish for ours, waits for `respond`. Goes to: owed, idle.
        case theirs(HeldRequest?, viaUpdate: Bool, isOfferOurs: Bool)
        /// Our 200 to a re-INVITE is out, its ACK is awaited; with our offer in it, the answer too. Goes to: idle.
        case owed(isOfferOurs: Bool)
        /// Our re-INVITE is out. Goes to: idle, backingOff.
        case ours(Offer)
        /// 491 came; the re-INVITE is repeated after a while. Goes to: ours, theirs.
        case backingOff(Offer, TimerToken)
    }

    struct Offer {
        let sdp: String
        /// How often it was sent.
        var attempts = 1
        /// A session refresh towards a peer without UPDATE: its answer is news to nobody.
        let isRefresh: Bool
    }

    var exchange = Exchange.idle
    /// The description that we gave last, for a refresh by re-INVITE.
    var latest: String?
    /// The offer to be made when the exchange under way is over; the last wish wins.
    var waiting: String?

    /// The ACK to a re-INVITE came.
    mutating func acknowledged(_ sdp: String?) -> DialogEvent? {
        guard case .owed(let isOfferOurs) = exchange else { return nil }
        exchange = .idle
        guard isOfferOurs else { return nil }
        // An ACK without the answer breaks RFC 3261 §13.2.1; the session stays as it was.
        return sdp.map { .reofferAnswered(sdp: $0) } ?? .reofferFailed(status: 488)
    }

    mutating func withdrawn(_ handle: CallHandle) {
        guard case .theirs(let request, viaUpdate: false, _) = exchange else { return }
        handle.drop(request)
        exchange = .idle
    }

    /// The dialog is over.
    mutating func stop(_ handle: CallHandle) {
        switch exchange {
        case .theirs(let request, _, _): handle.drop(request)
        case .backingOff(_, let timer): timer.cancel()
        case .idle, .owed, .ours: break
        }
        exchange = .idle
        waiting = nil
    }
}
