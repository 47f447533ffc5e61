// One sofia agent on one address: events in, requests and answers out.

import CSofia

/// Owns the C agent. C holds a reference to it until the agent has shut down.
@Signalling
final class Listener {
    private enum State {
        /// Goes to: open, closed.
        case opening
        /// Goes to: closing.
        case open(OpaquePointer)
        /// Waits for the answers to our last requests. Goes to: closed.
        case closing(OpaquePointer, done: () -> Void)
        case closed
    }

    let address: ListenAddress
    let contact: ContactAddress
    private let onEvent: (SIPEvent, UnsafeMutableRawPointer?) -> Void
    private var state = State.opening

    init(
        _ address: ListenAddress, _ configuration: SIPConfiguration,
        onEvent: @escaping @Signalling (Listener, SIPEvent, UnsafeMutableRawPointer?) -> Void
    ) throws(SIPError) {
        self.address = address
        contact = ContactAddress(listen: address, publicAddress: configuration.publicAddress)
        weak var listener: Listener?
        self.onEvent = { event, handle in
            if let listener { onEvent(listener, event, handle) }
        }
        listener = self
        try open(configuration)
    }

    private func open(_ configuration: SIPConfiguration) throws(SIPError) {
        let url = "sip:\(address.description)"
        // Because C keeps the listener for its callbacks; released in `destroy`.
        let context = Unmanaged.passRetained(self)
        let agent = url.withCString { url in
            configuration.userAgent.withCString { name in
                var options = sofia_agent_options()
                options.url = url
                options.user_agent = name
                options.session_expires = UInt32(clamping: configuration.sessionExpires)
                options.min_se = UInt32(clamping: configuration.minSE)
                return sofia_agent_create(
                    Signalling.shared.thread.loop.pointer, &options, onSofiaEvent, context.toOpaque())
            }
        }
        guard let agent else {
            context.release()
            state = .closed
            throw .cannotListen(address.description)
        }
        state = .open(agent)
    }

    var agent: OpaquePointer? {
        switch state {
        case .open(let agent), .closing(let agent, _): agent
        case .opening, .closed: nil
        }
    }

    /// Ends what is left; `done` is called when the port is free again.
    func close(_ done: @escaping @Signalling () -> Void) {
        switch state {
        case .open(let agent):
            state = .closing(agent, done: done)
            sofia_agent_shutdown(agent)
        case .closing, .opening, .closed: done()
        }
    }

    fileprivate func received(_ event: SIPEvent, handle: UnsafeMutableRawPointer?) {
        guard event.kind == .shutdownAnswer else { return onEvent(event, handle) }
        guard event.status >= 200, case .closing = state else { return }
        // Because nua must not be destroyed inside its own callback, the rest happens in a job of its own.
        Task { @Signalling in self.destroy() }
    }

    private func destroy() {
        guard case .closing(let agent, let done) = state else { return }
        state = .closed
        sofia_agent_destroy(agent)
        // Because `open` retained it for C, which is gone now.
        Unmanaged.passUnretained(self).release()
        done()
    }
}

private nonisolated func onSofiaEvent(_ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<sofia_event>?) {
    guard let context, let event else { return }
    // Because the listener is retained for C until the agent is destroyed.
    let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
    let copy = SIPEvent(copying: event.pointee)
    // Because the handle is only passed on to code on this same thread.
    nonisolated(unsafe) let handle = event.pointee.handle
    Signalling.assumeIsolated { listener.received(copy, handle: handle) }
}

/// What goes wrong on our own side.
public enum SIPError: Error, Hashable, Sendable {
    /// Not `ip:port`.
    case notAnAddress(String)
    /// The address is taken, not ours, or not permitted.
    case cannotListen(String)
    /// As many dialogs as allowed.
    case full
    /// The user agent is shut down.
    case closed
}
