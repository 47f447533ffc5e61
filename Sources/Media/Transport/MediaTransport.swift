// One peer's path: plain RTP with latching, or ICE-lite with DTLS-SRTP.

import Timing

/// One peer's path. Made and destroyed by signalling, used by one media thread. `receive`, `protectRTP` and
/// `protectRTCP` allocate nothing once connected.
struct MediaTransport: ~Copyable {
    /// What a datagram turned out to be.
    enum Received: Sendable, BitwiseCopyable {
        /// A plain RTP packet lies at the front of the buffer. Its header is not checked yet.
        case rtp(length: Int)
        /// A plain compound RTCP packet lies at the front of the buffer.
        case rtcp(length: Int)
        /// STUN or DTLS; done with.
        case consumed
        case dropped(DropReason)
    }

    /// Bytes that `protectRTP` and `protectRTCP` may add: `capacity` must exceed `length` by them.
    static var trailerLength: Int { @_noLocks @_noAllocation get { SRTPSession.trailerLength } }

    private(set) var drops = DropCounters()
    private let sockets: MediaSockets
    private let certificate: DTLSCertificate?
    private var ice: ICECredentials?
    private var path: SymmetricPath
    /// Nil on a plain path. By pointer because the compiler's check for locks cannot look into an optional value that
    /// is not copyable; freed in `deinit`.
    private var secure: UnsafeMutablePointer<SecurePath>?
    private var rtcpMux: Bool
    private var hasFailed = false
    private var change: TransportStateChange?

    /// `ice` is our credentials, as in our SDP; nil without ICE.
    init(
        plan: MediaPlan, sockets: MediaSockets, ice: ICECredentials?, certificate: DTLSCertificate?
    ) throws(TransportError) {
        switch plan.security {
        case .plain: secure = nil
        case .dtls(let terms):
            guard let certificate else { throw .noCertificate }
            secure = try MediaTransport.makeSecure(terms, ice: ice, certificate: certificate, sockets: sockets)
        }
        self.sockets = sockets
        self.certificate = certificate
        self.ice = ice
        path = SymmetricPath(plan: plan)
        rtcpMux = plan.rtcpMux
        if isConnected { change = .connected }
    }

    deinit {
        secure?.deinitialize(count: 1)
        secure?.deallocate()
    }

    /// Where RTP goes now; nil when not known yet.
    var remoteRTP: SocketAddress? {
        @_noLocks @_noAllocation get {
            guard let secure, secure.pointee.usesICE else { return path.remoteRTP }
            return secure.pointee.selected
        }
    }

    /// Where RTCP goes now; nil when not known yet or when there is no RTCP: DTLS-SRTP without rtcp-mux would need a
    /// second handshake on the RTCP port.
    var remoteRTCP: SocketAddress? {
        @_noLocks @_noAllocation get {
            if rtcpMux { return remoteRTP }
            return isSecure ? nil : path.remoteRTCP
        }
    }

    /// The socket that RTCP leaves from.
    var rtcpSocket: Int32 {
        @_noLocks @_noAllocation get { rtcpMux || sockets.rtcp < 0 ? sockets.rtp : sockets.rtcp }
    }

    /// Plain: the remote address is known. DTLS: the keys are there too.
    var isConnected: Bool {
        @_noLocks @_noAllocation get {
            guard !hasFailed, case .some = remoteRTP else { return false }
            guard let secure else { return true }
            return secure.pointee.hasKeys
        }
    }

    private var isSecure: Bool { @_noLocks @_noAllocation get { secure != nil } }

