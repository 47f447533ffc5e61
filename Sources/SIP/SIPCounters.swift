// What was served and what was refused, by name, since the start.

public struct SIPCounters: Hashable, Sendable {
    /// INVITEs that became a dialog.
    public var incomingCalls = 0
    public var outgoingCalls = 0
    /// INVITEs refused with 503: as many dialogs as allowed.
    public var refusedFull = 0
    /// INVITEs, re-INVITEs and UPDATEs refused with 413 or 415: body too large, or no SDP.
    public var refusedBodies = 0
    /// INFO refused with 415: neither kind of digit.
    public var refusedInfos = 0
    /// Requests outside every dialog that only make sense inside one.
    public var refusedOutsideDialog = 0
    /// Offers refused with 491: another one was under way.
    public var refusedOffers = 0
    /// 491 received for our re-INVITE (RFC 3261 §14.1).
    public var glares = 0
    /// 200 without ACK, sessions without refresh, peers that vanished.
    public var lostDialogs = 0
    /// Errors that the stack reported.
    public var stackErrors = 0

    public init() {}
}
