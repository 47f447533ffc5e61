// The other end of every leg: one thread that sends a packet each 20 ms for each leg and drains what comes back.

import Glibc
import Media
import Synchronization

/// Peers of many legs on 127.0.0.1. Its own CPU time is not what is measured.
final class Generator: Sendable {
    struct Peer: Sendable {
        let socket: Int32
        let port: UInt16
    }

    let peers: [Peer]
    private let received = Atomic<Int>(0)
    private let running = Atomic<Bool>(true)

    init(count: Int) throws {
        peers = try (0..<count).map { _ in try Self.open() }
    }

    var packetsReceived: Int { received.load(ordering: .relaxed) }

    /// Sends `payload(leg, packet)` to `targets[leg]` until `stop`. `types[leg]` is the payload type, `steps[leg]` the
    /// timestamp's step.
    func start(targets: [UInt16], types: [UInt8], steps: [UInt32], payload: @escaping @Sendable (Int, Int) -> [UInt8]) {
        let packets = (0..<targets.count).map { leg in (0..<50).map { payload(leg, $0) } }
        BenchThread.detach { [self] in run(targets, types, steps, packets) }
    }

    func stop() {
        running.store(false, ordering: .releasing)
    }

    private func run(_ targets: [UInt16], _ types: [UInt8], _ steps: [UInt32], _ packets: [[[UInt8]]]) {
        var next = timespec()
        clock_gettime(CLOCK_MONOTONIC, &next)
        var slot = 0
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while running.load(ordering: .acquiring) {
            next.tv_nsec += 1_000_000
            if next.tv_nsec >= 1_000_000_000 {
                next.tv_nsec -= 1_000_000_000
                next.tv_sec += 1
            }
            clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &next, nil)
            let round = slot / 20
            for leg in stride(from: slot % 20, to: targets.count, by: 20) {
                send(packets[leg][round % 50], round, to: targets[leg], from: leg, types[leg], steps[leg])
                while recv(peers[leg].socket, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 {
                    received.wrappingAdd(1, ordering: .relaxed)
                }
            }
            slot += 1
        }
        for peer in peers { close(peer.socket) }
    }

    private func send(_ payload: [UInt8], _ round: Int, to port: UInt16, from leg: Int, _ type: UInt8, _ step: UInt32) {
        var packet: [UInt8] = [0x80, type]
        packet += Self.big(UInt16(truncatingIfNeeded: round))
        packet += Self.big(UInt32(truncatingIfNeeded: round) &* step)
        packet += Self.big(UInt32(leg + 1))
        packet += payload
        var address = Self.address(port)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(peers[leg].socket, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func open() throws -> Peer {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard socket >= 0, bound else { throw BenchError.noSocket }
        return Peer(socket: socket, port: UInt16(bigEndian: address.sin_port))
    }
}

enum BenchError: Error {
    /// centrala-bench [--calls N], N from 1 to 2,000.
    case usage
    case noSocket
    case tooFewLegs
}

/// A detached POSIX thread that runs one closure.
enum BenchThread {
    static func detach(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { pointer in
                // because start() passed a retained box, which is taken exactly here
                Unmanaged<Box>.fromOpaque(pointer!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
