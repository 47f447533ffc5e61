// One party's media end, as the signalling side sees it.

import Media
import SIP

/// Ports bound for one leg and the address that SDP announces for them.
struct LocalPorts: Sendable {
    let sockets: MediaSockets
    let announced: String
    /// The number in `o=` of every description of this leg (RFC 8866 §5.2).
    let sessionID = UInt64.random(in: 1...UInt64(Int64.max))

    func close() { sockets.close() }

    /// What we bring to the first negotiation of this leg.
    func local(
        codecs: [Codec], ice: ICECredentials? = nil, fingerprint: CertificateFingerprint? = nil,
        signallingSource: SocketAddress? = nil
    ) -> LocalMedia {
        LocalMedia(
            address: announced, rtpPort: sockets.rtpPort, rtcpPort: sockets.rtcpPort, codecs: codecs, ice: ice,
            fingerprint: fingerprint, signallingSource: signallingSource, sessionID: sessionID, sessionVersion: 1)
    }
}

enum LegNews: Sendable {
    case connected
    case lost(LegLoss)
    case firstPacket
    case silent
    case heardAgain
    case digit(Character, DigitOrigin)
    /// Every five seconds.
    case quality(LegQuality)
}

/// Why a leg has no path any more.
enum LegLoss: Sendable, CustomStringConvertible {
    case path(LossReason)
    /// The media thread had no room for its news.
    case overflow
    /// The memory for a re-negotiated leg could not be had.
    case unmade

    /// The peer said goodbye: a browser page was closed, or the person hung up there.
    var isGoodbye: Bool {
        if case .path(.closed) = self { return true }
        return false
    }

    var description: String {
        switch self {
        case .path(let reason): "\(reason)"
        case .overflow: "overflow"
        case .unmade: "no memory"
        }
    }
}

/// A handle on a leg that lives on the media thread. Closing it is final; what plays is kept alive until it is gone.
@Signalling
final class MediaLeg {
    let id: LegID
    private(set) var plan: MediaPlan
    var onEvent: (LegNews) -> Void = { _ in }
    /// Called once, when the media thread has let go of the leg.
    var onRemoved: () -> Void = {}
    private let desk: MediaDesk
    private let ports: LocalPorts
    private var nextToken: UInt32 = 1
    private var playing: (token: UInt32, then: () -> Void)?
    /// The playlists that the media thread may still read, by token: it reads them through bare pointers.
    private var kept: [UInt32: Playlist] = [:]
    private(set) var isClosed = false
    /// From the beginning, and to the very end when it is looked at in `onRemoved`.
    private(set) var quality = QualitySummary()

    init(id: LegID, desk: MediaDesk, ports: LocalPorts, plan: MediaPlan) {
        self.id = id
        self.desk = desk
        self.ports = ports
        self.plan = plan
    }

    /// Plays instead of whatever plays now. `then` is called when all of it was sent; never when it loops or is cut.
    func play(_ playlist: Playlist, then: @escaping () -> Void = {}) {
        guard !isClosed else { return }
        let token = nextToken
        nextToken &+= 1
        playing = (token, then)
        kept[token] = playlist
        desk.send(.play(id, playlist.view, token: token))
    }

    func stopPlaying() {
        guard !isClosed, playing != nil else { return }
        playing = nil
        desk.send(.stopPlaying(id))
    }

    func bridge(with other: MediaLeg) {
        guard !isClosed, !other.isClosed else { return }
        desk.send(.bridge(id, other.id))
    }

    func unbridge() {
        guard !isClosed else { return }
        desk.send(.unbridge(id))
    }

    func send(digits: DigitString) {
        guard !isClosed else { return }
        desk.send(.sendDigits(id, digits))
    }

    func record(_ recording: UInt32) {
        guard !isClosed else { return }
        desk.send(.record(id, recording: recording))
    }

    func stopRecording() {
        guard !isClosed else { return }
        desk.send(.stopRecording(id))
    }

    func update(_ plan: MediaPlan) {
        guard !isClosed else { return }
        self.plan = plan
        do {
            desk.send(.update(id, try LegUpdatePointer.make(plan: plan)))
        } catch {
            onEvent(.lost(.unmade))
        }
    }

    /// Takes the leg away. Idempotent.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        playing = nil
        onEvent = { _ in }
        desk.send(.remove(id))
    }

    func measured(_ quality: LegQuality) {
        self.quality.add(quality)
        onEvent(.quality(quality))
    }

    func stopped(_ token: UInt32) { kept[token] = nil }

    func played(_ token: UInt32) {
        kept[token] = nil
        guard let playing, playing.token == token else { return }
        self.playing = nil
        playing.then()
    }

    func removed() {
        isClosed = true
        ports.close()
        kept = [:]
        let removed = onRemoved
        onRemoved = {}
        removed()
    }
}
