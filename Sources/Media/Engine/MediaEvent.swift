// What a media engine tells signalling.

/// News of a leg. Those marked "always" are never lost; the others may be when the ring is full; `.overflow` says so.
public enum MediaEvent: Sendable, BitwiseCopyable {
    /// Always, once per `.add` unless it was detached: the engine no longer uses the leg. Its sockets are out of the
    /// poll set and its last packets sent: close them and free the leg.
    case removed(LegPointer, LegID)
    /// Always, once per `.detach`, unless the leg was gone: as `.removed`, but the leg lives. Give it another number and
    /// add it to another thread. All other news of it under its old number came before this.
    case detached(LegPointer, LegID)
    /// Always, once per `.update`: free the update. The plan is in force.
    case updated(LegID, LegUpdatePointer)
    /// Always, once per `.clean`: what cleaned the leg before, if anything; free it.
    case cleaning(LegID, CleanerPointer)
    /// All of the playlist was sent.
    case played(LegID, token: UInt32)
    /// Something else ended the playlist: another `.play`, `.stopPlaying` or `.remove`.
    case stopped(LegID, token: UInt32)
    /// A key, once per press, when it begins.
    case digit(LegID, Digit, origin: DigitOrigin)
    /// Media can be sent: the address is known, or keys are there.
    case connected(LegID)
    case lost(LegID, LossReason)
    /// The first packet of sound arrived.
    case firstPacket(LegID)
    /// Nothing was received for 10 s although the peer may send: one-way audio, or a peer that suppresses silence.
    case silent(LegID)
    case heardAgain(LegID)
    /// How the leg fared, every 5 s and at its end, when anything was to be heard. May be lost without `.overflow`.
    case quality(LegID, LegQuality)
    /// The peer should send this codec from now on: then it can be relayed, or what gets lost of it can be restored.
    /// Only for peers that follow (`MediaPlan.peerFollows`).
    case wantsCodec(LegID, Codec)
    /// News of this leg was lost because nobody took events for too long: end the call.
    case overflow(LegID)
}

/// Why a leg has no path any more.
public enum LossReason: UInt8, Sendable, BitwiseCopyable {
    /// No connectivity check for 30 s (RFC 7675). `.connected` may follow.
    case noConsent
    /// The DTLS handshake failed or was given up.
    case handshake
    /// The peer's certificate is not the one of its SDP.
    case wrongCertificate
    /// No SRTP profile in common.
    case noKeys
    /// The peer closed the DTLS session.
    case closed
    /// A re-negotiation asked for what cannot be had.
    case renegotiation
}
