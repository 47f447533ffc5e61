// The kinds of work that are measured.

import Media
import Timing

enum Work: String, CaseIterable {
    case prompt
    case promptRecorded = "prompt+recording"
    case relay
    case relayRecorded = "relay+recording"
    case transcode
    case transcodeRecorded = "transcode+recording"

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

/// One load, set up on one media thread and its peers.
struct Load {
    private let work: Work
    private let thread: MediaThread
    private let generator: Generator
    private let playlist: Playlist
    private var legs: [(id: LegID, sockets: MediaSockets)] = []

    init(_ work: Work, calls: Int, thread: MediaThread, prompt: Prompt) throws {
        self.work = work
        self.thread = thread
        let count = work.isBridged ? calls * 2 : calls
        generator = try Generator(count: count)
        playlist = Playlist([prompt], loops: true)
        let pool = try PortPool(address: "127.0.0.1", range: 20_000...60_000)
        var numbers = LegNumbers()
        for index in 0..<count {
            guard let id = numbers.take() else { throw BenchError.tooFewLegs }
            let sockets = try pool.open(rtcpMux: true)
            let codec = work.codec(index)
            let plan = MediaPlan(
                codecs: [CodecBinding(codec: codec, payloadType: codec.defaultPayloadType)],
                telephoneEvents: [TelephoneEventBinding(payloadType: 101, clockRate: codec.clockRate)],
                remoteRTP: SocketAddress(ip: "127.0.0.1", port: generator.peers[index].port), rtcpMux: true)
            let leg = try Leg.make(id: id, plan: plan, sockets: sockets)
            post(.add(leg))
            legs.append((id, sockets))
        }
        begin()
        let speech = prompt.view
        let frames = Int(speech.frames)
        let kinds = (0..<count).map { work.codec($0) }
        generator.start(
            targets: legs.map { $0.sockets.rtpPort }, types: kinds.map(\.defaultPayloadType),
            steps: kinds.map { UInt32($0.clockRate / 50) }
        ) { leg, packet in Self.payload(speech, kinds[leg], packet % frames) }
    }

    private func begin() {
        for (index, leg) in legs.enumerated() {
            if work.isBridged {
                if index % 2 == 0 { post(.bridge(leg.id, legs[index + 1].id)) }
            } else {
                post(.play(leg.id, playlist.view, token: 1))
            }
            if work.isRecorded, !work.isBridged || index % 2 == 0 {
                post(.record(leg.id, recording: UInt32(index + 1)))
            }
        }
    }

    var packetsReceived: Int { generator.packetsReceived }

    func stop() {
        generator.stop()
        thread.stop()
    }

    private func post(_ command: Command) {
        while !thread.send(command) {}
    }

    private static func payload(_ speech: PromptView, _ codec: Codec, _ frame: Int) -> [UInt8] {
        switch codec {
        case .pcma: Array(UnsafeBufferPointer(start: speech.pcma + frame * 160, count: 160))
        case .pcmu: Array(UnsafeBufferPointer(start: speech.pcmu + frame * 160, count: 160))
        case .g722: Array(UnsafeBufferPointer(start: speech.g722 + frame * 160, count: 160))
        case .opus:
            Array(
                UnsafeBufferPointer(
                    start: speech.opusBytes + Int(speech.opusOffsets[frame]),
                    count: Int(speech.opusOffsets[frame + 1] - speech.opusOffsets[frame])))
        }
    }
}
