// Connectivity checks, right and wrong, and what follows from them.

import Testing
import Timing

@testable import Media

@Suite struct ICELiteTests {
    private static let certificate = Result { try DTLSCertificate() }
    private let address = TestBrowser.address
    private let other = SocketAddress(ip: "2001:db8::7", port: 50_001)!  // because the literal is an address

    private func path() throws -> TestPath {
        let certificate = try Self.certificate.get()
        return try TestPath(
            plan: TestBrowser.plan(certificate.fingerprint), ice: TestBrowser.serverICE, certificate: certificate)
    }

    @Test func `A right check is answered with the address it came from`() throws {
        let path = try path()
        #expect(path.receive(TestBrowser.check(), from: address) == .consumed)
        #expect(path.sent.count == 1)
        #expect(path.sent[0].to == address)
        try path.sent[0].bytes.withUnsafeBytes { buffer in
            let response = try #require(STUNMessage(parsing: buffer))
            #expect(response.kind == .bindingSuccess)
            #expect(response.hasValidFingerprint)
            #expect(Array(TestBrowser.serverICE.password.utf8).withUnsafeBytes { response.isAuthentic(key: $0) })
        }
        #expect(path.remoteRTP == address)
    }

    @Test func `Wrong checks get no answer and open nothing`() throws {
        let path = try path()
        for (check, reason) in [
            (TestBrowser.check(password: "0123456789abcdefghijklmX"), DropReason.unauthenticatedSTUN),
            (TestBrowser.check(username: "serverXY:other"), .unauthenticatedSTUN),
            (TestBrowser.check(username: "Yh2x:serverXY"), .unauthenticatedSTUN),
            (TestBrowser.check(username: "serverXY"), .unauthenticatedSTUN),
            (TestBrowser.check(withIntegrity: false), .unauthenticatedSTUN),
            (TestBrowser.check(withFingerprint: false), .malformedSTUN),
            (STUNVectors.response4, .unexpectedSTUN),
            ([0, 1, 0, 0], .malformedSTUN),
        ] {
            #expect(path.receive(check, from: address) == .dropped(reason))
        }
        #expect(path.sent.isEmpty)
        #expect(path.remoteRTP == nil)
        everyTruncation(of: TestBrowser.check()) { bytes in
            guard bytes.count > 1 else { return }
            #expect(path.receive(Array(bytes), from: address) == .dropped(.malformedSTUN))
        }
        #expect(path.sent.isEmpty)
    }

    @Test func `An unknown attribute that must be understood is refused by number`() throws {
        let path = try path()
        #expect(path.receive(TestBrowser.check(attribute: [0x7F, 0xFF, 0, 0]), from: address) == .consumed)
        #expect(path.sent[0].bytes[0..<2] == [1, 0x11])
        #expect(path.remoteRTP == nil)
        #expect(
            path.receive(TestBrowser.check(attribute: [0xC0, 0x57, 0, 4, 0, 0, 0, 50]), from: address) == .consumed)
        #expect(path.remoteRTP == address)
    }

    @Test func `A peer that thinks itself controlled is told to switch`() throws {
        let path = try path()
        let check = TestBrowser.check(attribute: [0x80, 0x29, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(path.receive(check, from: address) == .consumed)
        #expect(path.sent[0].bytes[20..<28] == [0, 9, 0, 4, 0, 0, 4, 87])
        #expect(path.remoteRTP == nil)
    }

    @Test func `Media follows the nomination, before it the latest check`() throws {
        let path = try path()
        _ = path.receive(TestBrowser.check(), from: address)
        _ = path.receive(TestBrowser.check(), from: other)
        #expect(path.remoteRTP == other)
        _ = path.receive(TestBrowser.check(nominates: true), from: address)
        #expect(path.remoteRTP == address)
        _ = path.receive(TestBrowser.check(), from: other)
        #expect(path.remoteRTP == address)
        _ = path.receive(TestBrowser.check(nominates: true), from: other)
        #expect(path.remoteRTP == other)
    }

    @Test func `Without a check for 30 s nothing is sent; a check brings the path back`() throws {
        let path = try path()
        path.pass(.seconds(29))
        #expect(path.takeStateChange() == nil)
        path.pass(.seconds(2))
        #expect(path.takeStateChange() == .lost)
        _ = path.receive(TestBrowser.check(), from: address)
        #expect(path.remoteRTP == address)
        for _ in 0..<10 {
            path.pass(.seconds(25))
            _ = path.receive(TestBrowser.check(), from: address)
        }
        #expect(path.takeStateChange() == nil)
        path.pass(.seconds(31))
        #expect(path.takeStateChange() == .lost)
        #expect(path.remoteRTP == nil)
        path.pass(.seconds(31))
        #expect(path.takeStateChange() == nil)
    }

    @Test func `An ICE restart takes the new credentials and refuses the old`() throws {
        let path = try path()
        _ = path.receive(TestBrowser.check(nominates: true), from: address)
        let fresh = ICECredentials(usernameFragment: "freshABC", password: "ABCDEFGHIJKLMNOPQRSTUVWX")
        var plan = TestBrowser.plan(try Self.certificate.get().fingerprint)
        let remote = ICECredentials(usernameFragment: "New1", password: "kB2mXq1b9Jw0hT7cUuH3fN5z")
        guard case .dtls(var terms) = plan.security else {
            Issue.record("the plan is not secure")
            return
        }
        terms.remoteICE = remote
        plan.security = .dtls(terms)
        path.update(plan, ice: fresh)
        #expect(path.remoteRTP == address, "media goes on meanwhile")
        #expect(path.receive(TestBrowser.check(), from: other) == .dropped(.unauthenticatedSTUN))
        let check = TestBrowser.check(username: "freshABC:New1", password: fresh.password)
        #expect(path.receive(check, from: other) == .consumed)
        #expect(path.remoteRTP == other)
    }
}
