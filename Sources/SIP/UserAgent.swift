// SIP on our addresses: admits calls, places calls, keeps the dialogs.

import CSofia
import Timing

/// One per server; tests make several. Ends with `shutdown()`.
@Signalling
public final class UserAgent {
    /// Called for every INVITE that begins a call, after admission. To be answered with `ring`, `progress`, `answer` or
    /// `reject`, now or later.
    public var onIncoming: (Dialog) -> Void = { $0.reject(status: 480) }
    public internal(set) var counters = SIPCounters()

    private let configuration: SIPConfiguration
    private var listeners: [Listener] = []
    private var dialogs: [DialogID: Dialog] = [:]
    private var lastID: UInt64 = 0
    private var isClosed = false
    private var openListeners = 0
    /// What `shutdown` waits for.
    private var milestone: (condition: (UserAgent) -> Bool, reached: () -> Void)?

    /// Seconds after which those who are refused for lack of room may try again.
    private static let retryAfter = 10

    /// Binds every address of the configuration, UDP and TCP.
    public init(_ configuration: SIPConfiguration) throws(SIPError) {
        self.configuration = configuration
        do throws(SIPError) {
            for text in configuration.listen { listeners.append(try listener(on: text)) }
        } catch {
            for listener in listeners { listener.close {} }
            throw error
        }
    }

    private func listener(on text: String) throws(SIPError) -> Listener {
        guard let wanted = ListenAddress(text) else { throw .notAnAddress(text) }
        guard let address = wanted.withPort else { throw .cannotListen(text) }
        return try Listener(address, configuration) { [weak self] in self?.received($1, handle: $2, at: $0) }
    }

    /// The port of the first address.
    public var port: UInt16 { listeners.first?.address.port ?? 0 }
    /// Where we listen, `ip:port`, in the order of the configuration.
    public var addresses: [String] { listeners.map(\.address.description) }
    public var dialogCount: Int { dialogs.count }
    /// As many dialogs as allowed, also those whose BYE is not answered yet: new calls get 503.
    public var isFull: Bool { dialogs.count >= configuration.maxCalls }

    var sessionExpires: Int { configuration.sessionExpires }

    // MARK: Calls

    /// Places a call. With `sdp` nil the peer makes the offer. `from.host` empty: our own address.
    public func call(to address: SIPAddress, from: SIPIdentity, sdp: String?) throws(SIPError) -> Dialog {
        guard !isClosed else { throw .closed }
        guard !isFull else { throw .full }
        let id = nextID()
        let isIPv6 = address.host.contains(":")
        guard let listener = listeners.first(where: { $0.address.isIPv6 == isIPv6 }) ?? listeners.first,
            let handle = CallHandle(calling: address, from: from, listener: listener, token: id.rawValue)
        else { throw .closed }
        let dialog = Dialog(calling: address, id: id, handle: handle, userAgent: self, sdp: sdp)
        dialogs[id] = dialog
        counters.outgoingCalls += 1
        return dialog
    }

    func forget(_ dialog: Dialog) {
        dialogs[dialog.id] = nil
        check()
    }

    private func nextID() -> DialogID {
        lastID += 1
        return DialogID(rawValue: lastID)
    }

    /// Ends every call and frees the ports. Returns after 5 s even when peers have not answered our BYE; their port is
    /// freed later then, after 40 s at the latest.
    public func shutdown() async {
        guard !isClosed else { return }
        isClosed = true
        for dialog in dialogs.values { dialog.hangUp(reason: .normal) }
        // A lost BYE has been sent four times by then (RFC 3261 §17.1.2.2: again after 0.5, 1.5 and 3.5 s).
        await reached(within: .seconds(4)) { $0.dialogs.isEmpty }
        for dialog in dialogs.values { dialog.abandon() }
        openListeners = listeners.count
        for listener in listeners {
            listener.close { [weak self] in
                self?.openListeners -= 1
                self?.check()
            }
        }
        await reached(within: .seconds(1)) { $0.openListeners == 0 }
        listeners = []
    }

