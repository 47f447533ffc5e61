// What a dialog tells its owner. Exactly one of `ended` and `cancelled` comes last, unless the owner rejected the call.

public enum DialogEvent: Sendable, Hashable {
    public enum Ending: Sendable, Hashable {
        /// The peer sent BYE or refused our call.
        case remote
        /// `hangUp` was called.
        case local
        /// No answer, no ACK, no session refresh: the peer or the way to it is gone.
        case network
    }

    /// The call stands. Incoming: the ACK has come; `sdp` is the answer in it when the INVITE had no offer, otherwise
    /// nil. Outgoing: the peer answered 2xx; `sdp` is its answer, or its offer when we called without one.
    case confirmed(sdp: String?)
    /// The peer wants to change the session. To be answered by `respond` or `rejectOffer`. nil: a re-INVITE without
    /// SDP, so that the offer is ours, in `respond`.
    case reoffered(sdp: String?, viaUpdate: Bool)
    /// The answer to our offer: to `reoffer`, or to what we offered in answer to a re-INVITE without SDP.
    case reofferAnswered(sdp: String)
    /// Our offer was refused with this status; the session goes on as before.
    case reofferFailed(status: Int)
    /// A digit by SIP INFO: 0–9, *, #, A–D; `milliseconds` 40 to 10,000.
    case digit(Character, milliseconds: Int)
    /// The call is over. `cause` and `reason` are the peer's Reason header (RFC 3326) or the status of its refusal.
    case ended(by: Ending, cause: Int?, reason: String?)
    /// The caller gave up before we answered.
    case cancelled
}