    /// Takes one datagram, decrypting it in place.
    @_noLocks @_noAllocation
    mutating func receive(
        _ packet: UnsafeMutableRawBufferPointer, from source: SocketAddress, isRTCPSocket: Bool, now: Instant,
        outbox: inout Outbox
    ) -> Received {
        let bytes = UnsafeRawBufferPointer(start: packet.baseAddress, count: packet.count)
        switch DatagramKind(classifying: bytes) {
        case .rtp:
            guard !isRTCPSocket else { return drop(.wrongPort) }
            return receiveRTP(packet, from: source)
        case .rtcp:
            guard isRTCPSocket || rtcpMux else { return drop(.wrongPort) }
            return receiveRTCP(packet, from: source)
        case .stun:
            guard isSecure, !isRTCPSocket, !hasFailed else { return drop(.unexpectedSTUN) }
            return receiveSTUN(bytes, from: source, now: now, outbox: &outbox)
        case .dtls:
            guard isSecure, !isRTCPSocket, !hasFailed else { return drop(.unexpectedDTLS) }
            return receiveDTLS(bytes, from: source, now: now, outbox: &outbox)
        case .unknown: return drop(.unknownProtocol)
        }
    }

    /// Encrypts the RTP packet in place; the new length, 0 when nothing can be sent yet.
    @_noLocks @_noAllocation
    mutating func protectRTP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard isConnected else { return 0 }
        guard let secure else { return length }
        return secure.pointee.protectRTP(packet, length: length, capacity: capacity)
    }

    /// Encrypts the RTCP compound in place; the new length, 0 when nothing can be sent yet.
    @_noLocks @_noAllocation
    mutating func protectRTCP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard isConnected, case .some = remoteRTCP else { return 0 }
        guard let secure else { return length }
        return secure.pointee.protectRTCP(packet, length: length, capacity: capacity)
    }

    /// To be called every 20 ms or so: DTLS retransmission, loss of consent.
    @_noLocks @_noAllocation
    mutating func tick(now: Instant, outbox: inout Outbox) {
        guard isSecure, !hasFailed else { return }
        tickSecure(now: now, outbox: &outbox)
    }

    /// The change since the last call, once.
    @_noLocks @_noAllocation
    mutating func takeStateChange() -> TransportStateChange? {
        defer { change = nil }
        return change
    }

    /// After a re-negotiation. `ice`: our credentials when they changed (ICE restart).
    @_semantics("no_performance_analysis") @inline(never)
    mutating func update(plan: MediaPlan, ice new: ICECredentials? = nil) {
        let wasConnected = isConnected
        path.update(plan: plan)
        rtcpMux = plan.rtcpMux
        if let new { ice = new }
        do throws(TransportError) {
            try updateSecurity(plan.security)
            // A new fingerprint brings a new handshake, and with it a path that had failed may recover.
            hasFailed = secure?.pointee.hasEnded ?? false
        } catch {
            apply(.change(.failed(.update)))
        }
        if isConnected, !wasConnected { change = .connected }
    }

    private mutating func updateSecurity(_ security: MediaSecurity) throws(TransportError) {
        switch security {
        case .plain: freeSecure()
        case .dtls(let terms):
            guard let certificate else { throw .noCertificate }
            if secure == nil {
                secure = try MediaTransport.makeSecure(terms, ice: ice, certificate: certificate, sockets: sockets)
            } else {
                try secure?.pointee.update(terms: terms, ice: ice, certificate: certificate)
            }
        }
    }

    private mutating func freeSecure() {
        secure?.deinitialize(count: 1)
        secure?.deallocate()
        secure = nil
    }

    private static func makeSecure(
        _ terms: DTLSTerms, ice: ICECredentials?, certificate: DTLSCertificate, sockets: MediaSockets
    ) throws(TransportError) -> UnsafeMutablePointer<SecurePath> {
        let path = try SecurePath(terms: terms, ice: ice, certificate: certificate, socket: sockets.rtp)
        let pointer = UnsafeMutablePointer<SecurePath>.allocate(capacity: 1)
        pointer.initialize(to: path)
        return pointer
    }
}

extension MediaTransport {
    /// A plain path has chosen its one source. Under DTLS the keys choose, and this stays false.
    var isLatched: Bool { @_noLocks @_noAllocation get { !isSecure && path.isLatched } }

