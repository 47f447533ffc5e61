// Symmetric RTP: who may speak on a plain path, and who may not.

import Testing
import Timing

@testable import Media

@Suite struct LatchingTests {
    private let peer = SocketAddress(ip: "198.51.100.7", port: 4_000)!  // because the literal is an address
    private let peerRTCP = SocketAddress(ip: "198.51.100.7", port: 4_001)!  // because the literal is an address
    private let stranger = SocketAddress(ip: "203.0.113.66", port: 4_000)!  // because the literal is an address

    private func transport(_ change: (inout MediaPlan) -> Void = { _ in }) throws -> TestPath {
        var plan = MediaPlan(
            codecs: [CodecBinding(codec: .pcma, payloadType: 8)], remoteRTP: peer, remoteRTCP: peerRTCP)
        change(&plan)
        return try TestPath(plan: plan)
    }

    @Test func `Media goes to the announced address at once, and only that source is heard`() throws {
        let path = try transport()
        #expect(path.isConnected)
        #expect(path.takeStateChange() == .connected)
        #expect(path.takeStateChange() == nil)
        for _ in 0..<100 {
            #expect(path.receive(rtp(8), from: stranger) == .dropped(.foreignSource))
            #expect(path.remoteRTP == peer)
        }
        #expect(path.receive(rtp(8), from: peer) == .rtp)
        #expect(path.receive(rtp(8), from: stranger) == .dropped(.foreignSource))
        #expect(path.remoteRTP == peer)
        #expect(path.drops(.foreignSource) == 101)
        #expect(path.sent.isEmpty)
    }

    @Test func `Another port of the same address is taken once`() throws {
        let path = try transport()
        #expect(path.receive(rtp(96), from: peer.with(port: 5_555)) == .dropped(.unknownPayloadType))
        #expect(path.receive(rtp(8), from: peer.with(port: 5_555)) == .rtp)
        #expect(path.remoteRTP == peer.with(port: 5_555))
        #expect(path.receive(rtp(8), from: peer) == .dropped(.foreignSource))
        #expect(path.receive(rtp(8), from: peer.with(port: 6_666)) == .dropped(.foreignSource))
        #expect(path.remoteRTP == peer.with(port: 5_555))
    }

    @Test func `Behind NAT only the signalling's address may be first`() throws {
        let home = try #require(SocketAddress(ip: "192.168.1.44", port: 7_078))
        let nat = try #require(SocketAddress(ip: "198.51.100.9", port: 5_060))
        let path = try transport {
            $0.remoteRTP = home
            $0.remoteRTCP = home.with(port: 7_079)
            $0.latching = .signallingSource(nat)
        }
        #expect(path.receive(rtp(8), from: stranger) == .dropped(.foreignSource))
        #expect(path.receive(rtp(8), from: nat.with(port: 40_001)) == .rtp)
        #expect(path.remoteRTP == nat.with(port: 40_001))
        #expect(path.remoteRTCP == nat.with(port: 7_079))
        #expect(path.receive(rtp(8), from: home) == .dropped(.foreignSource))
    }

    @Test func `Anyone may be first only when nothing better is known, and then nobody else`() throws {
        let path = try transport { $0.latching = .any }
        #expect(path.receive(rtp(77), from: stranger) == .dropped(.unknownPayloadType))
        #expect(path.receive([0x80, 8, 0], from: stranger) == .dropped(.malformed))
        #expect(path.receive(rtp(8), from: stranger) == .rtp)
        #expect(path.receive(rtp(8), from: peer) == .dropped(.foreignSource))
    }

    @Test func `RTCP is heard from the peer and never opens a path`() throws {
        let path = try transport { $0.latching = .any }
        #expect(path.receive(rtcp, from: stranger, isRTCPSocket: true) == .dropped(.foreignSource))
        #expect(path.receive(rtcp, from: peer.with(port: 9_999), isRTCPSocket: true) == .rtcp)
        #expect(path.remoteRTCP == peer.with(port: 9_999))
        #expect(path.remoteRTP == peer)
        #expect(path.receive(rtcp, from: peerRTCP, isRTCPSocket: true) == .dropped(.foreignSource))
        #expect(path.receive(rtcp, from: peer) == .dropped(.wrongPort))
        #expect(path.receive(rtp(8), from: peer, isRTCPSocket: true) == .dropped(.wrongPort))
    }

