// What the peer's section says about encryption: transport, fingerprint, setup, ICE (RFC 5763, RFC 8122, RFC 8839).

extension RemoteAudio {
    /// How the section's transport is protected.
    enum Protection {
        case plain
        /// DTLS-SRTP; also the older `RTP/SAVP(F)` when it comes with a fingerprint (RFC 5764 §8).
        case dtls
        /// SDES or a transport that is no RTP.
        case unsupported
    }

    var protection: Protection {
        switch section.transport.uppercased() {
        case "RTP/AVP", "RTP/AVPF": .plain
        case "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF": .dtls
        case "RTP/SAVP", "RTP/SAVPF": value("fingerprint") == nil ? .unsupported : .dtls
        default: .unsupported
        }
    }

    /// Fingerprints under hash functions that we accept; the section's own, or else the session's.
    var fingerprints: [CertificateFingerprint] {
        let own = section.values("fingerprint")
        let texts = own.isEmpty ? [value("fingerprint")].compactMap { $0 } : own
        return texts.compactMap { CertificateFingerprint(parsing: $0) }
    }

    /// The peer's ICE credentials. Nil when it has none, or is ICE-lite as we are: then nobody sends checks, and the
    /// addresses of the description are used (RFC 8445 §6.1.1).
    func iceCredentials() throws(NegotiationError) -> ICECredentials? {
        guard let fragment = value("ice-ufrag"), let password = value("ice-pwd"), value("ice-lite") == nil else {
            return nil
        }
        guard RemoteAudio.isICEText(fragment, 4...256), RemoteAudio.isICEText(password, 22...256) else {
            throw .malformed
        }
        return ICECredentials(usernameFragment: fragment, password: password)
    }

    /// `ice-char` of RFC 8839 §5.4.
    private static func isICEText(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 43, 47: true
                default: false
                }
            }
    }

    /// Our role against the peer's `a=setup`: we wait for the ClientHello unless the peer insists on waiting.
    func dtlsRole() throws(NegotiationError) -> DTLSRole {
        switch value("setup")?.lowercased() {
        case nil, "actpass", "active": return .server
        case "passive": return .client
        default: throw .insecure
        }
    }

    /// What the section demands, against what we have.
    func security(local: LocalMedia) throws(NegotiationError) -> MediaSecurity {
        switch protection {
        case .plain: return .plain
        case .unsupported: throw .insecure
        case .dtls:
            let fingerprints = fingerprints
            guard local.fingerprint != nil, !fingerprints.isEmpty else { throw .insecure }
            let ice = local.ice == nil ? nil : try iceCredentials()
            return .dtls(DTLSTerms(remoteFingerprints: fingerprints, remoteICE: ice, role: try dtlsRole()))
        }
    }
}
