// The certificate that browsers know us by: self-signed, made at start, bound to the call by its fingerprint in the
// SDP (RFC 5763 §5).

import COpenSSL

/// OpenSSL failed at something that needs only memory and entropy.
public struct OpenSSLError: Error, Sendable {
    /// What was tried.
    public let step: String
}

/// An ECDSA P-256 key and certificate with the settings of all DTLS sessions under it. One for the whole server.
public final class DTLSCertificate: Sendable {
    /// SHA-256, for `LocalMedia`.
    public let fingerprint: CertificateFingerprint
    /// Unsafe because Swift does not know that an SSL_CTX may be used by many threads once it is set up; it is not
    /// changed after `init`.
    nonisolated(unsafe) private let context: OpaquePointer

    /// Makes a new key and certificate; takes a few milliseconds.
    public init() throws(OpenSSLError) {
        guard let key = COpenSSL_newP256Key() else { throw OpenSSLError(step: "making a P-256 key") }
        defer { EVP_PKEY_free(key) }
        let certificate = try DTLSCertificate.selfSigned(key)
        defer { X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1, length == 32 else {
            throw OpenSSLError(step: "hashing the certificate")
        }
        fingerprint = CertificateFingerprint(function: .sha256, bytes: digest)
        context = try DTLSCertificate.makeContext(certificate, key: key)
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// A session under this certificate; the caller frees it. Nil when out of memory.
    func makeSession() -> OpaquePointer? { SSL_new(context) }

    private static func selfSigned(_ key: OpaquePointer) throws(OpenSSLError) -> OpaquePointer {
        guard let certificate = X509_new() else { throw OpenSSLError(step: "making a certificate") }
        var serial: Int = 0
        withUnsafeMutableBytes(of: &serial) { _ = RAND_bytes($0.baseAddress?.assumingMemoryBound(to: UInt8.self), 7) }
        let name = X509_get_subject_name(certificate)
        let day = 86_400
        // Peers go by the fingerprint and do not look at the dates; ten years outlast any run of the server.
        let isMade =
            X509_set_version(certificate, 2) == 1
            && ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) == 1
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), 3_650 * day) != nil
            // MBSTRING_ASC is 0x1001, a macro that Swift does not see.
            && X509_NAME_add_entry_by_txt(name, "CN", 0x1001, "centrala", -1, -1, 0) == 1
            && X509_set_issuer_name(certificate, name) == 1
            && X509_set_pubkey(certificate, key) == 1
            && X509_sign(certificate, key, EVP_sha256()) > 0
        guard isMade else {
            X509_free(certificate)
            throw OpenSSLError(step: "signing the certificate")
        }
        return certificate
    }

    private static func makeContext(
        _ certificate: OpaquePointer, key: OpaquePointer
    ) throws(OpenSSLError) -> OpaquePointer {
        guard let context = SSL_CTX_new(DTLS_method()) else { throw OpenSSLError(step: "making a DTLS context") }
        COpenSSL_setMediaOptions(context)
        COpenSSL_withoutSessionCache(context)
        // The chain is not checked here: any self-signed certificate may come. What counts is the fingerprint, which
        // `DTLSSession` compares before it gives out keys. A peer without certificate is refused.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) { _, _ in 1 }
        let isReady =
            COpenSSL_useDTLS12Only(context) == 1
            && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
            && COpenSSL_setGroups(context, "X25519:P-256:P-384") == 1
            && SSL_CTX_use_certificate(context, certificate) == 1
            && SSL_CTX_use_PrivateKey(context, key) == 1
            // GCM costs a third of CM with HMAC (this call returns 0 for success).
            && SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0
        guard isReady else {
            SSL_CTX_free(context)
            throw OpenSSLError(step: "setting up the DTLS context")
        }
        return context
    }
}