    @_noLocks @_noAllocation
    private mutating func receiveRTP(_ packet: UnsafeMutableRawBufferPointer, from source: SocketAddress) -> Received {
        guard isSecure else {
            let bytes = UnsafeRawBufferPointer(start: packet.baseAddress, count: packet.count)
            if let reason = path.accept(bytes, from: source) { return drop(reason) }
            if !isConnected { change = .connected }
            return .rtp(length: packet.count)
        }
        return unprotect(packet, from: source, isRTCP: false)
    }

    @_noLocks @_noAllocation
    private mutating func receiveRTCP(_ packet: UnsafeMutableRawBufferPointer, from source: SocketAddress) -> Received {
        guard isSecure else {
            if let reason = path.acceptRTCP(from: source) { return drop(reason) }
            return .rtcp(length: packet.count)
        }
        return unprotect(packet, from: source, isRTCP: true)
    }

    /// Keys make sure of who sent it; the source is looked at first because that costs nothing.
    @_noLocks @_noAllocation
    private mutating func unprotect(
        _ packet: UnsafeMutableRawBufferPointer, from source: SocketAddress, isRTCP: Bool
    ) -> Received {
        guard isKnown(source) else { return drop(.foreignSource) }
        guard let secure, !hasFailed, secure.pointee.hasKeys else { return drop(.beforeKeys) }
        let (length, failure) = secure.pointee.unprotect(packet, isRTCP: isRTCP)
        switch failure {
        case nil: return isRTCP ? .rtcp(length: length) : .rtp(length: length)
        case .unauthenticated: return drop(.unauthenticatedSRTP)
        case .replayed: return drop(.replayedSRTP)
        case .malformed: return drop(.malformed)
        case .tooManyStreams: return drop(.tooManyStreams)
        }
    }

    /// Under ICE an authenticated check came from there; without, the handshake did, or the SDP announced it.
    @_noLocks @_noAllocation
    private func isKnown(_ source: SocketAddress) -> Bool {
        if let secure, secure.pointee.usesICE { return secure.pointee.hasValidated(source) }
        guard let announced = path.remoteRTP else { return false }
        return source == announced
    }

    @_semantics("no_performance_analysis") @inline(never)
    private mutating func receiveSTUN(
        _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, now: Instant, outbox: inout Outbox
    ) -> Received {
        guard let secure else { return drop(.unexpectedSTUN) }
        return apply(secure.pointee.receiveSTUN(bytes, from: source, now: now, outbox: &outbox))
    }

    /// DTLS from an address that nobody vouched for is not parsed: neither state nor answer for a stranger.
    @_semantics("no_performance_analysis") @inline(never)
    private mutating func receiveDTLS(
        _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, now: Instant, outbox: inout Outbox
    ) -> Received {
        guard let secure else { return drop(.unexpectedDTLS) }
        let isVouchedFor =
            secure.pointee.usesICE ? secure.pointee.hasValidated(source) : path.mayHandshake(from: source)
        guard isVouchedFor else { return drop(.dtlsBeforeICE) }
        let outcome = secure.pointee.receiveDTLS(bytes, from: source, now: now, outbox: &outbox)
        if case .change(.connected) = outcome, !secure.pointee.usesICE { path.latch(to: source) }
        return apply(outcome)
    }

    @_semantics("no_performance_analysis") @inline(never)
    private mutating func tickSecure(now: Instant, outbox: inout Outbox) {
        guard let secure else { return }
        apply(secure.pointee.tick(now: now, destination: remoteRTP, outbox: &outbox))
    }

    @discardableResult
    private mutating func apply(_ outcome: SecurePath.Outcome) -> Received {
        switch outcome {
        case .nothing: return .consumed
        case .dropped(let reason): return drop(reason)
        case .change(let new):
            change = new
            if case .failed = new { hasFailed = true }
            return .consumed
        }
    }

    @_noLocks @_noAllocation
    private mutating func drop(_ reason: DropReason) -> Received {
        drops.count(reason)
        return .dropped(reason)
    }
}
