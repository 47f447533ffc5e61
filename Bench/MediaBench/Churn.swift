// Calls that come and go, by the hundred: memory must not grow with them.

import Glibc
import Media
import Recorder
import Timing

/// Kinds take turns: a prompt, the same recorded, a bridge of A-law and Opus, an encrypted leg whose peer never answers.
struct Churn {
    private static let batch = 100
    private static let packets = 3
    private static let told = 10_000

    private let engine: BenchEngine
    private let pool: PortPool
    private let certificate: DTLSCertificate
    private let playlist: Playlist
    /// Says something to every leg; hears nothing.
    private let peer: Peer
    private var legs: [LegID: UInt16] = [:]
    private var recordings: [LegID: UInt32] = [:]

    init(engine: BenchEngine) throws {
        self.engine = engine
        pool = try PortPool(address: "127.0.0.1", range: 20_000...29_999)
        certificate = try DTLSCertificate()
        playlist = Playlist([try Prompt(samples16k: Sound.speechLike(seconds: 1))], loops: true)
        peer = try Peer()
    }

    /// `tell` is called after every 10,000 calls.
    mutating func run(calls: Int, tell: (Int) -> Void) throws {
        for first in stride(from: 0, to: calls, by: Self.batch) {
            for call in first..<min(calls, first + Self.batch) { try begin(call) }
            for number in 0..<Self.packets {
                for port in legs.values { peer.say(UInt16(number), to: port) }
                usleep(20_000)
            }
            for leg in legs.keys { engine.post(.remove(leg)) }
            try takeBack()
            let done = min(calls, first + Self.batch)
            if done / Self.told > first / Self.told { tell(done) }
        }
        engine.stop()
    }

    private mutating func begin(_ call: Int) throws {
        let leg: LegID
        switch call % 4 {
        case 0: leg = try add(.pcma)
        case 1:
            leg = try add(.pcma)
            recordings[leg] = engine.record(leg)
        case 2:
            leg = try add(.pcma)
            engine.post(.bridge(leg, try add(.opus)))
            return
        default:
            let terms = DTLSTerms(remoteFingerprints: [certificate.fingerprint], remoteICE: nil, role: .client)
            leg = try add(.pcma, security: .dtls(terms))
        }
        engine.post(.play(leg, playlist.view, token: 1))
    }

    private mutating func add(_ codec: Codec, security: MediaSecurity = .plain) throws -> LegID {
        let sockets = try pool.open(rtcpMux: true)
        let plan = BenchEngine.plan(codec, to: peer.port, security: security)
        let leg = try engine.add(plan, sockets: sockets, certificate: certificate)
        legs[leg] = sockets.rtpPort
        return leg
    }

    private mutating func takeBack() throws {
        let deadline = Clock.monotonic() + .seconds(10)
        while !legs.isEmpty {
            while let event = engine.thread.nextEvent() {
                guard case .removed(let leg, let id) = event else { continue }
                engine.takeBack(leg, id)
                legs[id] = nil
                guard let recording = recordings.removeValue(forKey: id) else { continue }
                engine.recorder.close(recording) { result in
                    if case .success(let journal) = result { unlink(journal.path) }
                }
            }
            guard Clock.monotonic() < deadline else { throw BenchError.legsLost }
            usleep(1_000)
        }
    }
}

/// A socket that sends A-law.
private struct Peer {
    private let socket: Int32
    let port: UInt16

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { [socket] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard bound else { throw BenchError.noSocket }
        port = UInt16(bigEndian: address.sin_port)
    }

    func say(_ number: UInt16, to port: UInt16) {
        let timestamp = UInt8(truncatingIfNeeded: number) &* 160
        let packet: [UInt8] =
            [0x80, 8, 0, UInt8(truncatingIfNeeded: number), 0, 0, UInt8(number * 160 >> 8), timestamp]
            + [0, 0, 0, 1] + [UInt8](repeating: 0xD5, count: 160)
        var address = Self.address(port)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(socket, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
