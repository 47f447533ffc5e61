// A MediaTransport in a box that tests can hold, with its outbox emptied into arrays.

import Timing

@testable import Media

/// An RTP packet with 160 bytes of payload.
func rtp(_ payloadType: UInt8, sequence: UInt16 = 1, ssrc: UInt32 = 0x0A0B_0C0D) -> [UInt8] {
    let header = RTPHeader(
        marker: false, payloadType: payloadType, sequence: sequence, timestamp: UInt32(sequence) * 160, ssrc: ssrc)
    var packet = [UInt8](repeating: 0xD5, count: RTPHeader.length + 160)
    packet.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }  // because the array is not empty
    return packet
}

/// A receiver report without blocks.
let rtcp: [UInt8] = [0x80, 201, 0, 1, 0x0A, 0x0B, 0x0C, 0x0D]

/// One side of a path. A class because the expectations of tests cannot hold values that are not copyable.
final class TestPath {
    /// `Received` without lengths, so that tests can compare.
    enum Received: Equatable {
        case rtp
        case rtcp
        case consumed
        case dropped(DropReason)
    }

    enum Change: Equatable {
        case connected
        case lost
        case failed(TransportFailure)
    }

    private var transport: MediaTransport
    private var outbox = Outbox()
    private(set) var now = Instant(nanoseconds: 0)
    /// Datagrams sent and not yet taken, with their destination.
    var sent: [(bytes: [UInt8], to: SocketAddress)] = []
    /// The last packet received, decrypted.
    private(set) var received: [UInt8] = []

    init(plan: MediaPlan, ice: ICECredentials? = nil, certificate: DTLSCertificate? = nil) throws {
        let sockets = MediaSockets(rtp: 3, rtcp: 4, rtpPort: 9_000, rtcpPort: 9_001, pool: nil)
        transport = try MediaTransport(plan: plan, sockets: sockets, ice: ice, certificate: certificate)
    }

    var isConnected: Bool { transport.isConnected }
    var remoteRTP: SocketAddress? { transport.remoteRTP }
    var remoteRTCP: SocketAddress? { transport.remoteRTCP }
    func drops(_ reason: DropReason) -> UInt32 { transport.drops[reason] }

    func receive(_ bytes: [UInt8], from source: SocketAddress, isRTCPSocket: Bool = false) -> Received {
        var copy = bytes
        let result = copy.withUnsafeMutableBytes { buffer in
            transport.receive(buffer, from: source, isRTCPSocket: isRTCPSocket, now: now, outbox: &outbox)
        }
        collect()
        switch result {
        case .rtp(let length):
            received = Array(copy.prefix(length))
            return .rtp
        case .rtcp(let length):
            received = Array(copy.prefix(length))
            return .rtcp
        case .consumed: return .consumed
        case .dropped(let reason): return .dropped(reason)
        }
    }

    /// The packet as it goes out; empty when it cannot be sent.
    func protect(_ packet: [UInt8], isRTCP: Bool = false) -> [UInt8] {
        let capacity = packet.count + MediaTransport.trailerLength
        var buffer = packet + [UInt8](repeating: 0, count: MediaTransport.trailerLength)
        let length = buffer.withUnsafeMutableBytes { bytes in
            let start = bytes.baseAddress!  // because the array is not empty
            return isRTCP
                ? transport.protectRTCP(start, length: packet.count, capacity: capacity)
                : transport.protectRTP(start, length: packet.count, capacity: capacity)
        }
        return Array(buffer.prefix(length))
    }

    /// Lets virtual time pass in steps of 20 ms.
    func pass(_ duration: Duration) {
        let end = now + duration
        while now < end {
            now = now + .milliseconds(20)
            transport.tick(now: now, outbox: &outbox)
            collect()
        }
    }

    func update(_ plan: MediaPlan, ice: ICECredentials? = nil) {
        transport.update(plan: plan, ice: ice)
    }

    func takeStateChange() -> Change? {
        switch transport.takeStateChange() {
        case nil: nil
        case .connected: .connected
        case .lost: .lost
        case .failed(let failure): .failed(failure)
        }
    }

    func takeSent() -> [[UInt8]] {
        defer { sent = [] }
        return sent.map(\.bytes)
    }

    private func collect() {
        outbox.drain { bytes, destination, _ in sent.append((Array(bytes), destination)) }
    }
}
