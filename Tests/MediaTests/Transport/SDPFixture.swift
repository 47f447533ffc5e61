// Offers as real clients make them, and what we bring to answer them.

import Foundation

@testable import Media

/// One file of `Fixtures`.
enum SDPFixture: String, CaseIterable, Sendable {
    case chromium = "chromium-offer"
    case firefox = "firefox-offer"
    case sipp = "sipp-offer"
    case baresip = "baresip-offer"
    case baresipDTLS = "baresip-dtls-offer"
    case linphone = "linphone-offer"

    /// Read beside this source file, so that the package needs no resource bundle for text.
    var text: String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures/\(rawValue).sdp")
        guard let bytes = try? Foundation.Data(contentsOf: file) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    func session() throws -> SessionDescription { try SessionDescription(parsing: text) }
}

extension LocalMedia {
    static let fingerprintText =
        "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

    /// A server on a public address, for browsers.
    static var browserFacing: LocalMedia {
        LocalMedia(
            address: "203.0.113.5", rtpPort: 9_000, rtcpPort: 9_000, codecs: Codec.preference,
            ice: ICECredentials(usernameFragment: "serverXY", password: "0123456789abcdefghijklmn"),
            fingerprint: CertificateFingerprint(parsing: fingerprintText), sessionID: 42, sessionVersion: 1)
    }

    /// The same for phones: no encryption.
    static var phoneFacing: LocalMedia {
        LocalMedia(
            address: "203.0.113.5", rtpPort: 9_000, rtcpPort: 9_001, codecs: Codec.preference, sessionID: 42,
            sessionVersion: 1)
    }
}
