// Encryption of one peer's packets (RFC 3711, RFC 7714) by libsrtp. The only file that imports it.

import CSRTP

/// libsrtp's two contexts of one peer: what we send, what we receive.
struct SRTPSession: ~Copyable {
    enum Failure: Sendable, BitwiseCopyable {
        case unauthenticated
        case replayed
        case malformed
        case tooManyStreams
    }

    /// The most that protection adds: a 16-byte tag and, for RTCP, the 4-byte index (RFC 7714 §9, RFC 3711 §3.4).
    static var trailerLength: Int { @_noLocks @_noAllocation get { 20 } }
    /// Streams that one peer may send under its keys. libsrtp keeps a context for each, for ever, in a list.
    private static var maximumStreams: Int { @_noLocks @_noAllocation get { 8 } }

    /// libsrtp's one-time set-up; true when it worked.
    private static let isLibraryReady = srtp_init() == srtp_err_status_ok

    private let outbound: srtp_t
    private let inbound: srtp_t
    private var streams = InlineArray<8, UInt32>(repeating: 0)
    private var streamCount = 0

    /// Nil when libsrtp refuses keys or has no memory.
    init?(keys: SRTPKeys) {
        guard SRTPSession.isLibraryReady else { return nil }
        guard let outbound = SRTPSession.make(keys.profile, master: keys.outbound, direction: ssrc_any_outbound) else {
            return nil
        }
        guard let inbound = SRTPSession.make(keys.profile, master: keys.inbound, direction: ssrc_any_inbound) else {
            srtp_dealloc(outbound)
            return nil
        }
        self.outbound = outbound
        self.inbound = inbound
    }

    deinit {
        srtp_dealloc(outbound)
        srtp_dealloc(inbound)
    }

    /// Sets the library up ahead of the first call; safe to repeat.
    static func prepare() { _ = isLibraryReady }

    private static func make(_ profile: SRTPProfile, master: SRTPKeys.Master, direction: srtp_ssrc_type_t) -> srtp_t? {
        var policy = srtp_policy_t()
        let number =
            switch profile {
            case .aeadAES128GCM: srtp_profile_aead_aes_128_gcm
            case .aes128CMHMACSHA1: srtp_profile_aes128_cm_sha1_80
            }
        guard srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, number) == srtp_err_status_ok,
            srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, number) == srtp_err_status_ok
        else { return nil }
        policy.ssrc.type = direction
        // Packets that come up to 20 s late are not taken for replays.
        policy.window_size = 1_024
        var master = master
        var session: srtp_t?
        let status = withUnsafeMutableBytes(of: &master) { bytes in
            policy.key = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return srtp_create(&session, &policy)
        }
        return status == srtp_err_status_ok ? session : nil
    }

    /// Encrypts an RTP packet in place; the new length, 0 when it cannot be done.
    @_noLocks @_noAllocation
    func protectRTP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard length >= RTPHeader.length, capacity - length >= SRTPSession.trailerLength else { return 0 }
        return SRTPSession.protectRTP(outbound, packet, length)
    }

    /// Encrypts an RTCP compound in place; the new length, 0 when it cannot be done.
    @_noLocks @_noAllocation
    func protectRTCP(_ packet: UnsafeMutableRawPointer, length: Int, capacity: Int) -> Int {
        guard length >= 8, capacity - length >= SRTPSession.trailerLength else { return 0 }
        return SRTPSession.protectRTCP(outbound, packet, length)
    }

    /// Decrypts in place. Gives the new length, or why not.
    @_noLocks @_noAllocation
    mutating func unprotect(_ packet: UnsafeMutableRawBufferPointer, isRTCP: Bool) -> (length: Int, failure: Failure?) {
        let minimum = isRTCP ? 8 : RTPHeader.length
        guard packet.count >= minimum, let start = packet.baseAddress else { return (0, .malformed) }
        let bytes = UnsafeRawBufferPointer(start: start, count: packet.count)
        let source = bytes.bigEndian32(at: isRTCP ? 4 : 8)
        let isKnown = knows(source)
        guard isKnown || streamCount < SRTPSession.maximumStreams else { return (0, .tooManyStreams) }
        let result = SRTPSession.unprotect(inbound, start, packet.count, isRTCP)
        if result.failure == nil, !isKnown {
            streams[streamCount] = source
            streamCount += 1
        }
        return result
    }

    @_noLocks @_noAllocation
    private func knows(_ source: UInt32) -> Bool {
        for index in 0..<streamCount where streams[index] == source { return true }
        return false
    }

    @_semantics("no_performance_analysis") @inline(never)
    private static func protectRTP(_ session: srtp_t, _ packet: UnsafeMutableRawPointer, _ length: Int) -> Int {
        var bytes = Int32(length)
        return srtp_protect(session, packet, &bytes) == srtp_err_status_ok ? Int(bytes) : 0
    }

    @_semantics("no_performance_analysis") @inline(never)
    private static func protectRTCP(_ session: srtp_t, _ packet: UnsafeMutableRawPointer, _ length: Int) -> Int {
        var bytes = Int32(length)
        return srtp_protect_rtcp(session, packet, &bytes) == srtp_err_status_ok ? Int(bytes) : 0
    }

    @_semantics("no_performance_analysis") @inline(never)
    private static func unprotect(
        _ session: srtp_t, _ packet: UnsafeMutableRawPointer, _ length: Int, _ isRTCP: Bool
    ) -> (length: Int, failure: Failure?) {
        var bytes = Int32(length)
        let status =
            isRTCP ? srtp_unprotect_rtcp(session, packet, &bytes) : srtp_unprotect(session, packet, &bytes)
        switch status {
        case srtp_err_status_ok: return (Int(bytes), nil)
        case srtp_err_status_replay_fail, srtp_err_status_replay_old: return (0, .replayed)
        case srtp_err_status_auth_fail, srtp_err_status_cipher_fail: return (0, .unauthenticated)
        default: return (0, .malformed)
        }
    }
}
