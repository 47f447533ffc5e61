// DTLS-SRTP over ICE-lite, or over an announced address when the peer does not speak ICE.

import Timing

/// The encrypted path of one peer: who may send, the handshake, the keys.
struct SecurePath: ~Copyable {
    /// What a datagram or a tick led to.
    enum Outcome: Sendable, BitwiseCopyable {
        case nothing
        case change(TransportStateChange)
        case dropped(DropReason)
    }

    /// Nil when the peer does not speak ICE. By pointer, as `srtp`, because the compiler's check for locks cannot look
    /// into an optional value that is not copyable; freed in `deinit`.
    private var ice: UnsafeMutablePointer<ICELite>?
    private var dtls: DTLSSession
    /// Nil until the handshake is done.
    private var srtp: UnsafeMutablePointer<SRTPSession>?
    private var terms: DTLSTerms
    private var localICE: ICECredentials?
    private let socket: Int32
    /// Where the last datagram of the handshake came from; our flights are repeated there.
    private var handshakeSource: SocketAddress?

    init(
        terms: DTLSTerms, ice local: ICECredentials?, certificate: DTLSCertificate, socket: Int32
    ) throws(TransportError) {
        dtls = try DTLSSession(certificate: certificate, role: terms.role, fingerprints: terms.remoteFingerprints)
        if let local, let remote = terms.remoteICE {
            ice = .allocate(capacity: 1)
            ice?.initialize(to: ICELite(local: local, remote: remote))
        } else {
            ice = nil
        }
        srtp = nil
        self.terms = terms
        localICE = local
        self.socket = socket
        SRTPSession.prepare()
    }

    deinit {
        ice?.deinitialize(count: 1)
        ice?.deallocate()
        srtp?.deinitialize(count: 1)
        srtp?.deallocate()
    }

    /// Whether the peer's addresses are learnt by checks.
    var usesICE: Bool { @_noLocks @_noAllocation get { ice != nil } }

    /// Whether packets can be encrypted.
    var hasKeys: Bool { @_noLocks @_noAllocation get { srtp != nil } }

    /// Whether the handshake failed or the peer closed.
    var hasEnded: Bool { dtls.isEnded }

    /// Where media goes under ICE; nil before the first check and after consent was lost.
    var selected: SocketAddress? { @_noLocks @_noAllocation get { ice?.pointee.selected } }

    /// Whether an authenticated check came from there.
    @_noLocks @_noAllocation
    func hasValidated(_ source: SocketAddress) -> Bool {
        ice?.pointee.hasValidated(source) ?? false
    }

    @_noLocks @_noAllocation
    mutating func unprotect(
        _ packet: UnsafeMutableRawBufferPointer, isRTCP: Bool
    ) -> (length: Int, failure: SRTPSession.Failure?) {
        guard let srtp else { return (0, .malformed) }
        return srtp.pointee.unprotect(packet, isRTCP: isRTCP)
    }

    @_noLocks @_noAllocation
    func protectRTP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard let srtp else { return 0 }
        return srtp.pointee.protectRTP(packet, length: length, capacity: capacity)
    }

    @_noLocks @_noAllocation
    func protectRTCP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard let srtp else { return 0 }
        return srtp.pointee.protectRTCP(packet, length: length, capacity: capacity)
    }

    /// A STUN message. Sends the answer.
    @_semantics("no_performance_analysis") @inline(never)
    mutating func receiveSTUN(
        _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, now: Instant, outbox: inout Outbox
    ) -> Outcome {
        guard let ice else { return .dropped(.unexpectedSTUN) }
        let wasAgreed = selected != nil
        var reply = InlineArray<84, UInt8>(repeating: 0)
        let result = withUnsafeMutableBytes(of: &reply) { buffer -> ICELite.Outcome in
            // because an 84-byte array has an address; nil is only for empty buffers
            let start = buffer.baseAddress!
            let (outcome, length) = ice.pointee.receive(bytes, from: source, now: now, reply: start)
            if length > 0 {
                outbox.send(UnsafeRawBufferPointer(start: start, count: length), to: source, socket: socket)
            }
            return outcome
        }
        switch result {
        case .dropped(let reason): return .dropped(reason)
        case .answered: return .nothing
        case .validated:
            if hasKeys { return wasAgreed ? .nothing : .change(.connected) }
            return begin(to: source, now: now, outbox: &outbox)
        }
    }

    /// A DTLS datagram from a source that was validated. Sends what the handshake answers.
    @_semantics("no_performance_analysis") @inline(never)
    mutating func receiveDTLS(
        _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, now: Instant, outbox: inout Outbox
    ) -> Outcome {
        guard !dtls.isEnded else { return .dropped(.unexpectedDTLS) }
        handshakeSource = source
        let progress = dtls.receive(bytes, now: now)
        return finish(progress, to: source, outbox: &outbox)
    }

    /// Sends the ClientHello when that is ours to do.
    mutating func begin(to destination: SocketAddress, now: Instant, outbox: inout Outbox) -> Outcome {
        let progress = dtls.start(now: now)
        return finish(progress, to: destination, outbox: &outbox)
    }

    /// Retransmission and consent. `destination` is where the first flight goes.
    @_semantics("no_performance_analysis") @inline(never)
    mutating func tick(now: Instant, destination: SocketAddress?, outbox: inout Outbox) -> Outcome {
        if let ice, ice.pointee.loses(at: now) { return .change(.lost) }
        guard !hasKeys, let destination else { return .nothing }
        if !usesICE {
            let outcome = begin(to: destination, now: now, outbox: &outbox)
            guard case .nothing = outcome else { return outcome }
        }
        let progress = dtls.tick(now: now)
        return finish(progress, to: handshakeSource ?? destination, outbox: &outbox)
    }

    private mutating func finish(
        _ progress: DTLSSession.Progress, to destination: SocketAddress, outbox: inout Outbox
    ) -> Outcome {
        // Alerts of a failed handshake are sent too, so that the peer learns of it.
        dtls.drain { outbox.send($0, to: destination, socket: socket) }
        switch progress {
        case .waiting: return .nothing
        case .failed(let failure):
            dropKeys()
            return .change(.failed(failure))
        case .established(let keys):
            dropKeys()
            guard let session = SRTPSession(keys: keys) else { return .change(.failed(.noKeys)) }
            srtp = .allocate(capacity: 1)
            srtp?.initialize(to: session)
            return .change(.connected)
        }
    }

    private mutating func dropKeys() {
        srtp?.deinitialize(count: 1)
        srtp?.deallocate()
        srtp = nil
    }

    /// A re-negotiation. A new fingerprint or role means a new handshake (RFC 8842 §3); new ICE credentials an ICE
    /// restart, which keeps the keys.
    mutating func update(
        terms new: DTLSTerms, ice local: ICECredentials?, certificate: DTLSCertificate
    ) throws(TransportError) {
        if Set(new.remoteFingerprints) != Set(terms.remoteFingerprints) {
            dtls = try DTLSSession(certificate: certificate, role: new.role, fingerprints: new.remoteFingerprints)
            dropKeys()
        }
        if let local, let remote = new.remoteICE, local != localICE || remote != terms.remoteICE {
            ice?.pointee.restart(local: local, remote: remote)
            localICE = local
        }
        terms = new
    }
}
