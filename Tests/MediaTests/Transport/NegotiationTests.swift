// Offers of real clients, answered; answers to ours, accepted.

import Testing

@testable import Media

@Suite struct NegotiationTests {
    private func terms(_ plan: MediaPlan) throws -> DTLSTerms {
        guard case .dtls(let terms) = plan.security else { throw NegotiationError.insecure }
        return terms
    }

    private func error(_ text: String, local: LocalMedia = .phoneFacing) throws -> NegotiationError? {
        let offer = try SessionDescription(parsing: text)
        do throws(NegotiationError) {
            _ = try Negotiation.answer(offer, local: local)
            return nil
        } catch {
            return error
        }
    }

    private func offer(_ lines: String...) -> String {
        (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
            .joined(separator: "\r\n") + "\r\n"
    }

    private func plan(_ lines: String..., local: LocalMedia = .phoneFacing) throws -> MediaPlan {
        let text =
            (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
            .joined(separator: "\r\n")
        return try Negotiation.answer(SessionDescription(parsing: text), local: local).plan
    }

    @Test func `Chromium is answered Opus with one telephone-event, ICE-lite and passive`() throws {
        let (answer, plan) = try Negotiation.answer(SDPFixture.chromium.session(), local: .browserFacing)
        #expect(plan.codecs.map(\.codec) == [.opus, .g722, .pcma, .pcmu])
        #expect(plan.codecs[0].payloadType == 111)
        #expect(plan.telephoneEvents == [TelephoneEventBinding(payloadType: 110, clockRate: 48_000)])
        #expect(plan.rtcpMux)
        #expect(plan.remoteRTP == nil)
        #expect(!plan.isHold)
        let terms = try terms(plan)
        #expect(terms.role == .server)
        #expect(terms.remoteICE?.usernameFragment == "Yh2x")
        #expect(terms.remoteFingerprints.count == 1)

        #expect(answer.attributes.contains(SDPAttribute("ice-lite")))
        #expect(answer.attributes.contains(SDPAttribute("group", "BUNDLE 0")))
        let audio = try #require(answer.media.first)
        #expect(audio.port == 9_000)
        #expect(audio.transport == "UDP/TLS/RTP/SAVPF")
        #expect(audio.formats == ["111", "9", "8", "0", "110"])
        #expect(audio.value("setup") == "passive")
        #expect(audio.value("mid") == "0")
        #expect(audio.has("rtcp-mux"))
        #expect(audio.has("sendrecv"))
        #expect(audio.value("ice-ufrag") == "serverXY")
        #expect(audio.value("fingerprint") == LocalMedia.fingerprintText)
        #expect(audio.value("candidate") == "1 1 udp 2130706431 203.0.113.5 9000 typ host")
    }

    @Test func `Both browsers are answered A-law first where that is wanted, with all they may change to`() throws {
        for fixture in [SDPFixture.chromium, .firefox] {
            var local = LocalMedia.browserFacing
            local.codecs = [.pcma, .pcmu, .g722, .opus]
            let (answer, plan) = try Negotiation.answer(fixture.session(), local: local)
            #expect(plan.codecs.map(\.codec) == [.pcma, .pcmu, .g722, .opus])
            #expect(plan.telephoneEvents.map(\.clockRate) == [8_000])
            #expect(plan.comfortNoise == nil)
            #expect(answer.media.first { $0.port != 0 }?.formats.first == "8")
            #expect(!plan.peerFollows, "only who speaks to its page knows")
        }
    }

    @Test func `Firefox is answered with its own numbers and its data channel is refused in place`() throws {
        let (answer, plan) = try Negotiation.answer(SDPFixture.firefox.session(), local: .browserFacing)
        #expect(plan.codecs[0] == CodecBinding(codec: .opus, payloadType: 109))
        #expect(plan.telephoneEvents == [TelephoneEventBinding(payloadType: 101, clockRate: 8_000)])
        #expect(try terms(plan).remoteFingerprints.count == 1)
        #expect(answer.attributes.contains(SDPAttribute("group", "BUNDLE 0")))
        #expect(answer.media.count == 2)
        #expect(answer.media[1].kind == "application")
        #expect(answer.media[1].port == 0)
        #expect(answer.media[1].formats == ["webrtc-datachannel"])
        #expect(answer.media[1].value("mid") == "1")
    }

    @Test func `SIPp gets A-law and its telephone-event, on ports of its own`() throws {
        let (answer, plan) = try Negotiation.answer(SDPFixture.sipp.session(), local: .phoneFacing)
        #expect(plan.codecs == [CodecBinding(codec: .pcma, payloadType: 8)])
        #expect(plan.telephoneEvents == [TelephoneEventBinding(payloadType: 101, clockRate: 8_000)])
        #expect(plan.remoteRTP == SocketAddress(ip: "127.0.0.1", port: 6_000))
        #expect(plan.remoteRTCP == SocketAddress(ip: "127.0.0.1", port: 6_001))
        #expect(plan.latching == .announced)
        #expect(!plan.rtcpMux)
        #expect(answer.media[0].formats == ["8", "101"])
        #expect(!answer.media[0].has("rtcp-mux"))
        #expect(answer.text.contains("c=IN IP4 203.0.113.5\r\n"))
    }

    @Test func `Baresip gets our order of codecs under its numbers`() throws {
        let (answer, plan) = try Negotiation.answer(SDPFixture.baresip.session(), local: .phoneFacing)
        #expect(answer.media[0].formats == ["96", "9", "8", "0", "97"])
        #expect(answer.media[0].values("rtpmap").contains("9 G722/8000"))
        #expect(plan.codecs.first == CodecBinding(codec: .opus, payloadType: 96))
        #expect(plan.codecs[1] == CodecBinding(codec: .g722, payloadType: 9))
        #expect(plan.remoteRTCP?.port == 24_079)
        #expect(plan.packetTime == 20)
    }

    @Test func `DTLS without ICE goes to the announced address`() throws {
        var local = LocalMedia.browserFacing
        local.address = "192.0.2.1"
        let (answer, plan) = try Negotiation.answer(SDPFixture.baresipDTLS.session(), local: local)
        #expect(try terms(plan).remoteICE == nil)
        #expect(plan.remoteRTP == SocketAddress(ip: "192.0.2.20", port: 24_078))
        #expect(plan.rtcpMux)
        #expect(!answer.attributes.contains(SDPAttribute("ice-lite")))
        #expect(answer.media[0].value("candidate") == nil)
        #expect(answer.media[0].value("setup") == "passive")
    }

    @Test func `Linphone behind NAT is expected from where its signalling comes from`() throws {
        var local = LocalMedia.phoneFacing
        local.signallingSource = SocketAddress(ip: "198.51.100.9", port: 5_060)
        let (answer, plan) = try Negotiation.answer(SDPFixture.linphone.session(), local: local)
        #expect(plan.latching == .signallingSource(try #require(local.signallingSource)))
        #expect(plan.codecs.map(\.payloadType) == [96, 8, 0])
        #expect(plan.telephoneEvents == [TelephoneEventBinding(payloadType: 101, clockRate: 48_000)])
        #expect(answer.media.map(\.port) == [9_000, 0])
        local.signallingSource = nil
        #expect(try Negotiation.answer(SDPFixture.linphone.session(), local: local).plan.latching == .any)
        local.address = "192.168.1.2"
        #expect(try Negotiation.answer(SDPFixture.linphone.session(), local: local).plan.latching == .announced)
    }

    @Test func `A phone on this machine may announce the machine's address and send from loopback`() throws {
        var local = LocalMedia.phoneFacing
        let loopback = try #require(SocketAddress(ip: "127.0.0.1", port: 5_070))
        local.signallingSource = loopback
        #expect(try plan("m=audio 4000 RTP/AVP 8", local: local).latching == .signallingSource(loopback))
        local.signallingSource = SocketAddress(ip: "198.51.100.1", port: 5_060)
        #expect(try plan("m=audio 4000 RTP/AVP 8", local: local).latching == .announced)
    }

    @Test func `What cannot be agreed on says why`() throws {
        #expect(try error(offer("m=audio 4000 RTP/AVP 3 18")) == .noCommonCodec)
        #expect(try error(offer("m=video 4000 RTP/AVP 96")) == .noAudio)
        #expect(try error(offer("m=audio 0 RTP/AVP 8")) == .noAudio)
        #expect(try error(offer("m=audio 4000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x")) == .insecure)
        #expect(try error(offer("m=audio 4000 RTP/AVP 8", "c=IN IP6 2001:db8::1")) == .unreachable)
        #expect(try error(offer("m=audio 4000 RTP/AVP 8", "c=IN IP4 phone.example")) == .unreachable)
        #expect(try error("v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\nm=audio 4000 RTP/AVP 8\r\n") == .malformed)
        #expect(try error(SDPFixture.chromium.text) == .insecure)
    }

    @Test func `A browser without a strong fingerprint is refused`() throws {
        let text = SDPFixture.chromium.text
        let lines = text.split(separator: "\r\n")
        let without = lines.filter { !$0.hasPrefix("a=fingerprint") }.joined(separator: "\r\n")
        #expect(try error(without, local: .browserFacing) == .insecure)
        let weak = lines.map { line in
            line.hasPrefix("a=fingerprint")
                ? "a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33" : line
        }
        #expect(try error(weak.joined(separator: "\r\n"), local: .browserFacing) == .insecure)
    }

    @Test func `Directions are mirrored and holds are seen`() throws {
        for (line, sends, receives, isHold, ours) in [
            ("a=sendrecv", true, true, false, "sendrecv"), ("a=sendonly", false, true, true, "recvonly"),
            ("a=recvonly", true, false, false, "sendonly"), ("a=inactive", false, false, true, "inactive"),
        ] {
            let text = offer("m=audio 4000 RTP/AVP 8", line)
            let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: text), local: .phoneFacing)
            #expect(plan.sends == sends)
            #expect(plan.receives == receives)
            #expect(plan.isHold == isHold)
            #expect(answer.media[0].has(ours))
        }
        let old = try plan("m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0")
        #expect(old.isHold)
        #expect(!old.sends)
        #expect(old.remoteRTP == nil)
    }