    @Test func `Under mux both come on one port`() throws {
        let path = try transport {
            $0.rtcpMux = true
            $0.remoteRTCP = $0.remoteRTP
        }
        #expect(path.receive(rtcp, from: peer) == .rtcp)
        #expect(path.receive(rtp(8), from: peer) == .rtp)
        #expect(path.remoteRTCP == peer)
    }

    @Test func `A re-negotiation to another address opens the latch, to the same does not`() throws {
        let path = try transport()
        #expect(path.receive(rtp(8), from: peer.with(port: 5_555)) == .rtp)
        var plan = MediaPlan(
            codecs: [CodecBinding(codec: .pcma, payloadType: 8)], remoteRTP: peer, remoteRTCP: peerRTCP)
        path.update(plan)
        #expect(path.remoteRTP == peer.with(port: 5_555))
        plan.remoteRTP = nil
        path.update(plan)
        #expect(path.remoteRTP == peer.with(port: 5_555))
        plan.remoteRTP = stranger
        path.update(plan)
        #expect(path.remoteRTP == stranger)
        #expect(path.receive(rtp(8), from: peer.with(port: 5_555)) == .dropped(.foreignSource))
        #expect(path.receive(rtp(8), from: stranger) == .rtp)
    }

    @Test func `A late packet from the port before a re-negotiation does not take the sound back`() throws {
        let path = try transport()
        #expect(path.receive(rtp(8), from: peer) == .rtp)
        let moved = peer.with(port: 4_400)
        path.update(
            MediaPlan(
                codecs: [CodecBinding(codec: .pcma, payloadType: 8)], remoteRTP: moved,
                remoteRTCP: moved.with(port: 4_401)))
        for _ in 0..<50 {
            #expect(path.receive(rtp(8), from: peer) == .rtp)
            #expect(path.receive(rtp(8), from: stranger) == .dropped(.foreignSource))
            #expect(path.remoteRTP == moved)
        }
        #expect(path.receive(rtp(8), from: moved) == .rtp)
        #expect(path.receive(rtp(8), from: peer) == .dropped(.foreignSource))
        #expect(path.remoteRTP == moved)
    }

    @Test func `A peer that stays where it was in spite of what it announces is found again`() throws {
        let path = try transport()
        #expect(path.receive(rtp(8), from: peer) == .rtp)
        let said = peer.with(port: 4_400)
        path.update(MediaPlan(codecs: [CodecBinding(codec: .pcma, payloadType: 8)], remoteRTP: said))
        for _ in 0..<101 { #expect(path.receive(rtp(8), from: peer) == .rtp) }
        #expect(path.remoteRTP == peer)
        #expect(path.receive(rtp(8), from: said) == .dropped(.foreignSource))
    }

    @Test func `STUN, DTLS and noise on a plain path are dropped and counted`() throws {
        let path = try transport()
        #expect(path.receive(STUNVectors.request, from: peer) == .dropped(.unexpectedSTUN))
        #expect(path.receive([22, 254, 255, 0], from: peer) == .dropped(.unexpectedDTLS))
        #expect(path.receive([255, 255], from: peer) == .dropped(.unknownProtocol))
        #expect(path.receive([], from: peer) == .dropped(.unknownProtocol))
        #expect(path.sent.isEmpty)
    }

    @Test(arguments: DropReason.allCases)
    func `Every reason has its counter`(reason: DropReason) {
        var counters = DropCounters()
        counters.count(reason)
        for other in DropReason.allCases { #expect(counters[other] == (other == reason ? 1 : 0)) }
    }

    @Test func `Plain packets are sent as they are`() throws {
        let path = try transport()
        #expect(path.protect(rtp(8)) == rtp(8))
        #expect(path.protect(rtcp, isRTCP: true) == rtcp)
    }
}
