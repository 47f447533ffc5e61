// Two user agents of ours on one root, talking SIP to each other over loopback.

import SIP
import Testing

@Suite(.timeLimit(.minutes(3)))
@Signalling
struct DialogTests {
    let caller: Station
    let callee: Station
    let offer = SDP.audio(1)
    let answer = SDP.audio(2)

    init() throws {
        caller = try Station()
        callee = try Station()
    }

    private func close() async {
        await caller.userAgent.shutdown()
        await callee.userAgent.shutdown()
        #expect(caller.userAgent.dialogCount == 0)
        #expect(callee.userAgent.dialogCount == 0)
    }

    private func established(
        transport: SIPAddress.Transport = .udp
    ) async throws -> (out: Conversation, in: Conversation) {
        let out = try caller.call(callee, sdp: offer, transport: transport)
        let incoming = try await callee.calls.next()
        incoming.dialog.answer(sdp: answer)
        #expect(try await out.events.next() == .confirmed(sdp: answer))
        #expect(try await incoming.events.next() == .confirmed(sdp: nil))
        return (out, incoming)
    }

    @Test func `A call tells who calls, whom, and with which offer`() async throws {
        let out = try caller.call(callee, sdp: offer)
        let incoming = try await callee.calls.next().dialog
        #expect(incoming.from.user == "+48600100200")
        #expect(incoming.from.displayName == "Jan \"X\" Nowak")
        #expect(!incoming.from.isAnonymous)
        #expect(incoming.calledUser == "+48221234567")
        #expect(incoming.to.user == "+48221234567")
        #expect(incoming.offer == offer)
        #expect(incoming.source == "127.0.0.1:\(caller.userAgent.port)")
        #expect(incoming.sourceAddress == "127.0.0.1")
        #expect(!incoming.callID.isEmpty)
        incoming.reject(status: 404, reason: "No such \"number\"")
        #expect(try await out.events.next() == .ended(by: .remote, cause: 404, reason: "Not Found"))
        await close()
    }

    @Test(arguments: [SIPAddress.Transport.udp, .tcp])
    func `A call rings, is answered, and the callee hangs up`(transport: SIPAddress.Transport) async throws {
        let out = try caller.call(callee, sdp: offer, transport: transport)
        let incoming = try await callee.calls.next()
        incoming.dialog.ring()
        #expect(try await out.progress.next() == Conversation.Progress(status: 180, sdp: nil))
        incoming.dialog.answer(sdp: answer)
        #expect(try await out.events.next() == .confirmed(sdp: answer))
        #expect(try await incoming.events.next() == .confirmed(sdp: nil))
        incoming.dialog.hangUp(reason: .normal)
        #expect(try await out.events.next() == .ended(by: .remote, cause: 16, reason: "Normal call clearing"))
        #expect(try await incoming.events.next() == .ended(by: .local, cause: nil, reason: nil))
        await close()
        #expect(out.events.rest.isEmpty)
        #expect(incoming.events.rest.isEmpty)
    }

    @Test func `The caller hangs up with a reason`() async throws {
        let (out, incoming) = try await established()
        out.dialog.hangUp(reason: SIPReason(source: .sip, cause: 200, text: "It is \"over\"\r\nX: y"))
        #expect(try await incoming.events.next() == .ended(by: .remote, cause: 200, reason: "It is overX: y"))
        #expect(try await out.events.next() == .ended(by: .local, cause: nil, reason: nil))
        await close()
    }

    @Test func `The caller gives up while it rings`() async throws {
        let out = try caller.call(callee, sdp: offer)
        let incoming = try await callee.calls.next()
        incoming.dialog.ring()
        _ = try await out.progress.next()
        out.dialog.hangUp()
        #expect(try await incoming.events.next() == .cancelled)
        #expect(try await out.events.next() == .ended(by: .local, cause: nil, reason: nil))
        incoming.dialog.answer(sdp: answer)
        await close()
        #expect(incoming.events.rest.isEmpty)
    }

    @Test func `Hanging up at once after answering waits for the ACK`() async throws {
        let out = try caller.call(callee, sdp: offer)
        let incoming = try await callee.calls.next()
        incoming.dialog.answer(sdp: answer)
        incoming.dialog.hangUp(reason: .normal)
        #expect(try await out.events.next() == .confirmed(sdp: answer))
        #expect(try await out.events.next() == .ended(by: .remote, cause: 16, reason: "Normal call clearing"))
        #expect(try await incoming.events.next() == .ended(by: .local, cause: nil, reason: nil))
        await close()
    }

    @Test func `A call without an offer is offered in the 200 and answered in the ACK`() async throws {
        let out = try caller.call(callee, sdp: nil)
        let incoming = try await callee.calls.next()
        #expect(incoming.dialog.offer == nil)
        incoming.dialog.answer(sdp: answer)
        #expect(try await out.events.next() == .confirmed(sdp: answer))
        out.dialog.acknowledge(sdp: offer)
        #expect(try await incoming.events.next() == .confirmed(sdp: offer))
        out.dialog.hangUp()
        #expect(try await incoming.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        await close()
    }

