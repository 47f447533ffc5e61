// sofia's handle of one call: what can be sent in it.

import CSofia

/// A request that waits for our answer.
struct HeldRequest {
    fileprivate let pointer: UnsafeMutableRawPointer
}

/// Owns the C handle; after `release` nothing is sent any more.
@Signalling
final class CallHandle {
    private let listener: Listener
    private var handle: UnsafeMutableRawPointer?
    /// The peer's IP address, for our Contact.
    private let peer: String?
    private let isOverTCP: Bool

    /// Of an incoming call.
    init(_ handle: UnsafeMutableRawPointer, listener: Listener, token: UInt64, peer: String, isOverTCP: Bool) {
        self.handle = handle
        self.listener = listener
        self.peer = peer
        self.isOverTCP = isOverTCP
        sofia_bind(handle, token)
    }

    /// Of an outgoing call.
    init?(calling address: SIPAddress, from: SIPIdentity, listener: Listener, token: UInt64) {
        guard let agent = listener.agent else { return nil }
        self.listener = listener
        peer = address.host
        isOverTCP = address.transport == .tcp
        let ours = SIPAddress(
            user: from.user, host: from.host.isEmpty ? listener.contact.host(towards: address.host) : from.host,
            port: listener.address.port)
        let name = from.displayName.map { SIPText.quoted($0) + " " } ?? ""
        handle = sofia_handle_create(agent, token, "<\(address.uri)>", "\(name)<\(ours.uri)>")
        if handle == nil { return nil }
    }

    private var contact: String { listener.contact.headerValue(towards: peer, overTCP: isOverTCP) }

    /// The request of the event that is being delivered, kept for `respond`.
    func holdRequest() -> HeldRequest? {
        listener.agent.flatMap(sofia_hold_request).map(HeldRequest.init(pointer:))
    }

    /// Answers a held request. With `sdp` the answer carries a session description and our Contact.
    func respond(
        _ status: Int, to request: HeldRequest?, sdp: String? = nil, retryAfter: Int? = nil, warning: String? = nil
    ) {
        defer { if let request { sofia_drop_request(request.pointer) } }
        guard let handle else { return }
        var response = sofia_response()
        response.handle = handle
        response.request = request?.pointer
        response.status = Int32(status)
        let delay = retryAfter.map { "\(max(0, $0))" }
        // RFC 3261 §20.43: 399 is a warning in words for a person.
        let words = warning.map { "399 centrala \(SIPText.quoted(String($0.prefix(120))))" }
        withCString(sdp) { sdp in
            withCString(status < 300 ? contact : nil) { contact in
                withCString(status == 415 ? SIPMethods.accept : nil) { accept in
                    withCString(delay) { delay in
                        withCString(words) { words in
                            response.sdp = sdp
                            response.contact = contact
                            response.accept = accept
                            response.retry_after = delay
                            response.warning = words
                            sofia_respond(&response)
                        }
                    }
                }
            }
        }
    }

    /// A provisional answer: the request goes on waiting.
    func provisional(_ status: Int, to request: HeldRequest?, sdp: String?) {
        guard let handle else { return }
        var response = sofia_response()
        response.handle = handle
        response.request = request?.pointer
        response.status = Int32(status)
        withCString(sdp) { sdp in
            contact.withCString { contact in
                response.sdp = sdp
                response.contact = contact
                sofia_respond(&response)
            }
        }
    }

    func respondToOptions(_ status: Int, retryAfter: Int?, request: HeldRequest?) {
        defer { if let request { sofia_drop_request(request.pointer) } }
        guard let handle else { return }
        var response = sofia_response()
        response.handle = handle
        response.request = request?.pointer
        response.status = Int32(status)
        withCString(SIPMethods.accept) { accept in
            withCString(SIPMethods.allow) { allow in
                withCString(retryAfter.map { "\($0)" }) { delay in
                    response.accept = accept
                    response.allow = allow
                    response.retry_after = delay
                    sofia_respond(&response)
                }
            }
        }
    }

    func invite(sdp: String?, automaticACK: Bool = true) {
        guard let handle else { return }
        withCString(sdp) { sofia_invite(handle, contact, $0, automaticACK ? 1 : 0) }
    }

    func acknowledge(sdp: String) {
        guard let handle else { return }
        sofia_ack(handle, sdp)
    }

    func bye(_ reason: SIPReason?) {
        guard let handle else { return }
        withCString(reason?.headerValue) { sofia_bye(handle, $0) }
    }

    func cancel(_ reason: SIPReason?) {
        guard let handle else { return }
        withCString(reason?.headerValue) { sofia_cancel(handle, $0) }
    }

    /// No more events come.
    func release() {
        guard let handle else { return }
        self.handle = nil
        sofia_release(handle)
    }

    /// A held request that will not be answered.
    func drop(_ request: HeldRequest?) {
        if let request { sofia_drop_request(request.pointer) }
    }
}

enum SIPMethods {
    static let accept = "application/sdp"
    static let allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, INFO, UPDATE"
}

/// `body` gets NULL for nil.
private func withCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
