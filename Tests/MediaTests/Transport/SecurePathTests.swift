// ICE-lite, DTLS and SRTP together, against a browser's side.

import TestTools
import Testing
import Timing

@testable import Media

@Suite struct SecurePathTests {
    private static let server = Result { try DTLSCertificate() }
    private static let client = Result { try DTLSCertificate() }

    private let address = TestBrowser.address
    private let stranger = SocketAddress(ip: "203.0.113.66", port: 50_000)!  // because the literal is an address

    private func pair(fingerprint: CertificateFingerprint? = nil) throws -> (path: TestPath, browser: TestBrowser) {
        let server = try Self.server.get()
        let client = try Self.client.get()
        let path = try TestPath(
            plan: TestBrowser.plan(fingerprint ?? client.fingerprint), ice: TestBrowser.serverICE, certificate: server)
        return (path, try TestBrowser(certificate: client, server: server.fingerprint))
    }

    /// Carries datagrams to and fro until both are silent.
    private func shakeHands(_ path: TestPath, _ browser: TestBrowser, first: [[UInt8]]? = nil) {
        var toServer = first ?? browser.start()
        for _ in 0..<10 where !toServer.isEmpty {
            for datagram in toServer { _ = path.receive(datagram, from: address) }
            toServer = browser.receive(path.takeSent())
        }
    }

    private func connected() throws -> (path: TestPath, browser: TestBrowser) {
        let (path, browser) = try pair()
        #expect(path.receive(TestBrowser.check(nominates: true), from: address) == .consumed)
        shakeHands(path, browser)
        #expect(path.isConnected)
        #expect(path.takeStateChange() == .connected)
        return (path, browser)
    }

    @Test func `A browser connects and both hear each other, with the cheaper cipher`() throws {
        let (path, browser) = try connected()
        #expect(browser.isEstablished)
        #expect(browser.profile == .aeadAES128GCM)
        let packet = rtp(111)
        #expect(path.receive(browser.protect(packet), from: address) == .rtp)
        #expect(path.received == packet)
        #expect(path.receive(browser.protect(rtcp, isRTCP: true), from: address) == .rtcp)
        #expect(path.received == rtcp)
        let out = path.protect(rtp(111, ssrc: 99))
        #expect(out.count == packet.count + 16)
        #expect(browser.unprotect(out) == rtp(111, ssrc: 99))
        #expect(browser.unprotect(path.protect(rtcp, isRTCP: true), isRTCP: true) == rtcp)
        #expect(path.remoteRTP == address)
        #expect(path.remoteRTCP == address)
    }