    @Test func `Hold and resume by re-INVITE from either side`() async throws {
        let (out, incoming) = try await established()
        for (from, to) in [(out, incoming), (incoming, out)] {
            for direction in ["sendonly", "sendrecv"] {
                let held = SDP.audio(1, version: 2, direction: direction)
                from.dialog.reoffer(sdp: held)
                #expect(try await to.events.next() == .reoffered(sdp: held, viaUpdate: false))
                let reply = SDP.audio(2, version: 2, direction: direction == "sendonly" ? "recvonly" : "sendrecv")
                to.dialog.respond(sdp: reply)
                #expect(try await from.events.next() == .reofferAnswered(sdp: reply))
            }
        }
        out.dialog.hangUp()
        await close()
    }

    @Test func `A refused re-INVITE leaves the call as it was`() async throws {
        let (out, incoming) = try await established()
        out.dialog.reoffer(sdp: SDP.audio(1, version: 2))
        _ = try await incoming.events.next()
        incoming.dialog.rejectOffer(status: 488)
        #expect(try await out.events.next() == .reofferFailed(status: 488))
        incoming.dialog.reoffer(sdp: SDP.audio(2, version: 2))
        #expect(try await out.events.next() == .reoffered(sdp: SDP.audio(2, version: 2), viaUpdate: false))
        out.dialog.respond(sdp: offer)
        #expect(try await incoming.events.next() == .reofferAnswered(sdp: offer))
        incoming.dialog.hangUp()
        await close()
    }

    @Test func `Offers that cross are both served in the end`() async throws {
        let (out, incoming) = try await established()
        let first = SDP.audio(1, version: 2)
        let second = SDP.audio(2, version: 2)
        out.onEvent = { if case .reoffered = $0 { out.dialog.respond(sdp: first) } }
        incoming.onEvent = { if case .reoffered = $0 { incoming.dialog.respond(sdp: second) } }
        out.dialog.reoffer(sdp: first)
        incoming.dialog.reoffer(sdp: second)
        var answers = 0
        while answers < 2 {
            for conversation in [out, incoming] {
                switch try await conversation.events.next() {
                case .reoffered: #expect(try await conversation.events.next() != .reofferFailed(status: 491))
                case .reofferAnswered: break
                case let other: Issue.record("\(other)")
                }
                answers += 1
            }
        }
        #expect(caller.userAgent.counters.glares + callee.userAgent.counters.glares >= 1)
        out.dialog.hangUp()
        await close()
    }

    @Test func `Early media in a 183`() async throws {
        let out = try caller.call(callee, sdp: offer)
        let incoming = try await callee.calls.next()
        incoming.dialog.progress(sdp: answer)
        #expect(try await out.progress.next() == Conversation.Progress(status: 183, sdp: answer))
        incoming.dialog.answer(sdp: answer)
        #expect(try await incoming.events.next() == .confirmed(sdp: nil))
        guard case .confirmed = try await out.events.next() else { throw TestFailure("not confirmed") }
        out.dialog.hangUp()
        await close()
    }

    @Test func `More calls than allowed are refused with 503`() async throws {
        let small = try Station { $0.maxCalls = 1 }
        small.answerAll(sdp: answer)
        let first = try caller.call(small, sdp: offer)
        #expect(try await first.events.next() == .confirmed(sdp: answer))
        #expect(small.userAgent.isFull)
        let second = try caller.call(small, sdp: offer)
        #expect(try await second.events.next() == .ended(by: .remote, cause: 503, reason: "Service Unavailable"))
        #expect(small.userAgent.counters.refusedFull == 1)
        first.dialog.hangUp()
        #expect(try await first.events.next() == .ended(by: .local, cause: nil, reason: nil))
        let third = try caller.call(small, sdp: offer)
        #expect(try await third.events.next() == .confirmed(sdp: answer))
        await small.userAgent.shutdown()
        #expect(try await third.events.next() == .ended(by: .remote, cause: 16, reason: "Normal call clearing"))
        await close()
    }

    @Test func `An address that is taken is refused, and the others are given back`() async throws {
        let taken = "127.0.0.1:\(callee.userAgent.port)"
        #expect(throws: SIPError.cannotListen(taken)) { try Station { $0.listen = ["127.0.0.1:0", taken] } }
        #expect(throws: SIPError.notAnAddress("localhost")) { try Station { $0.listen = ["localhost"] } }
        await close()
    }

    @Test func `A session is refreshed by UPDATE and goes on`() async throws {
        let short: (inout SIPConfiguration) -> Void = {
            $0.sessionExpires = 4
            $0.minSE = 2
        }
        let one = try Station(short)
        let two = try Station(short)
        let out = try one.call(two, sdp: offer)
        let incoming = try await two.calls.next()
        incoming.dialog.answer(sdp: answer)
        _ = try await out.events.next()
        _ = try await incoming.events.next()
        // Without a refresh the session would end by itself after 4 s.
        await #expect(throws: TestFailure.self) { try await out.events.next(within: .seconds(7)) }
        #expect(incoming.events.rest.isEmpty)
        out.dialog.hangUp()
        #expect(try await incoming.events.next() == .ended(by: .remote, cause: nil, reason: nil))
        await one.userAgent.shutdown()
        await two.userAgent.shutdown()
        await close()
    }
}
