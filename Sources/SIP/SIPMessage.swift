// What we read of a SIP request or answer, copied with limits.

import CSofia

struct SIPMessage: Sendable {
    let callID: String
    let requestUser: String
    let from: SIPIdentity
    let to: SIPIdentity
    /// P-Asserted-Identity (RFC 3325); a claim of whoever sent the message.
    let assertedIdentity: SIPIdentity?
    let body: SIPBody
    let reason: SIPReason?
    /// Where the packet came from; empty for what the stack made up.
    let sourceIP: String
    let sourcePort: UInt16
    let isOverTCP: Bool
    /// The peer's Allow header names UPDATE (RFC 3311 §4).
    let allowsUpdate: Bool
    /// Seconds, RFC 4028 §4; nil without that header.
    let sessionExpires: Int?
    /// Who is to refresh: "uac", "uas"; nil: nobody says.
    let sessionRefresher: String?

    init(copying event: sofia_event) {
        callID = SIPText.copy(event.call_id) ?? ""
        let user = SIPText.copy(event.request_user) ?? ""
        requestUser = SIPText.unescaped(String(user.prefix { $0 != ";" && $0 != ":" }))
        let privacyWanted = event.privacy_wanted != 0
        from = SIPIdentity(
            user: SIPText.copy(event.from_user), host: SIPText.copy(event.from_host),
            displayName: SIPText.copy(event.from_display), privacyWanted: privacyWanted)
        to = SIPIdentity(
            user: SIPText.copy(event.to_user), host: SIPText.copy(event.to_host),
            displayName: SIPText.copy(event.to_display), privacyWanted: false)
        assertedIdentity = SIPText.copy(event.asserted_identity, limit: 512)
            .flatMap { SIPIdentity(headerValue: $0, privacyWanted: privacyWanted) }
        body = SIPBody(
            type: SIPText.copy(event.content_type), encoding: SIPText.copy(event.content_encoding),
            bytes: UnsafeRawBufferPointer(start: event.body, count: event.body == nil ? 0 : event.body_length))
        reason = SIPReason(
            source: SIPText.copy(event.reason_protocol), cause: SIPText.copy(event.reason_cause),
            text: SIPText.copy(event.reason_text))
        sourceIP = SIPText.copy(event.source_ip) ?? ""
        sourcePort = event.source_port
        isOverTCP = event.over_tcp != 0
        allowsUpdate = event.allows_update != 0
        sessionExpires = event.session_expires == 0 ? nil : Int(event.session_expires)
        sessionRefresher = SIPText.copy(event.session_refresher)?.lowercased()
    }
}