    @Test func `DTLS from an address without a valid check is not parsed`() throws {
        let (path, browser) = try pair()
        let hello = browser.start()
        #expect(hello.count == 1)
        #expect(path.receive(hello[0], from: address) == .dropped(.dtlsBeforeICE))
        #expect(path.receive(TestBrowser.check(), from: address) == .consumed)
        for _ in 0..<1_000 { #expect(path.receive(hello[0], from: stranger) == .dropped(.dtlsBeforeICE)) }
        #expect(path.drops(.dtlsBeforeICE) == 1_001)
        #expect(path.sent.count == 1, "only the check was answered")
        path.sent = []
        shakeHands(path, browser, first: hello)
        #expect(path.isConnected)
    }

    @Test func `A ClientHello in two fragments is put together, in either order`() throws {
        for isReversed in [false, true] {
            let (path, browser) = try pair()
            _ = path.receive(TestBrowser.check(), from: address)
            path.sent = []
            let fragments = try split(#require(browser.start().first))
            shakeHands(path, browser, first: isReversed ? fragments.reversed() : fragments)
            #expect(path.isConnected)
            #expect(browser.isEstablished)
        }
    }

    /// Cuts a ClientHello's record into two handshake fragments (RFC 6347 §4.2.3). The second record's number leaves
    /// those in between to the client.
    private func split(_ datagram: [UInt8]) -> [[UInt8]] {
        let body = Array(datagram[25...])
        let half = body.count / 2
        func fragment(_ part: ArraySlice<UInt8>, sequence: UInt8) -> [UInt8] {
            let length = part.count
            let record = length + 12
            let offset = part.startIndex
            return [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, sequence, UInt8(record >> 8), UInt8(record & 0xFF)]
                + datagram[13..<19]
                + [0, UInt8(offset >> 8), UInt8(offset & 0xFF), 0, UInt8(length >> 8), UInt8(length & 0xFF)] + part
        }
        return [fragment(body[..<half], sequence: 0), fragment(body[half...], sequence: 60)]
    }

    @Test func `A peer with another certificate than the SDP's gets no keys`() throws {
        let other = try DTLSCertificate()
        let (path, browser) = try pair(fingerprint: other.fingerprint)
        _ = path.receive(TestBrowser.check(), from: address)
        shakeHands(path, browser)
        #expect(path.takeStateChange() == .failed(.wrongCertificate))
        #expect(!path.isConnected)
        #expect(path.protect(rtp(111)).isEmpty)
        #expect(path.receive(browser.protect(rtp(111)), from: address) == .dropped(.beforeKeys))
    }

    @Test func `The client side checks the server's certificate too`() throws {
        let other = try DTLSCertificate()
        let (path, _) = try pair()
        let browser = try TestBrowser(certificate: Self.client.get(), server: other.fingerprint)
        _ = path.receive(TestBrowser.check(), from: address)
        shakeHands(path, browser)
        #expect(browser.failure == .wrongCertificate)
        #expect(!browser.isEstablished)
    }

    @Test func `Nothing can be made without a fingerprint or a certificate`() throws {
        let certificate = try Self.server.get()
        var plan = TestBrowser.plan(certificate.fingerprint)
        #expect(throws: TransportError.noCertificate) { try TestPath(plan: plan, ice: TestBrowser.serverICE) }
        plan.security = .dtls(
            DTLSTerms(remoteFingerprints: [], remoteICE: TestBrowser.ownICE, role: .server))
        #expect(throws: TransportError.noFingerprint) {
            try TestPath(plan: plan, ice: TestBrowser.serverICE, certificate: certificate)
        }
    }

    @Test func `A lost flight is sent again, and again after twice the time`() throws {
        let (path, browser) = try pair()
        _ = path.receive(TestBrowser.check(), from: address)
        path.sent = []
        for datagram in browser.start() { _ = path.receive(datagram, from: address) }
        #expect(!path.takeSent().isEmpty, "the first flight, which is lost")
        path.pass(.milliseconds(180))
        #expect(path.takeSent().isEmpty)
        path.pass(.milliseconds(40))
        #expect(!path.takeSent().isEmpty, "the second, lost too")
        path.pass(.milliseconds(360))
        #expect(path.takeSent().isEmpty)
        path.pass(.milliseconds(40))
        let third = path.takeSent()
        #expect(!third.isEmpty)
        shakeHands(path, browser, first: browser.receive(third))
        #expect(path.isConnected)
    }

    @Test func `Our last flight is repeated when the client repeats its own`() throws {
        let (path, browser) = try pair()
        _ = path.receive(TestBrowser.check(), from: address)
        path.sent = []
        for datagram in browser.start() { _ = path.receive(datagram, from: address) }
        for datagram in browser.receive(path.takeSent()) { _ = path.receive(datagram, from: address) }
        #expect(path.isConnected)
        #expect(!path.takeSent().isEmpty, "Finished, which is lost")
        let again = browser.pass(.milliseconds(220))
        #expect(!again.isEmpty)
        shakeHands(path, browser, first: again)
        #expect(browser.isEstablished)
    }

    @Test func `A handshake that nobody goes on with is given up`() throws {
        let (path, browser) = try pair()
        _ = path.receive(TestBrowser.check(), from: address)
        for datagram in browser.start() { _ = path.receive(datagram, from: address) }
        var failure: TestPath.Change?
        for _ in 0..<40 where failure == nil {
            path.pass(.seconds(1))
            _ = path.receive(TestBrowser.check(), from: address)
            failure = path.takeStateChange()
        }
        #expect(failure == .failed(.handshake))
    }

    @Test func `Garbage in DTLS's clothes does not end the handshake`() throws {
        let (path, browser) = try pair()
        _ = path.receive(TestBrowser.check(), from: address)
        path.sent = []
        let hello = try #require(browser.start().first)
        var generator = SeededGenerator(seed: 6_347)
        for length in 0..<hello.count { _ = path.receive(Array(hello.prefix(length)), from: address) }
        for _ in 0..<500 {
            let noise = (0..<60).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = path.receive([22, 254, 253, 0, 1] + noise, from: address)
        }
        path.sent = []
        shakeHands(path, browser, first: [hello])
        #expect(path.isConnected)
    }

    @Test func `Replayed, altered, truncated and foreign packets are refused and counted`() throws {
        let (path, browser) = try connected()
        let packet = browser.protect(rtp(111, sequence: 65_535))
        #expect(path.receive(packet, from: stranger) == .dropped(.foreignSource))
        #expect(path.receive(packet, from: address) == .rtp)
        #expect(path.receive(packet, from: address) == .dropped(.replayedSRTP))
        let fresh = browser.protect(rtp(111, sequence: 0))
        for length in 2..<fresh.count {
            let result = path.receive(Array(fresh.prefix(length)), from: address)
            #expect(result == .dropped(.malformed) || result == .dropped(.unauthenticatedSRTP))
        }
        for index in fresh.indices.dropFirst(2) {
            var altered = fresh
            altered[index] ^= 1
            #expect(path.receive(altered, from: address) != .rtp)
        }
        #expect(path.receive(fresh, from: address) == .rtp, "the real one is still good")
        #expect(path.isConnected)
    }

    @Test(arguments: sequenceStarts)
    func `Encryption carries on across the sequence wrap`(start: UInt16) throws {
        let (path, browser) = try connected()
        for step in 0..<200 {
            let packet = rtp(111, sequence: start &+ UInt16(step))
            #expect(path.receive(browser.protect(packet), from: address) == .rtp)
            #expect(path.received == packet)
        }
    }

    @Test func `One peer may not make streams without end`() throws {
        let (path, browser) = try connected()
        for ssrc in 1...8 {
            #expect(path.receive(browser.protect(rtp(111, ssrc: UInt32(ssrc))), from: address) == .rtp)
        }
        #expect(path.receive(browser.protect(rtp(111, ssrc: 9)), from: address) == .dropped(.tooManyStreams))
        #expect(path.receive(browser.protect(rtp(111, sequence: 2, ssrc: 3)), from: address) == .rtp)
    }

    @Test func `A peer without ICE is heard from its announced address only, whichever side begins`() throws {
        let server = try Self.server.get()
        let client = try Self.client.get()
        var plan = MediaPlan(codecs: [CodecBinding(codec: .opus, payloadType: 96)], remoteRTP: address, rtcpMux: true)
        plan.security = .dtls(
            DTLSTerms(remoteFingerprints: [client.fingerprint], remoteICE: nil, role: .server))
        let path = try TestPath(plan: plan, certificate: server)
        let browser = try TestBrowser(certificate: client, server: server.fingerprint)
        let hello = browser.start()
        #expect(path.receive(hello[0], from: stranger) == .dropped(.dtlsBeforeICE))
        shakeHands(path, browser, first: hello)
        #expect(path.isConnected)

        // Behind NAT: announced a private address, seen from the signalling's.
        plan.remoteRTP = SocketAddress(ip: "192.168.1.44", port: 7_078)
        plan.latching = .signallingSource(address.with(port: 5_060))
        let natted = try TestPath(plan: plan, certificate: server)
        let phone = try TestBrowser(certificate: client, server: server.fingerprint)
        #expect(natted.receive(hello[0], from: stranger) == .dropped(.dtlsBeforeICE))
        for datagram in phone.start() { _ = natted.receive(datagram, from: address) }
        _ = natted.takeSent()
        natted.pass(.milliseconds(220))
        #expect(natted.sent.first?.to == address, "the repeated flight goes where the first came from")
        shakeHands(natted, phone, first: phone.receive(natted.takeSent()))
        #expect(natted.isConnected)
        #expect(natted.remoteRTP == address)
        plan.latching = .announced

        plan.remoteRTP = stranger
        plan.security = .dtls(
            DTLSTerms(remoteFingerprints: [server.fingerprint], remoteICE: nil, role: .client))
        let active = try TestPath(plan: plan, certificate: client)
        plan.remoteRTP = address
        plan.security = .dtls(
            DTLSTerms(remoteFingerprints: [client.fingerprint], remoteICE: nil, role: .server))
        let passive = try TestPath(plan: plan, certificate: server)
        active.pass(.milliseconds(20))
        for _ in 0..<6 {
            for datagram in active.takeSent() { _ = passive.receive(datagram, from: address) }
            for datagram in passive.takeSent() { _ = active.receive(datagram, from: stranger) }
        }
        #expect(active.isConnected && passive.isConnected)
        #expect(passive.receive(active.protect(rtp(96)), from: address) == .rtp)
        #expect(active.receive(passive.protect(rtp(96)), from: stranger) == .rtp)
    }

    @Test func `A re-negotiation with a new certificate makes new keys, even after a failure`() throws {
        let other = try DTLSCertificate()
        let (path, browser) = try pair(fingerprint: other.fingerprint)
        _ = path.receive(TestBrowser.check(nominates: true), from: address)
        shakeHands(path, browser)
        #expect(path.takeStateChange() == .failed(.wrongCertificate))
        path.update(TestBrowser.plan(try Self.client.get().fingerprint))
        #expect(!path.isConnected)
        let again = try TestBrowser(certificate: Self.client.get(), server: Self.server.get().fingerprint)
        shakeHands(path, again)
        #expect(path.takeStateChange() == .connected)
        #expect(path.receive(again.protect(rtp(111)), from: address) == .rtp)
    }

    @Test func `A re-negotiation that changes nothing keeps the keys and the nomination`() throws {
        let (path, browser) = try connected()
        path.update(TestBrowser.plan(try Self.client.get().fingerprint))
        _ = path.receive(TestBrowser.check(), from: stranger)
        #expect(path.remoteRTP == address)
        #expect(path.receive(browser.protect(rtp(111)), from: address) == .rtp)
        #expect(path.takeStateChange() == nil)
    }

    @Test func `Nothing is protected before the keys are there`() throws {
        let (path, _) = try pair()
        #expect(path.protect(rtp(111)).isEmpty)
        _ = path.receive(TestBrowser.check(), from: address)
        #expect(path.protect(rtp(111)).isEmpty)
        #expect(path.receive(rtp(111), from: address) == .dropped(.beforeKeys))
    }
}
