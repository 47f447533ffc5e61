// Why a datagram went no further, and how often.

/// The named counters of what a path does not accept. Remote input never traps; it ends up here.
enum DropReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// First bytes belong to no protocol spoken here (RFC 7983).
    case unknownProtocol
    /// From an address that neither SDP, latch nor an authenticated check named.
    case foreignSource
    /// RTP or RTCP that does not parse.
    case malformed
    /// A payload type that was not negotiated, from a source not known yet.
    case unknownPayloadType
    /// RTP on the RTCP port, or RTCP where there is no rtcp-mux.
    case wrongPort
    /// STUN that does not parse or has no valid fingerprint.
    case malformedSTUN
    /// STUN without valid MESSAGE-INTEGRITY or for another user name.
    case unauthenticatedSTUN
    /// STUN that is no binding request, or STUN on a path without ICE.
    case unexpectedSTUN
    /// DTLS from an address that no authenticated check has named; not parsed.
    case dtlsBeforeICE
    /// DTLS on a plain path, after failure, or a record that OpenSSL refuses.
    case unexpectedDTLS
    /// SRTP before the keys are there.
    case beforeKeys
    /// SRTP whose tag is wrong.
    case unauthenticatedSRTP
    /// SRTP seen before or too old.
    case replayedSRTP
    /// More streams than one peer may have.
    case tooManyStreams
}

/// One count per reason.
struct DropCounters: Sendable, BitwiseCopyable {
    private var counts = InlineArray<14, UInt32>(repeating: 0)

    subscript(reason: DropReason) -> UInt32 { @_noLocks @_noAllocation get { counts[Int(reason.rawValue)] } }

    @_noLocks @_noAllocation
    mutating func count(_ reason: DropReason) {
        counts[Int(reason.rawValue)] &+= 1
    }
}
