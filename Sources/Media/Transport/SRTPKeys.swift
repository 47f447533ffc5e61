// The keys that a DTLS handshake leaves for SRTP (RFC 5764 §4.2).

/// How RTP is encrypted.
enum SRTPProfile: Sendable, BitwiseCopyable {
    /// RFC 7714 §14.2; 0x0007.
    case aeadAES128GCM
    /// RFC 5764 §4.1.2; 0x0001.
    case aes128CMHMACSHA1

    static let keyLength = 16

    var saltLength: Int {
        switch self {
        case .aeadAES128GCM: 12
        case .aes128CMHMACSHA1: 14
        }
    }
}

/// A master key followed by its salt, for each direction.
struct SRTPKeys: Sendable, BitwiseCopyable {
    /// Room for the longest: 16 + 14 bytes.
    typealias Master = InlineArray<30, UInt8>

    var profile: SRTPProfile
    /// For packets that we send.
    var outbound: Master
    /// For packets that we receive.
    var inbound: Master

    /// `material` is what the exporter gave: client key, server key, client salt, server salt (RFC 5764 §4.2).
    init(profile: SRTPProfile, material: UnsafeRawBufferPointer, role: DTLSRole) {
        let client = SRTPKeys.master(material, profile: profile, index: 0)
        let server = SRTPKeys.master(material, profile: profile, index: 1)
        self.profile = profile
        switch role {
        case .client: (outbound, inbound) = (client, server)
        case .server: (outbound, inbound) = (server, client)
        }
    }

    /// Bytes to ask of the exporter.
    static func materialLength(_ profile: SRTPProfile) -> Int { 2 * (SRTPProfile.keyLength + profile.saltLength) }

    private static func master(_ material: UnsafeRawBufferPointer, profile: SRTPProfile, index: Int) -> Master {
        precondition(material.count >= materialLength(profile), "the exporter's buffer is too short")
        var master = Master(repeating: 0)
        for offset in 0..<SRTPProfile.keyLength {
            master[offset] = material[index * SRTPProfile.keyLength + offset]
        }
        for offset in 0..<profile.saltLength {
            master[SRTPProfile.keyLength + offset] =
                material[2 * SRTPProfile.keyLength + index * profile.saltLength + offset]
        }
        return master
    }
}
