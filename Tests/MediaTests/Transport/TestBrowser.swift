// A browser's side of the path: full ICE's checks, a DTLS client, SRTP. Made of our own parts in the other role.

import Timing

@testable import Media

final class TestBrowser {
    static let address = SocketAddress(ip: "198.51.100.7", port: 50_000)!  // because the literal is an address
    static let serverICE = ICECredentials(usernameFragment: "serverXY", password: "0123456789abcdefghijklmn")
    static let ownICE = ICECredentials(usernameFragment: "Yh2x", password: "kB2mXq1b9Jw0hT7cUuH3fN5z")

    private var dtls: DTLSSession
    private var keys: SRTPKeys?
    private var srtp: SRTPSession?
    private(set) var failure: TransportFailure?
    private(set) var now = Instant(nanoseconds: 0)

    init(certificate: DTLSCertificate, server: CertificateFingerprint) throws {
        dtls = try DTLSSession(certificate: certificate, role: .client, fingerprints: [server])
        keys = nil
        srtp = nil
    }

    /// What the server's plan says of this browser.
    static func plan(_ fingerprint: CertificateFingerprint) -> MediaPlan {
        MediaPlan(
            codecs: [CodecBinding(codec: .opus, payloadType: 111)], rtcpMux: true,
            security: .dtls(DTLSTerms(remoteFingerprints: [fingerprint], remoteICE: ownICE, role: .server)))
    }

    /// A connectivity check.
    static func check(
        username: String = "serverXY:Yh2x", password: String = serverICE.password, nominates: Bool = false,
        attribute: [UInt8] = [], withIntegrity: Bool = true, withFingerprint: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + (1...12)
        let name = Array(username.utf8)
        bytes += [0, 6, 0, UInt8(name.count)] + name + [UInt8](repeating: 0, count: (4 - name.count % 4) % 4)
        bytes += [0x00, 0x24, 0, 4, 0x6E, 0, 1, 0xFF]
        bytes += [0x80, 0x2A, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        if nominates { bytes += [0x00, 0x25, 0, 0] }
        bytes += attribute
        func setLength(_ extra: Int) {
            let length = bytes.count + extra - 20
            bytes[2] = UInt8(length >> 8)
            bytes[3] = UInt8(length & 0xFF)
        }
        if withIntegrity {
            setLength(24)
            var code = [UInt8](repeating: 0, count: 20)
            bytes.withUnsafeBytes { message in
                Array(password.utf8).withUnsafeBytes { key in
                    // because the array is not empty
                    code.withUnsafeMutableBytes {
                        MessageAuthentication.write(key: key, message: message, to: $0.baseAddress!)
                    }
                }
            }
            bytes += [0, 8, 0, 20] + code
        }
        if withFingerprint {
            setLength(8)
            let checksum = bytes.withUnsafeBytes { STUNMessage.fingerprint(of: $0) }
            bytes += [0x80, 0x28, 0, 4] + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32($0))) }
        }
        setLength(0)
        return bytes
    }

    /// The ClientHello.
    func start() -> [[UInt8]] {
        take(dtls.start(now: now))
        return drain()
    }

    /// Takes the server's datagrams; what is to be sent back is returned.
    func receive(_ datagrams: [[UInt8]]) -> [[UInt8]] {
        for datagram in datagrams where datagram.first.map({ (20...63).contains($0) }) ?? false {
            take(datagram.withUnsafeBytes { dtls.receive($0, now: now) })
        }
        return drain()
    }

    func pass(_ duration: Duration) -> [[UInt8]] {
        now = now + duration
        take(dtls.tick(now: now))
        return drain()
    }

    var isEstablished: Bool { keys != nil }
    var profile: SRTPProfile? { keys?.profile }

    func protect(_ packet: [UInt8], isRTCP: Bool = false) -> [UInt8] {
        var buffer = packet + [UInt8](repeating: 0, count: 20)
        let capacity = buffer.count
        let length = buffer.withUnsafeMutableBytes { bytes in
            let start = bytes.baseAddress!  // because the array is not empty
            if isRTCP { return srtp?.protectRTCP(start, length: packet.count, capacity: capacity) ?? 0 }
            return srtp?.protectRTP(start, length: packet.count, capacity: capacity) ?? 0
        }
        return Array(buffer.prefix(length))
    }

    func unprotect(_ packet: [UInt8], isRTCP: Bool = false) -> [UInt8] {
        var buffer = packet
        let length = buffer.withUnsafeMutableBytes { bytes in srtp?.unprotect(bytes, isRTCP: isRTCP).length ?? 0 }
        return Array(buffer.prefix(length))
    }

    private func take(_ progress: DTLSSession.Progress) {
        switch progress {
        case .waiting: return
        case .failed(let failure): self.failure = failure
        case .established(let keys):
            self.keys = keys
            srtp = SRTPSession(keys: keys)
        }
    }

    private func drain() -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        dtls.drain { datagrams.append(Array($0)) }
        return datagrams
    }
}
