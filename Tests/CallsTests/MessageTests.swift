// What pages and the server say to each other.

import Foundation
import Media
import Testing

@testable import Calls

@Suite struct MessageTests {
    private func json(_ value: some Encodable) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
        return try #require(object as? [String: Any])
    }

    @Test func everyNoticeToAConsultantNamesItsType() throws {
        let state = ConsultantStateNotice(state: "ready", since: 1)
        let offer = OfferNotice(
            offer: "7", contact: "c", caller: nil, queue: "q", hotline: "h", language: "pl", tags: [], waited: 3,
            until: 9)
        let call = CallNotice(
            contact: "c", caller: "+48222500100", queue: "q", hotline: "h", since: 5, held: false, recording: true)
        let notices: [(ConsultantNotice, String)] = [
            (.welcome(name: "Żaneta", account: "z", queues: [], state: "offline", breaks: []), "welcome"),
            (.mediaAnswer(sdp: "v=0"), "media.answer"), (.mediaState(connected: true), "media.state"),
            (.mediaCodec(.opus), "media.codec"),
            (.state(state), "state"), (.offer(offer), "offer"), (.offerGone(offer: "7", why: "lost"), "offer.gone"),
            (.call(call), "call"), (.callEnded(contact: "c", by: "agent"), "call.ended"), (.queues([]), "queues"),
            (.pong, "pong"), (.error(code: "x", text: "y"), "error"),
        ]
        for (notice, type) in notices { #expect(try json(notice)["type"] as? String == type) }
    }

    @Test func aStateAndAnOfferStandBesideTheirType() throws {
        let state = try json(ConsultantNotice.state(ConsultantStateNotice(state: "wrap-up", since: 10, until: 40)))
        #expect(state["state"] as? String == "wrap-up")
        #expect(state["until"] as? Int == 40)
        #expect(state["reason"] == nil)
    }

    @Test func aPageIsToldACodecByItsNameInSDP() throws {
        for (codec, name) in [(Codec.opus, "opus"), (.pcma, "PCMA"), (.pcmu, "PCMU")] {
            #expect(try json(ConsultantNotice.mediaCodec(codec))["codec"] as? String == name)
        }
    }

    @Test(arguments: ["", "{", "[]", "{\"type\":\"sudo\"}", "{\"type\":7}", "{\"sdp\":\"v=0\"}", "null"])
    func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(ConsultantRequest.self, from: Data(text.utf8)) }
        #expect(throws: (any Error).self) { try JSONDecoder().decode(BrowserCallerRequest.self, from: Data(text.utf8)) }
    }

    @Test func aRequestIsReadWithItsFields() throws {
        let text = #"{"type":"answer","offer":"12","more":[1,2]}"#
        let request = try JSONDecoder().decode(ConsultantRequest.self, from: Data(text.utf8))
        #expect(request.type == .answer)
        #expect(request.offer == "12")
    }
}

@Suite struct ContactIDTests {
    @Test func idsAre32HexadecimalDigitsAndDiffer() {
        let ids = (0..<1_000).map { _ in ContactID.make() }
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
        #expect(Set(ids).count == ids.count)
    }
}

@Suite struct LocalRouteTests {
    @Test func aPeerOnThisMachineIsReachedFromLoopback() {
        #expect(LocalRoute.address(towards: "127.0.0.1") == "127.0.0.1")
        #expect(LocalRoute.address(towards: "::1") == "::1")
    }

    @Test(arguments: ["", "localhost", "127.0.0", "300.1.1.1", "127.0.0.1 "])
    func whatIsNoAddressHasNoRoute(text: String) {
        #expect(LocalRoute.address(towards: text) == nil)
    }
}
