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
    /// The page should send this codec from now on.
    case wantsCodec(Codec)
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

/// A handle on a leg that lives on a media thread, and may move to another. Closing it is final; what plays is kept
/// alive until it is gone. What is said to it arrives in order: while it moves, or waits for others to come to its
/// thread, it waits too.
@Signalling
final class MediaLeg {
    private enum Place {
        /// Goes to: moving, gone.
        case on(MediaLane)
        /// Its thread was told to let go of it; it has a number on the next. Goes to: on, gone.
        case moving(to: MediaLane, as: LegID)
        case gone
    }

    private enum Order {
        case command((LegID) -> Command)
        case gathering(Gathering)
    }

    /// Its number on the thread that it is on.
    private(set) var id: LegID
    private var place: Place
    /// What was not said yet.
    private var orders: [Order] = []
    private(set) var plan: MediaPlan
    var onEvent: (LegNews) -> Void = { _ in }
    private var lastWork: [() -> Void] = []
    private let desk: MediaDesk
    private let ports: LocalPorts
    private var nextToken: UInt32 = 1
    private var playing: (token: UInt32, then: () -> Void)?
    /// The playlists that the media thread may still read, by token: it reads them through bare pointers.
    private var kept: [UInt32: Playlist] = [:]
    private var cleaning: SpeechCleaning?
    private(set) var isClosed = false
    /// From the beginning, and to the very end when it is looked at in `whenRemoved`.
    private(set) var quality = QualitySummary()

    init(id: LegID, on lane: MediaLane, desk: MediaDesk, ports: LocalPorts, plan: MediaPlan) {
        self.id = id
        place = .on(lane)
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
        let view = playlist.view
        post { .play($0, view, token: token) }
    }

    func stopPlaying() {
        guard !isClosed, playing != nil else { return }
        playing = nil
        post { .stopPlaying($0) }
    }

    func bridge(with other: MediaLeg) {
        guard other !== self else { return }
        desk.gather([self, other]) { [unowned self, unowned other] lane in lane.send(.bridge(id, other.id)) }
    }

    func unbridge() {
        guard !isClosed else { return }
        post { .unbridge($0) }
    }

    /// What this party says is cleaned for whoever hears it; nil: as it came. Where memory is short it stays as it is.
    func clean(_ cleaning: SpeechCleaning?) {
        guard !isClosed, cleaning != self.cleaning, let cleaner = try? CleanerPointer.make(cleaning) else { return }
        self.cleaning = cleaning
        post { .clean($0, cleaner) }
    }

    func send(digits: DigitString) {
        guard !isClosed else { return }
        post { .sendDigits($0, digits) }
    }

    func record(_ recording: UInt32) {
        guard !isClosed else { return }
        post { .record($0, recording: recording) }
    }

    func stopRecording() {
        guard !isClosed else { return }
        post { .stopRecording($0) }
    }

    func update(_ plan: MediaPlan) {
        guard !isClosed else { return }
        self.plan = plan
        do {
            let update = try LegUpdatePointer.make(plan: plan)
            post { .update($0, update) }
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
        let gatherings = orders.compactMap { if case .gathering(let gathering) = $0 { gathering } else { nil } }
        orders.append(.command { .remove($0) })
        for gathering in gatherings { gathering.end() }
        pump()
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
        place = .gone
        close()
        orders = []
        ports.close()
        kept = [:]
        let work = lastWork
        lastWork = []
        for work in work { work() }
    }

    /// Work for when the media thread has let go of the leg; what was asked for first is done first.
    func whenRemoved(_ work: @escaping () -> Void) {
        if case .gone = place { work() } else { lastWork.append(work) }
    }
}

// MARK: Where it is

extension MediaLeg {
    /// The thread that it is on; nil while it moves and when it is gone.
    var lane: MediaLane? {
        if case .on(let lane) = place { return lane }
        return nil
    }

    private func post(_ command: @escaping (LegID) -> Command) {
        orders.append(.command(command))
        pump()
    }

    func join(_ gathering: Gathering) { orders.append(.gathering(gathering)) }

    /// On a thread, and told everything that was said to it before.
    func isWaiting(for gathering: Gathering) -> Bool {
        guard case .on = place, case .gathering(let first) = orders.first else { return false }
        return first === gathering
    }

    /// Says what can be said.
    func pump() {
        while case .on(let lane) = place, let order = orders.first {
            switch order {
            case .command(let command):
                orders.removeFirst()
                lane.send(command(id))
            case .gathering(let gathering):
                guard gathering.isOver else { return gathering.proceed() }
                orders.removeFirst()
            }
        }
    }

    /// The other thread must have room. What comes from the network meanwhile waits in the sockets.
    func move(to other: MediaLane) {
        guard case .on(let lane) = place, let next = other.reserve(for: self) else { return }
        place = .moving(to: other, as: next)
        lane.send(.detach(id))
    }

    /// Its thread has let go of it.
    func detached(_ pointer: LegPointer) {
        guard case .moving(let lane, let next) = place else { return }
        guard !lane.hasStopped else {
            lane.release(next)
            pointer.free()
            return removed()
        }
        id = next
        place = .on(lane)
        pointer.renumber(next)
        lane.add(pointer, as: self)
        pump()
    }
}
