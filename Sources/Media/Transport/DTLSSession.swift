// A DTLS 1.2 handshake for SRTP keys (RFC 6347, RFC 5764), by OpenSSL, without a socket or a clock.

import COpenSSL
import Timing

/// One DTLS association. Owns OpenSSL's session.
struct DTLSSession: ~Copyable {
    /// What a call led to. `established` comes once.
    enum Progress: Sendable, BitwiseCopyable {
        case waiting
        case established(SRTPKeys)
        case failed(TransportFailure)
    }

    private enum State {
        /// Goes to `established` when Finished was received and the fingerprint fits; to `ended` otherwise.
        case handshaking
        /// Keys were given out. Goes to `ended` when the peer closes.
        case established
        case ended
    }

    /// First wait for the peer's flight. RFC 6347 §4.2.4.1 recommends 1 s for the Internet at large; calls are set up
    /// in less, and RFC 9147 §5.8.2 allows shorter timers where the round trip is known to be short.
    private static let firstWait = Duration.milliseconds(200)
    /// RFC 6347 §4.2.4.1 lets the wait double up to 60 s; after 30 s nobody waits for sound.
    private static let longestWait = Duration.milliseconds(3_200)
    private static let deadline = Duration.seconds(30)

    private let session: OpaquePointer
    private let pipe: UnsafeMutablePointer<DTLSPipe>
    private let role: DTLSRole
    private let fingerprints: [CertificateFingerprint]
    private var state = State.handshaking
    private var wait = DTLSSession.firstWait
    private var retransmission: Instant?
    private var timerSettings = 0
    private var started: Instant?

    /// `fingerprints` are the peer's, from its SDP; without one there is no session.
    init(
        certificate: DTLSCertificate, role: DTLSRole, fingerprints: [CertificateFingerprint]
    ) throws(TransportError) {
        guard !fingerprints.isEmpty else { throw .noFingerprint }
        guard let session = certificate.makeSession() else { throw .openSSL }
        let pipe = UnsafeMutablePointer<DTLSPipe>.make()
        guard let bio = pipe.makeBIO() else {
            SSL_free(session)
            pipe.free()
            throw .openSSL
        }
        // The session takes one reference for both directions.
        SSL_set_bio(session, bio, bio)
        COpenSSL_setMTU(session, DTLSPipe.mtu)
        switch role {
        case .client: SSL_set_connect_state(session)
        case .server: SSL_set_accept_state(session)
        }
        self.session = session
        self.pipe = pipe
        self.role = role
        self.fingerprints = fingerprints
    }

    deinit {
        SSL_free(session)
        pipe.free()
    }

    var isEnded: Bool {
        switch state {
        case .handshaking, .established: false
        case .ended: true
        }
    }

    /// Sends the ClientHello when we are the client. To be called when the peer's address is known; repeating is
    /// harmless.
    mutating func start(now: Instant) -> Progress {
        guard case .handshaking = state, role == .client, started == nil else { return .waiting }
        return advance(now: now)
    }

    /// Takes one datagram. What is to be sent waits in `drain`.
    mutating func receive(_ datagram: UnsafeRawBufferPointer, now: Instant) -> Progress {
        pipe.setInput(datagram)
        defer { pipe.setInput(nil) }
        switch state {
        case .handshaking: return advance(now: now)
        case .established: return readOn()
        case .ended: return .waiting
        }
    }

    /// Retransmits our last flight when its answer is overdue, gives up after 30 s.
    mutating func tick(now: Instant) -> Progress {
        guard case .handshaking = state, let started, let due = retransmission, now >= due else { return .waiting }
        guard now - started < DTLSSession.deadline else { return fail(.handshake) }
        wait = min(wait + wait, DTLSSession.longestWait)
        retransmission = now + wait
        pipe.expireTimer()
        ERR_clear_error()
        guard COpenSSL_handleTimeout(session) >= 0 else { return fail(.handshake) }
        timerSettings = pipe.pointee.timerSettings
        return .waiting
    }

    /// Takes the datagrams to be sent.
    mutating func drain(_ body: (UnsafeRawBufferPointer) -> Void) {
        pipe.drain(body)
    }

    private mutating func advance(now: Instant) -> Progress {
        if started == nil { started = now }
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return establish() }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            if pipe.pointee.timerSettings != timerSettings {
                timerSettings = pipe.pointee.timerSettings
                wait = DTLSSession.firstWait
                retransmission = now + wait
            }
            if !pipe.pointee.isTimerSet { retransmission = nil }
            return .waiting
        default: return fail(.handshake)
        }
    }

    private mutating func establish() -> Progress {
        retransmission = nil
        guard isPeerGenuine() else { return fail(.wrongCertificate) }
        guard let keys = exportKeys() else { return fail(.noKeys) }
        state = .established
        return .established(keys)
    }

    /// Reads what follows the handshake: a peer that missed our last flight repeats its own, and OpenSSL answers;
    /// application data is thrown away.
    private mutating func readOn() -> Progress {
        ERR_clear_error()
        return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { scratch in
            while true {
                let count = SSL_read(session, scratch.baseAddress, Int32(scratch.count))
                if count > 0 { continue }
                switch SSL_get_error(session, count) {
                case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .waiting
                case SSL_ERROR_ZERO_RETURN: return fail(.closed)
                default: return fail(.handshake)
                }
            }
        }
    }

    private mutating func fail(_ failure: TransportFailure) -> Progress {
        state = .ended
        retransmission = nil
        return .failed(failure)
    }

    /// RFC 8122 §6.2: at least one fingerprint MUST match, or the session is torn down. OpenSSL has checked that the
    /// peer owns the certificate's key.
    private func isPeerGenuine() -> Bool {
        guard let certificate = SSL_get1_peer_certificate(session) else { return false }
        defer { X509_free(certificate) }
        return fingerprints.contains { fingerprint in
            let function =
                switch fingerprint.function {
                case .sha256: EVP_sha256()
                case .sha384: EVP_sha384()
                case .sha512: EVP_sha512()
                }
            var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            var length: UInt32 = 0
            guard X509_digest(certificate, function, &digest, &length) == 1 else { return false }
            return digest.prefix(Int(length)).elementsEqual(fingerprint.bytes)
        }
    }

    private func exportKeys() -> SRTPKeys? {
        guard let selected = SSL_get_selected_srtp_profile(session) else { return nil }
        let profile: SRTPProfile
        switch Int32(truncatingIfNeeded: selected.pointee.id) {
        case SRTP_AEAD_AES_128_GCM: profile = .aeadAES128GCM
        case SRTP_AES128_CM_SHA1_80: profile = .aes128CMHMACSHA1
        default: return nil
        }
        let label = "EXTRACTOR-dtls_srtp"
        return withUnsafeTemporaryAllocation(byteCount: SRTPKeys.materialLength(profile), alignment: 1) { material in
            defer { OPENSSL_cleanse(material.baseAddress, material.count) }
            let bytes = material.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard SSL_export_keying_material(session, bytes, material.count, label, label.utf8.count, nil, 0, 0) == 1
            else { return nil }
            return SRTPKeys(profile: profile, material: UnsafeRawBufferPointer(material), role: role)
        }
    }
}