    /// Waits in `shutdown` until `condition` holds, but not longer than `limit`.
    private func reached(within limit: Duration, _ condition: @escaping (UserAgent) -> Bool) async {
        await withCheckedContinuation { continuation in
            let timer = Signalling.timer(at: Clock.monotonic() + limit) { [weak self] in self?.milestone?.reached() }
            milestone = (
                condition,
                { [weak self] in
                    self?.milestone = nil
                    timer.cancel()
                    continuation.resume()
                }
            )
            check()
        }
    }

    private func check() {
        if let milestone, milestone.condition(self) { milestone.reached() }
    }

    // MARK: Events

    private func received(_ event: SIPEvent, handle: UnsafeMutableRawPointer?, at listener: Listener) {
        if event.token != 0 {
            dialogs[DialogID(rawValue: event.token)]?.handle(event)
            return
        }
        guard let handle else {
            if event.kind == .error { counters.stackErrors += 1 }
            return
        }
        switch event.kind {
        case .invite where event.status < 200: invited(event.message, handle, listener)
        case .options where event.status < 200: optionsAsked(event.message, handle, listener)
        case .info where event.status < 200, .update where event.status < 200:
            counters.refusedOutsideDialog += 1
            refuse(481, event.message, handle, listener).release()
        // The end of a refused INVITE, and what the stack has answered by itself.
        case .terminated, .options, .info, .update: sofia_release(handle)
        case .invite, .cancel, .ack, .bye, .stateTerminating, .inviteAnswer, .shutdownAnswer, .error, .other: break
        }
    }

    /// Admission comes first: nothing is made for a call that there is no room for.
    private func invited(_ message: SIPMessage, _ handle: UnsafeMutableRawPointer, _ listener: Listener) {
        guard !isFull, !isClosed else {
            counters.refusedFull += 1
            refuse(503, message, handle, listener, retryAfter: Self.retryAfter)
            return
        }
        if let status = message.body.refusal {
            counters.refusedBodies += 1
            refuse(status, message, handle, listener)
            return
        }
        let id = nextID()
        let call = CallHandle(
            handle, listener: listener, token: id.rawValue, peer: message.sourceIP, isOverTCP: message.isOverTCP)
        let asserted = configuration.trustsAssertedIdentity ? message.assertedIdentity : nil
        let dialog = Dialog(message, id: id, handle: call, userAgent: self, from: asserted ?? message.from)
        dialogs[id] = dialog
        counters.incomingCalls += 1
        onIncoming(dialog)
    }

    /// RFC 3261 §11: OPTIONS is answered as an INVITE would be. Trunks ask it to learn whether we live and have room.
    private func optionsAsked(_ message: SIPMessage, _ handle: UnsafeMutableRawPointer, _ listener: Listener) {
        let call = temporary(message, handle, listener)
        let isRefused = isFull || isClosed
        call.respondToOptions(
            isRefused ? 503 : 200, retryAfter: isRefused ? Self.retryAfter : nil, request: call.holdRequest())
        call.release()
    }

    /// An INVITE's handle is released when the stack says that its session is over.
    @discardableResult
    private func refuse(
        _ status: Int, _ message: SIPMessage, _ handle: UnsafeMutableRawPointer, _ listener: Listener,
        retryAfter: Int? = nil
    ) -> CallHandle {
        let call = temporary(message, handle, listener)
        call.respond(status, to: call.holdRequest(), retryAfter: retryAfter)
        return call
    }

    private func temporary(
        _ message: SIPMessage, _ handle: UnsafeMutableRawPointer, _ listener: Listener
    ) -> CallHandle {
        CallHandle(handle, listener: listener, token: 0, peer: message.sourceIP, isOverTCP: message.isOverTCP)
    }
}
