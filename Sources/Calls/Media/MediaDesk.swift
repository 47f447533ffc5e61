// The media threads' registry on the signalling side: opens ports, makes legs, brings legs together.

import Logging
import Media
import SIP

/// Owns the media threads, the ports and the certificate; every leg is opened here.
@Signalling
final class MediaDesk {
    let certificate: DTLSCertificate
    let lanes: [MediaLane]
    private let range: ClosedRange<UInt16>
    private let publicAddress: String?
    private var pools: [String: PortPool] = [:]
    let watch: MediaWatch

    init(certificate: DTLSCertificate, configuration: CallCentreConfiguration, log: Logger) throws {
        self.certificate = certificate
        range = configuration.mediaPorts
        publicAddress = configuration.mediaPublicAddress
        // A thread that goes before all others on every processor would leave none to signalling.
        let realtime = CallCentreConfiguration.processors - 1
        lanes = try (0..<configuration.mediaThreads).map { index in
            MediaLane(thread: try MediaThread(name: "media-\(index + 1)", realtime: index < realtime), log: log)
        }
        watch = MediaWatch(lanes: lanes, log: log)
    }

    /// For the recorder: one ring for each thread.
    var taps: [TapRing] { lanes.map(\.thread.taps) }

    /// Starts the threads. Once.
    func start() throws {
        for lane in lanes { try lane.start() }
        watch.start()
    }

    /// Ends the threads, and with them every leg.
    func stop() {
        watch.stop()
        for lane in lanes { lane.stop() }
    }

    /// No room for another call's sound: those that are there would suffer.
    var isOverloaded: Bool { !lanes.contains(where: \.isFit) }

    /// Binds ports on the address by which `peer` (an IP address) reaches us.
    func openPorts(towards peer: String, rtcpMux: Bool) throws -> LocalPorts {
        guard let address = LocalRoute.address(towards: peer) else { throw MediaDeskError.noRoute(peer) }
        let pool = try pools[address] ?? PortPool(address: address, range: range)
        pools[address] = pool
        return LocalPorts(
            sockets: try pool.open(rtcpMux: rtcpMux), announced: announced(to: peer) ?? address)
    }

    /// The public address, for peers outside the NAT only: few routers let those inside reach it.
    private func announced(to peer: String) -> String? {
        guard let publicAddress, let peer = SocketAddress(ip: peer, port: 0) else { return nil }
        return peer.isPrivate || peer.isLoopback ? nil : publicAddress
    }

    /// Gives the leg to the media thread with the least load; to one that is overloaded or stands still only when
    /// there is no other. From now on its ports belong to it; they close when it is gone.
    func add(_ ports: LocalPorts, plan: MediaPlan, ice: ICECredentials?) throws -> MediaLeg {
        let open = lanes.filter { $0.room > 0 }
        guard let lane = open.min(by: { ($0.isFit ? 0 : 1, $0.share) < ($1.isFit ? 0 : 1, $1.share) }),
            let id = lane.take()
        else { throw MediaDeskError.full }
        do {
            let pointer = try Leg.make(
                id: id, plan: plan, sockets: ports.sockets, ice: ice, certificate: certificate)
            let leg = MediaLeg(id: id, on: lane, desk: self, ports: ports, plan: plan)
            lane.add(pointer, as: leg)
            return leg
        } catch {
            lane.release(id)
            throw error
        }
    }

    /// Brings the legs to one thread, then calls `then` with it, at once when they are together already. `then` says
    /// what is to be said by `MediaLane.send`, with the numbers that the legs have then; it is not called when a leg is
    /// closed before. Legs that hear one another already are named together, for only those named move.
    func gather(_ legs: [MediaLeg], then: @escaping (MediaLane) -> Void) {
        guard legs.allSatisfy({ !$0.isClosed }) else { return }
        let gathering = Gathering(legs, desk: self, then: then)
        for leg in legs { leg.join(gathering) }
        for leg in legs { leg.pump() }
    }

    /// The thread on which the legs meet: where the fewest have to move to (so that one more party moves, not a
    /// conference), then one that is not overloaded, then the one with the least load. Nil when all are full.
    func meetingPlace(of legs: [MediaLeg]) -> MediaLane? {
        lanes.map { lane in (lane: lane, absent: legs.count { $0.lane !== lane }) }
            .filter { $0.lane.room >= $0.absent }
            .min { a, b in
                (a.absent, a.lane.isFit ? 0 : 1, a.lane.share) < (b.absent, b.lane.isFit ? 0 : 1, b.lane.share)
            }?.lane
    }
}

enum MediaDeskError: Error {
    case noRoute(String)
    case full
}
