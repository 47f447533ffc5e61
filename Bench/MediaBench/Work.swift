// The kinds of work that are measured, and a load of one kind.

import Glibc
import Media

enum Work: String, CaseIterable {
    case prompt
    case promptRecorded = "prompt-recorded"
    case relay
    case relayRecorded = "relay-recorded"
    case transcode
    case transcodeRecorded = "transcode-recorded"

    var isBridged: Bool {
        switch self {
        case .prompt, .promptRecorded: false
        case .relay, .relayRecorded, .transcode, .transcodeRecorded: true
        }
    }

    var isRecorded: Bool {
        switch self {
        case .prompt, .relay, .transcode: false
        case .promptRecorded, .relayRecorded, .transcodeRecorded: true
        }
    }

    /// The codec of a leg: in a transcoded call the second one speaks Opus only.
    func codec(_ leg: Int) -> Codec {
        switch self {
        case .prompt, .promptRecorded, .relay, .relayRecorded: .pcma
        case .transcode, .transcodeRecorded: leg % 2 == 0 ? .pcma : .opus
        }
    }
}

/// Calls of one kind that go on until `stop`.
struct Load {
    private let engine: BenchEngine
    private let playlist: Playlist

    /// Leg *i* is at `ports + 2 i` of 127.0.0.1, its peer at `peers + 2 i`.
    init(_ work: Work, calls: Int, engine: BenchEngine, ports: UInt16, peers: UInt16, prompt: Prompt) throws {
        self.engine = engine
        playlist = Playlist([prompt], loops: true)
        var legs: [LegID] = []
        for index in 0..<(work.isBridged ? calls * 2 : calls) {
            let port = ports + 2 * UInt16(index)
            // A pool of one pair, because the load generator must know the port.
            let sockets = try PortPool(address: "127.0.0.1", range: port...port + 1).open(rtcpMux: true)
            let plan = BenchEngine.plan(work.codec(index), to: peers + 2 * UInt16(index))
            legs.append(try engine.add(plan, sockets: sockets))
        }
        for (index, leg) in legs.enumerated() {
            if !work.isBridged {
                engine.post(.play(leg, playlist.view, token: 1))
            } else if index % 2 == 0 {
                engine.post(.bridge(leg, legs[index + 1]))
            }
            if work.isRecorded, !work.isBridged || index % 2 == 0 { _ = engine.record(leg) }
            // 500 calls a second: a thousand that begin in one moment are not what is measured.
            if index % 2 == 0 { usleep(2_000) }
        }
    }

    func stop() {
        engine.stop()
        withExtendedLifetime(playlist) {}
    }
}
