// The media thread's registry on the signalling side: makes legs, hands out their events, frees what comes back.

import Glibc
import Logging
import Media
import SIP

/// Owns the media thread, the ports and the certificate; every leg is opened and closed here.
@Signalling
final class MediaDesk {
    let thread: MediaThread
    let certificate: DTLSCertificate
    private let range: ClosedRange<UInt16>
    private let publicAddress: String?
    private let log: Logger
    private var pools: [String: PortPool] = [:]
    private var legs: [LegID: MediaLeg] = [:]
    private var numbers = LegNumbers()
    private var watch: Watch?
    private let load: MediaWatch

    init(thread: MediaThread, certificate: DTLSCertificate, configuration: CallCentreConfiguration, log: Logger) {
        self.thread = thread
        self.certificate = certificate
        range = configuration.mediaPorts
        publicAddress = configuration.mediaPublicAddress
        self.log = log
        load = MediaWatch(thread: thread, log: log)
    }

    /// Listens for the media thread's doorbell. Once.
    func start() {
        watch = Signalling.watch(fd: thread.doorbell) { [weak self] in self?.drain() }
        load.start()
    }

    /// No room for another call's sound: those that are there would suffer.
    var isOverloaded: Bool { load.isOverloaded }

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

    /// Gives the leg to the media thread. From now on its ports belong to it; they close when it is gone.
    func add(_ ports: LocalPorts, plan: MediaPlan, ice: ICECredentials?) throws -> MediaLeg {
        guard let id = numbers.take() else { throw MediaDeskError.full }
        let pointer: LegPointer
        do {
            pointer = try Leg.make(id: id, plan: plan, sockets: ports.sockets, ice: ice, certificate: certificate)
        } catch {
            numbers.giveBack(id)
            throw error
        }
        let leg = MediaLeg(id: id, desk: self, ports: ports, plan: plan)
        legs[id] = leg
        guard thread.send(.add(pointer)) else {
            legs[id] = nil
            numbers.giveBack(id)
            pointer.free()
            throw MediaDeskError.full
        }
        return leg
    }

    func send(_ command: Command) {
        if !thread.send(command) { log.error("media.commands.full") }
    }

    private func drain() {
        var rings: UInt64 = 0
        _ = read(thread.doorbell, &rings, 8)
        while let event = thread.nextEvent() { perform(event) }
    }

    private func perform(_ event: MediaEvent) {
        switch event {
        case .removed(let pointer, let id):
            pointer.free()
            numbers.giveBack(id)
            legs.removeValue(forKey: id)?.removed()
        case .updated(_, let update): update.free()
        case .played(let id, let token): legs[id]?.played(token)
        case .stopped(let id, let token): legs[id]?.stopped(token)
        case .digit(let id, let digit, let origin): legs[id]?.onEvent(.digit(digit.character, origin))
        case .connected(let id): legs[id]?.onEvent(.connected)
        case .lost(let id, let reason): legs[id]?.onEvent(.lost(.path(reason)))
        case .firstPacket(let id): legs[id]?.onEvent(.firstPacket)
        case .silent(let id): legs[id]?.onEvent(.silent)
        case .heardAgain(let id): legs[id]?.onEvent(.heardAgain)
        case .quality(let id, let quality): legs[id]?.measured(quality)
        case .overflow(let id): legs[id]?.onEvent(.lost(.overflow))
        }
    }
}

enum MediaDeskError: Error {
    case noRoute(String)
    case full
}
