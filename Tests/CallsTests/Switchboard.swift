// A media desk with real threads and a socket for each party, for tests.

import Foundation
import Logging
import Media
import SIP
import TestKit

@testable import Calls

/// Its legs' peers are on 127.0.0.1. Everything here happens on the signalling thread, which must not wait for a socket:
/// what peers heard is looked at after something that was awaited.
@Signalling
final class Switchboard {
    let desk: MediaDesk

    init(threads: Int, log: any LogHandler = SwiftLogNoOpLogHandler()) throws {
        try Signalling.start()
        var configuration = CallCentreConfiguration()
        configuration.mediaThreads = threads
        configuration.mediaPorts = 20_000...60_000
        desk = try MediaDesk(
            certificate: try DTLSCertificate(), configuration: configuration,
            log: Logger(label: "test") { _ in log })
    }

    var lanes: [MediaLane] { desk.lanes }

    func start() throws -> Switchboard {
        try desk.start()
        return self
    }

    func party(codec: Codec = .pcma) throws -> Party { try Party(desk, codec) }

    func sum(_ counter: Counter) -> Int { lanes.reduce(0) { $0 + $1.thread.counters[counter] } }

    /// Nobody is there, and every number is back.
    var isEmpty: Bool { lanes.allSatisfy { $0.count == 0 && $0.room == MediaThread.capacity } }

    /// A leg and the socket of its peer.
    @Signalling
    final class Party {
        let leg: MediaLeg
        let socket = LoopbackSocket()
        let plan: MediaPlan
        private let ports: LocalPorts
        private(set) var said = 0
        private let news: AsyncStream<LegNews>
        private let removal: AsyncStream<Void>

        init(_ desk: MediaDesk, _ codec: Codec) throws {
            var plan = Rig.plan([codec])
            plan.remoteRTP = socket.address
            plan.rtcpMux = true
            self.plan = plan
            ports = try desk.openPorts(towards: "127.0.0.1", rtcpMux: true)
            leg = try desk.add(ports, plan: plan, ice: nil)
            let (news, feed) = AsyncStream.makeStream(of: LegNews.self)
            let (removal, end) = AsyncStream.makeStream(of: Void.self)
            self.news = news
            self.removal = removal
            leg.onEvent = { feed.yield($0) }
            leg.whenRemoved { end.finish() }
        }

        private var address: SocketAddress {
            // because the address is a literal
            SocketAddress(ip: "127.0.0.1", port: ports.sockets.rtpPort)!
        }

        /// 20 ms of sound, recognisable by its bytes.
        func say(_ mark: UInt8) { send(8, [UInt8](repeating: mark, count: 160)) }

        /// A key behind all that was said; returns when the leg has got it, and so everything.
        func press() async {
            send(101, [5, 0x8A, 3, 0x20])
            await awaitNews { if case .digit = $0 { true } else { false } }
        }

        private func send(_ payloadType: UInt8, _ payload: [UInt8]) {
            socket.send(
                Phone.packet(
                    payloadType: payloadType, sequence: UInt16(truncatingIfNeeded: said),
                    timestamp: UInt32(said * 160), ssrc: 5, payload: payload),
                to: address)
            said += 1
        }

        /// Plays a prompt to its end.
        func hear(_ prompt: Prompt) async {
            let playlist = Playlist([prompt])
            await withCheckedContinuation { done in leg.play(playlist) { done.resume() } }
        }

        func awaitNews(_ isWanted: (LegNews) -> Bool) async {
            for await one in news where isWanted(one) { return }
        }

        /// Until the media thread has let go of the leg.
        func awaitRemoval() async { for await _ in removal {} }

        /// The packets of sound that the peer's socket has now.
        func heard() -> [[UInt8]] {
            var packets: [[UInt8]] = []
            while let packet = socket.poll() { if packet[1] & 0x7F == 8 { packets.append(packet) } }
            return packets
        }
    }
}