    @Test(arguments: [
        ("a=ptime:20", 20), ("a=ptime:30", 30), ("a=ptime:10", 10), ("a=ptime:5", 10), ("a=ptime:25", 20),
        ("a=ptime:60", 60), ("a=ptime:200", 60), ("a=ptime:0", 20), ("a=ptime:-3", 20), ("a=ptime:x", 20),
        ("a=ptime:99999999999999999999", 20), ("a=maxptime:10", 10), ("a=x", 20),
    ])
    func `The packet time is the peer's wish within 10 to 60`(line: String, expected: Int) throws {
        #expect(try plan("m=audio 4000 RTP/AVP 8", line).packetTime == expected)
    }

    @Test func `Opus only gets packet times that Opus has`() throws {
        let local = LocalMedia.browserFacing
        #expect(
            try plan("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2", "a=ptime:30", local: local).packetTime == 20
        )
        #expect(
            try plan("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2", "a=ptime:50", local: local).packetTime == 40
        )
    }

    @Test func `Odd format lists do no harm`() throws {
        // Static numbers without rtpmap; a dynamic number for PCMA; repeated, out of range and mono Opus formats.
        #expect(try plan("m=audio 4000 RTP/AVP 0 8 9").codecs.map(\.codec) == [.g722, .pcma, .pcmu])
        let dynamic = try plan("m=audio 4000 RTP/AVP 100", "a=rtpmap:100 pcma/8000/1")
        #expect(dynamic.codecs == [CodecBinding(codec: .pcma, payloadType: 100)])
        #expect(try error(offer("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000")) == .noCommonCodec)
        #expect(try plan("m=audio 4000 RTP/AVP 8 8 8 300 -1 x 0").codecs.count == 2)
        // 72 with the marker bit would look like a sender report (RFC 5761 §4).
        #expect(
            try error(offer("m=audio 4000 RTP/AVP 72", "a=rtpmap:72 PCMA/8000", "a=rtcp-mux")) == .noCommonCodec)
    }

    @Test func `Without telephone-event codecs in which keys can be heard come first`() throws {
        let lines = ["m=audio 4000 RTP/AVP 96 9 8 101", "a=rtpmap:96 opus/48000/2"]
        let keyless = try plan(lines[0], lines[1])
        #expect(keyless.codecs.map(\.codec) == [.g722, .pcma, .opus])
        let keyed = try plan(lines[0], lines[1], "a=rtpmap:101 telephone-event/8000")
        #expect(keyed.codecs.map(\.codec) == [.opus, .g722, .pcma])
        #expect(try plan("m=audio 4000 RTP/AVP 96", lines[1]).codecs.map(\.codec) == [.opus])
    }

    @Test func `G_722 has the clock of 8000 that RFC 3551 gives it, and no other`() throws {
        let wanted = CodecBinding(codec: .g722, payloadType: 9)
        #expect(try plan("m=audio 4000 RTP/AVP 9", "a=rtpmap:9 G722/8000", "a=ptime:30").codecs == [wanted])
        #expect(try plan("m=audio 4000 RTP/AVP 9", "a=ptime:30").packetTime == 30)
        #expect(try error(offer("m=audio 4000 RTP/AVP 97", "a=rtpmap:97 G722/16000")) == .noCommonCodec)
    }

    @Test func `comfort noise is agreed on beside codecs without pauses of their own, and never with a browser`() throws
    {
        let noise = try plan("m=audio 4000 RTP/AVP 8 13 101", "a=rtpmap:101 telephone-event/8000")
        #expect(noise.comfortNoise == ComfortNoiseBinding(payloadType: 13))
        let dynamic = try plan("m=audio 4000 RTP/AVP 9 98", "a=rtpmap:98 CN/8000")
        #expect(dynamic.comfortNoise == ComfortNoiseBinding(payloadType: 98))
        #expect(try plan("m=audio 4000 RTP/AVP 8 98", "a=rtpmap:98 CN/16000").comfortNoise == nil)
        #expect(try plan("m=audio 4000 RTP/AVP 8").comfortNoise == nil)
        let opus = [
            "m=audio 4000 RTP/AVP 96 8 13 101", "a=rtpmap:96 opus/48000/2", "a=rtpmap:101 telephone-event/8000",
        ]
        #expect(try plan(opus[0], opus[1], opus[2]).comfortNoise == nil)
    }

    @Test(arguments: [
        ("usedtx=1", true), ("useinbandfec=1;UseDTX=1", true), ("usedtx=0;useinbandfec=1", false),
        ("x; usedtx=1 ; y=", true),
        ("usedtx", false), ("", false),
    ])
    func `pauses of Opus are left out only when the peer asks for it`(parameters: String, isAsked: Bool) throws {
        let text = """
            v=0
            o=- 1 1 IN IP4 203.0.113.9
            s=-
            c=IN IP4 203.0.113.9
            t=0 0
            m=audio 4000 RTP/AVP 96 111
            a=rtpmap:96 G722/8000
            a=fmtp:96 usedtx=1
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 \(parameters)

            """
        let plan = try Negotiation.answer(SessionDescription(parsing: text), local: .phoneFacing).plan
        #expect(plan.leavesPausesOut == isAsked)
    }

    @Test func `comfort noise that was agreed on is in the answer and in later offers, and is not offered first`()
        throws
    {
        let local = LocalMedia.phoneFacing
        let text = offer("m=audio 4000 RTP/AVP 8 98", "a=rtpmap:98 CN/8000")
        let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: text), local: local)
        #expect(answer.media[0].formats.contains("98") && answer.media[0].values("rtpmap").contains("98 CN/8000"))
        let later = Negotiation.offer(local: local, hold: false, continuing: plan)
        #expect(later.media[0].formats.contains("98") && later.media[0].values("rtpmap").contains("98 CN/8000"))
        #expect(try Negotiation.accept(answer, to: later, local: local).comfortNoise == plan.comfortNoise)
        let first = Negotiation.offer(local: local, hold: false)
        #expect(!first.media[0].values("rtpmap").contains { $0.contains("CN/") })
        #expect(try Negotiation.accept(answer, to: first, local: local).comfortNoise == nil)
    }

    @Test func `RTCP goes where a=rtcp says, to RTP's port under mux, nowhere above 65535`() throws {
        #expect(try plan("m=audio 4000 RTP/AVP 8", "a=rtcp:5005").remoteRTCP?.port == 5_005)
        let other = try plan("m=audio 4000 RTP/AVP 8", "a=rtcp:5005 IN IP4 198.51.100.8")
        #expect(other.remoteRTCP == SocketAddress(ip: "198.51.100.8", port: 5_005))
        #expect(try plan("m=audio 4000 RTP/AVP 8", "a=rtcp-mux").remoteRTCP?.port == 4_000)
        #expect(try plan("m=audio 65535 RTP/AVP 8").remoteRTCP == nil)
    }

    @Test func `Extended reports are agreed on with who asks for them, and with nobody else`() throws {
        let (linphone, plan) = try Negotiation.answer(SDPFixture.linphone.session(), local: .phoneFacing)
        #expect(plan.reports == ExtendedReportTerms(receiverRoundTrip: .everybody, voipMetrics: true))
        #expect(linphone.media[0].value("rtcp-xr") == "rcvr-rtt=all voip-metrics")
        let (chromium, browser) = try Negotiation.answer(SDPFixture.chromium.session(), local: .browserFacing)
        #expect(browser.reports == ExtendedReportTerms() && chromium.media[0].value("rtcp-xr") == nil)
        for (line, terms) in [
            ("a=rtcp-xr:rcvr-rtt=sender", ExtendedReportTerms(receiverRoundTrip: .senders)),
            ("a=rtcp-xr:pkt-loss-rle=100 voip-metrics", ExtendedReportTerms(voipMetrics: true)),
            ("a=rtcp-xr:rcvr-rtt=none voip-metrics=1 rcvr-rtt stat-summary", ExtendedReportTerms()),
            ("a=rtcp-xr:", ExtendedReportTerms()), ("a=rtcp-xr", ExtendedReportTerms()),
        ] {
            #expect(try self.plan("m=audio 4000 RTP/AVP 8", line).reports == terms, "\(line)")
        }
    }

    @Test func `What our offer asks of reports is in force when it was answered`() throws {
        let offer = Negotiation.offer(local: .phoneFacing, hold: false)
        #expect(offer.media[0].value("rtcp-xr") == "rcvr-rtt=all voip-metrics")
        var other = LocalMedia.phoneFacing
        other.address = "198.51.100.7"
        let (answer, _) = try Negotiation.answer(offer, local: other)
        #expect(try Negotiation.accept(answer, to: offer, local: .phoneFacing).reports == .all)
        let silent = try SessionDescription(parsing: self.offer("m=audio 4000 RTP/AVP 8"))
        #expect(try Negotiation.accept(silent, to: offer, local: .phoneFacing).reports == ExtendedReportTerms())
    }

    @Test func `Feedback that a peer takes is kept, and none is asked for sound`() throws {
        let text = offer("m=audio 4000 RTP/AVPF 8", "a=rtcp-fb:8 nack", "a=rtcp-fb:* trr-int 1000")
        let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: text), local: .phoneFacing)
        #expect(plan.feedback == .nack)
        #expect(!answer.media[0].has("rtcp-fb"))
    }

    @Test func `The second audio section is taken when the first cannot be`() throws {
        let text = offer("m=audio 4000 RTP/SAVP 8", "m=audio 4002 RTP/AVP 8")
        let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: text), local: .phoneFacing)
        #expect(answer.media.map(\.port) == [0, 9_000])
        #expect(plan.remoteRTP?.port == 4_002)
    }

    @Test func `Our offer is answered by ourselves`() throws {
        let offer = Negotiation.offer(local: .phoneFacing, hold: false)
        #expect(offer.media[0].formats == ["111", "9", "8", "0", "110", "101"])
        var other = LocalMedia.phoneFacing
        other.address = "198.51.100.7"
        other.codecs = [.pcmu]
        let (answer, theirs) = try Negotiation.answer(offer, local: other)
        let ours = try Negotiation.accept(answer, to: offer, local: .phoneFacing)
        #expect(ours.codecs == theirs.codecs)
        #expect(ours.telephoneEvents == theirs.telephoneEvents)
        #expect(ours.remoteRTP == SocketAddress(ip: "198.51.100.7", port: 9_000))
        #expect(ours.rtcpMux && theirs.rtcpMux)
        #expect(ours.sends && ours.receives)
    }

    @Test func `Our hold sends and does not receive`() throws {
        let offer = Negotiation.offer(local: .phoneFacing, hold: true)
        #expect(offer.media[0].has("sendonly"))
        var other = LocalMedia.phoneFacing
        other.address = "198.51.100.7"
        let (answer, theirs) = try Negotiation.answer(offer, local: other)
        #expect(theirs.isHold)
        let ours = try Negotiation.accept(answer, to: offer, local: .phoneFacing)
        #expect(ours.sends && !ours.receives)
        #expect(!ours.isHold)
    }

    @Test func `An answer may use other numbers than our offer; a re-offer keeps what is in force`() throws {
        let ours = Negotiation.offer(local: .browserFacingWithoutSecurity, hold: false)
        let text = offer(
            "m=audio 4000 RTP/AVP 98 99", "a=rtpmap:98 opus/48000/2", "a=rtpmap:99 telephone-event/48000")
        let plan = try Negotiation.accept(
            SessionDescription(parsing: text), to: ours, local: .browserFacingWithoutSecurity)
        #expect(plan.codecs == [CodecBinding(codec: .opus, payloadType: 98, receivePayloadType: 111)])
        #expect(plan.telephoneEvents[0].payloadType == 99)
        #expect(plan.telephoneEvents[0].receivePayloadType == 110)
        let answered = try Negotiation.answer(SDPFixture.baresip.session(), local: .phoneFacing).plan
        let again = Negotiation.offer(local: .phoneFacing, hold: false, continuing: answered)
        #expect(again.media[0].formats == ["96", "9", "8", "0", "110", "97"])
    }

    @Test func `A secure offer is not accepted as plain`() throws {
        let secure = Negotiation.offer(local: .browserFacing, hold: false)
        #expect(secure.media[0].value("setup") == "actpass")
        #expect(secure.media[0].transport == "UDP/TLS/RTP/SAVPF")
        let plain = try SessionDescription(parsing: offer("m=audio 4000 RTP/AVP 111", "a=rtpmap:111 opus/48000/2"))
        #expect(throws: NegotiationError.insecure) {
            try Negotiation.accept(plain, to: secure, local: .browserFacing)
        }
    }

    @Test func `A refused answer and an answer without sections are errors`() throws {
        let ours = Negotiation.offer(local: .phoneFacing, hold: false)
        let refused = try SessionDescription(parsing: offer("m=audio 0 RTP/AVP 8"))
        #expect(throws: NegotiationError.noAudio) {
            try Negotiation.accept(refused, to: ours, local: .phoneFacing)
        }
        let empty = try SessionDescription(parsing: offer())
        #expect(throws: NegotiationError.malformed) {
            try Negotiation.accept(empty, to: ours, local: .phoneFacing)
        }
    }
}

extension LocalMedia {
    fileprivate static var browserFacingWithoutSecurity: LocalMedia {
        var local = LocalMedia.browserFacing
        local.fingerprint = nil
        local.ice = nil
        return local
    }
}
