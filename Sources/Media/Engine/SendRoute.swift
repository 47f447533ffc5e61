// Whether the kernel keeps the address of a leg's peer, so that it need not look it up for every packet.

/// How the RTP socket of one leg is addressed.
enum SendRoute: BitwiseCopyable {
    /// Each datagram names its destination; nobody has latched yet. goes to: latched
    case open
    /// A plain path heard its peer and hears nobody else from now on: the shell may connect the socket.
    /// goes to: connected, fixed
    case latched
    /// The kernel knows the peer, and keeps strangers out itself. goes to: open, fixed
    case connected
    /// Each datagram names its destination, for good: checks of ICE come from other addresses of the peer, or the
    /// kernel refused. goes to: open
    case fixed

    init(_ plan: MediaPlan) {
        switch plan.security {
        case .plain: self = .open
        case .dtls: self = .fixed
        }
    }

    @_noLocks @_noAllocation
    mutating func noteLatched() {
        if case .open = self { self = .latched }
    }

    var isConnected: Bool {
        @_noLocks @_noAllocation get {
            switch self {
            case .connected: true
            case .open, .latched, .fixed: false
            }
        }
    }
}
