// The real sipp against our user agent, over loopback: what the wire looks like to a stranger.

import SIP
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Sipp.path != nil, Sipp.hint))
@Signalling
struct SippTests {
    let answer = SDP.audio(7)

    /// A station that picks up everything, on `listen`.
    private func station(
        _ change: (inout SIPConfiguration) -> Void = { _ in }
    ) throws -> Station {
        let station = try Station(change)
        station.answerAll(sdp: answer)
        return station
    }

    private func ended(_ conversation: Conversation) async throws -> DialogEvent {
        while true {
            let event = try await conversation.events.next()
            switch event {
            case .ended, .cancelled: return event
            case .confirmed, .reoffered, .reofferAnswered, .reofferFailed, .digit: continue
            }
        }
    }

    @Test(arguments: [("127.0.0.1", "u1"), ("127.0.0.1", "t1"), ("::1", "u1"), ("::1", "t1")])
    func `A plain call over UDP and TCP, IPv4 and IPv6`(host: String, transport: String) async throws {
        let station = try station { $0.listen = [host == "::1" ? "[::1]:0" : "127.0.0.1:0"] }
        let sipp = try Sipp("plain-call", calling: station.userAgent.port, transport: transport, host: host)
        let call = try await station.calls.next()
        #expect(call.dialog.sourceAddress == host)
        #expect(call.dialog.calledUser == "+48221234567")
        #expect(call.dialog.from.user == "+48600100200")
        #expect(call.dialog.from.displayName == "Anna")
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test(arguments: ["0.0.0.0:0", "[::]:0"])
    func `A wildcard address answers with the address that was called`(listen: String) async throws {
        let station = try station { $0.listen = [listen] }
        let host = listen.hasPrefix("[") ? "::1" : "127.0.0.1"
        for transport in ["u1", "t1"] {
            let sipp = try Sipp("plain-call", calling: station.userAgent.port, transport: transport, host: host)
            let call = try await station.calls.next()
            #expect(try await ended(call) == .ended(by: .remote, cause: nil, reason: nil))
            try await sipp.expectSuccess()
        }
        await station.userAgent.shutdown()
    }

    @Test func `The reason of the caller's BYE is told`() async throws {
        let station = try station()
        let sipp = try Sipp("bye-reason", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(try await ended(call) == .ended(by: .remote, cause: 31, reason: "Normal, unspecified"))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test(arguments: ["u1", "t1"])
    func `Our BYE carries a reason`(transport: String) async throws {
        let station = try station()
        let sipp = try Sipp("called-bye", calling: station.userAgent.port, transport: transport)
        let call = try await station.calls.next()
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        call.dialog.hangUp(reason: .normal)
        #expect(try await call.events.next() == .ended(by: .local, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `CANCEL while it rings`() async throws {
        let station = try Station()
        let sipp = try Sipp("cancel", calling: station.userAgent.port)
        let call = try await station.calls.next()
        call.dialog.ring()
        #expect(try await call.events.next() == .cancelled)
        try await sipp.expectSuccess()
        #expect(station.userAgent.dialogCount == 0)
        await station.userAgent.shutdown()
    }

    @Test func `An INVITE without an offer`() async throws {
        let station = try station()
        let sipp = try Sipp("offerless", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(call.dialog.offer == nil)
        guard case .confirmed(let sdp?) = try await call.events.next() else { throw TestFailure("no answer") }
        #expect(sdp.contains("m=audio 40000"))
        #expect(try await ended(call) == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `An ACK without the answer that it owes`() async throws {
        let station = try station()
        let sipp = try Sipp("offerless-no-answer", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        call.dialog.hangUp()
        #expect(try await ended(call) == .ended(by: .local, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `Hold, resume and an empty re-INVITE`() async throws {
        let station = try station()
        let sipp = try Sipp("hold", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        for direction in ["a=sendonly", "a=sendrecv"] {
            guard case .reoffered(let sdp?, viaUpdate: false) = try await call.events.next() else {
                throw TestFailure("no offer")
            }
            #expect(sdp.contains(direction))
        }
        #expect(try await call.events.next() == .reoffered(sdp: nil, viaUpdate: false))
        guard case .reofferAnswered = try await call.events.next() else { throw TestFailure("no answer") }
        #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `Hold by UPDATE`() async throws {
        let station = try station()
        let sipp = try Sipp("update-hold", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        guard case .reoffered(let sdp?, viaUpdate: true) = try await call.events.next() else {
            throw TestFailure("no offer")
        }
        #expect(sdp.contains("a=sendonly"))
        #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `A reliable 180 where 100rel is required`() async throws {
        let station = try Station()
        let sipp = try Sipp("reliable", calling: station.userAgent.port)
        let call = try await station.calls.next()
        call.dialog.ring()
        call.dialog.answer(sdp: answer)
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test(arguments: ["session-timer", "session-timer-small"])
    func `Session timers as the caller wants them`(scenario: String) async throws {
        let station = try station()
        let sipp = try Sipp(scenario, calling: station.userAgent.port)
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `A session that the caller does not refresh is ended`() async throws {
        let station = try station { $0.minSE = 2 }
        let sipp = try Sipp("session-expired", calling: station.userAgent.port)
        let call = try await station.calls.next()
        guard case .ended(by: .network, _, _) = try await ended(call) else { throw TestFailure("not the network") }
        try await sipp.expectSuccess()
        #expect(station.userAgent.counters.lostDialogs == 1)
        await station.userAgent.shutdown()
    }

    @Test func `A peer without UPDATE is refreshed by re-INVITE`() async throws {
        let station = try Station {
            $0.sessionExpires = 12
            $0.minSE = 2
        }
        let sipp = try Sipp("no-update")
        let call = try await placed(by: station, to: sipp)
        #expect(try await call.progress.next().status == 180)
        guard case .confirmed(.some) = try await call.events.next() else { throw TestFailure("not confirmed") }
        // The session of 12 s is refreshed after 4 s, as the scenario expects, and hung up before the next time.
        await #expect(throws: TestFailure.self) { try await call.events.next(within: .milliseconds(4_700)) }
        call.dialog.hangUp()
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `A re-INVITE that meets 491 is repeated`() async throws {
        let station = try Station()
        let sipp = try Sipp("glare")
        let call = try await placed(by: station, to: sipp)
        guard case .confirmed(.some) = try await call.events.next() else { throw TestFailure("not confirmed") }
        call.dialog.reoffer(sdp: SDP.audio(7, version: 2, direction: "sendonly"))
        guard case .reofferAnswered(let sdp) = try await call.events.next() else { throw TestFailure("no answer") }
        #expect(sdp.contains("a=recvonly"))
        #expect(station.userAgent.counters.glares == 1)
        call.dialog.hangUp()
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `A busy callee`() async throws {
        let station = try Station()
        let sipp = try Sipp("busy")
        let call = try await placed(by: station, to: sipp)
        #expect(try await call.events.next() == .ended(by: .remote, cause: 486, reason: "Busy Here"))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    private func placed(by station: Station, to sipp: Sipp) async throws -> Conversation {
        try await sipp.listens()
        let to = SIPAddress(user: "service", host: "127.0.0.1", port: sipp.port)
        return Conversation(try station.userAgent.call(to: to, from: SIPIdentity(user: "100", host: ""), sdp: answer))
    }

    @Test func `Digits by INFO`() async throws {
        let station = try station()
        let sipp = try Sipp("info-digits", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(try await call.events.next() == .confirmed(sdp: nil))
        #expect(try await call.events.next() == .digit("5", milliseconds: 240))
        #expect(try await call.events.next() == .digit("#", milliseconds: 160))
        #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        try await sipp.expectSuccess()
        #expect(station.userAgent.counters.refusedInfos == 2)
        await station.userAgent.shutdown()
    }

    @Test(arguments: [
        ("unknown-method", "u1"), ("unknown-method", "t1"), ("options", "u1"), ("options", "t1"),
        ("options-in-call", "u1"), ("outside-dialog", "u1"), ("multipart", "u1"),
    ])
    func `What we do not serve is refused cleanly`(scenario: String, transport: String) async throws {
        let station = try station()
        let sipp = try Sipp(scenario, calling: station.userAgent.port, transport: transport)
        try await sipp.expectSuccess()
        #expect(station.userAgent.dialogCount == 0)
        await station.userAgent.shutdown()
    }

    @Test func `A full house says when to try again`() async throws {
        let station = try station { $0.maxCalls = 0 }
        let sipp = try Sipp("full", calling: station.userAgent.port)
        try await sipp.expectSuccess()
        #expect(station.userAgent.counters.refusedFull == 1)
        await station.userAgent.shutdown()
    }

    @Test(arguments: [false, true])
    func `An asserted identity counts only where it is trusted`(trusted: Bool) async throws {
        let station = try station { $0.trustsAssertedIdentity = trusted }
        let sipp = try Sipp("anonymous", calling: station.userAgent.port)
        let call = try await station.calls.next()
        #expect(call.dialog.from.isAnonymous)
        #expect(call.dialog.from.user == (trusted ? "+48600100200" : "anonymous"))
        try await sipp.expectSuccess()
        await station.userAgent.shutdown()
    }

    @Test func `Two hundred calls at a hundred a second`() async throws {
        let station = try station()
        let sipp = try Sipp("plain-call", calling: station.userAgent.port, calls: 200, rate: 100)
        for _ in 0..<200 {
            let call = try await station.calls.next()
            #expect(try await call.events.next() == .confirmed(sdp: nil))
            #expect(try await call.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        }
        try await sipp.expectSuccess()
        #expect(station.userAgent.counters.incomingCalls == 200)
        #expect(station.userAgent.dialogCount == 0)
        await station.userAgent.shutdown()
    }
}
