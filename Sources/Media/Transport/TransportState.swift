// How a path fares: why it cannot be made, why it ended, what changed.

/// Why a path cannot be made.
enum TransportError: Error, Equatable, Sendable {
    /// The plan wants DTLS and no certificate was given.
    case noCertificate
    /// The plan has no fingerprint to check the peer against.
    case noFingerprint
    /// OpenSSL could not make a session.
    case openSSL
}

/// Why a path ended.
enum TransportFailure: Sendable, BitwiseCopyable {
    /// The handshake failed or was given up after 30 s.
    case handshake
    /// The peer's certificate is not the one of the SDP.
    case wrongCertificate
    /// No SRTP profile in common, or libsrtp refused the keys.
    case noKeys
    /// The peer closed the DTLS session.
    case closed
    /// A re-negotiation asked for what cannot be had.
    case update
}

/// What became of the path since it was asked last.
enum TransportStateChange: Sendable, BitwiseCopyable {
    /// Media can be sent and received.
    case connected
    /// No connectivity check for 30 s (RFC 7675 §5.1). `connected` may follow.
    case lost
    /// Nothing is sent or accepted any more.
    case failed(TransportFailure)
}
