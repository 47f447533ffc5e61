// The media end of one party: its path, its streams and everything between them.

import Timing

/// Made and freed by signalling, used by one media thread in between; everything it will ever need is allocated here.
public struct Leg: ~Copyable {
    /// Bytes at its beginning, about: the fields down to `playout.discards`, which every visit and every packet touches.
    static var busyByteCount: Int { 1_440 }

    fileprivate(set) var id: LegID
    let sockets: MediaSockets
    var route: SendRoute
    /// Beats of 10 ms until the next packet is made.
    var countdown = 1
    var beat: UInt8 = 0
    var isMuted = false
    /// The peer's packets wait in `playout` because not everybody who hears it can take them as they are.
    var isDecoded = false
    /// An event about this leg found no room.
    var hasOverflowed = false
    var seat = Seat()
    var tap: Tap?
    var transport: MediaTransport
    var payloads: PayloadMap
    var hearing = HearingWatch(now: Instant(nanoseconds: 0))
    var playback = Playback()
    /// Cleans what the peer says; then it is never relayed.
    var cleaner: SpeechCleaner?
    /// What goes to the peer.
    var sent: SendStream
    /// Which codec goes to the peer, and which one should come.
    var choice: CodecChoice
    var relay = Relay()
    var keysSent = DTMFSender()
    var received = ReceiveStream()
    var meter = QualityMeter(now: Instant(nanoseconds: 0), spread: 0)
    var rtcp = RTCPClock(now: Instant(nanoseconds: 0), seed: 1)

    var reports: ExtendedReportTerms { didSet { listenForLevels() } }
    /// Decodes what the peer says, for whoever listens; used while `isDecoded`.
    var playout: Playout
    var speaker: Speaker
    var pause = PauseDetector()
    var keysReceived = DTMFReceiver()
    /// Nil when telephone-event was negotiated: then tones are just sound.
    var toneDetector: ToneDetector?
    /// Decodes G.722 for it.
    var toneDecoder = G722Decoder(rate: .narrow)
    /// The key that is being sent: its beginning, and its tones where it goes in band.
    var key = SentKey()
    /// When the next beat of a leg that comes from another thread is due; nil for one that is new.
    var nextBeat: Instant?

    init(
        id: LegID, sockets: MediaSockets, transport: consuming MediaTransport, payloads: PayloadMap,
        choice: CodecChoice, reports: ExtendedReportTerms, route: SendRoute, sound: consuming LegSound
    ) {
        self.id = id
        self.sockets = sockets
        self.transport = transport
        self.payloads = payloads
        self.choice = choice
        self.reports = reports
        self.route = route
        sent = SendStream(clockRate: payloads.preferred.clockRate)
        toneDetector = sound.toneDetector
        playout = Playout(opusDecoder: sound.opusDecoder, g729Decoder: sound.g729Decoder)
        speaker = Speaker(opusEncoder: sound.opusEncoder, seam: sound.seam, g729Encoder: sound.g729Encoder)
        listenForLevels()
    }

    /// Levels are measured for peers that asked for VoIP metrics.
    private mutating func listenForLevels() { playout.level = reports.voipMetrics ? SpeechLevel() : nil }

    /// Makes a leg for one plan. It does not own the sockets: close them yourself after `.removed`.
    /// - Parameters:
    ///   - ice: our credentials, as in our SDP; nil without ICE.
    ///   - certificate: needed when the plan's security is DTLS.
    public static func make(
        id: LegID, plan: MediaPlan, sockets: MediaSockets, ice: ICECredentials? = nil,
        certificate: DTLSCertificate? = nil
    ) throws(LegError) -> LegPointer {
        let sound = try LegSound(plan)
        let transport: MediaTransport
        do {
            transport = try MediaTransport(plan: plan, sockets: sockets, ice: ice, certificate: certificate)
        } catch {
            throw .transport
        }
        let pointer = UnsafeMutablePointer<Leg>.allocate(capacity: 1)
        pointer.initialize(
            to: Leg(
                id: id, sockets: sockets, transport: transport, payloads: PayloadMap(plan),
                choice: CodecChoice(plan), reports: plan.reports, route: SendRoute(plan), sound: sound))
        return LegPointer(pointer: pointer)
    }
}

/// Where the key that is being sent began.
struct SentKey: BitwiseCopyable {
    var timestamp: UInt32 = 0
    var began = Instant(nanoseconds: 0)
    var tone: ToneGenerator?
}

/// Whose payloads a leg gives to the recorder.
struct Tap: BitwiseCopyable {
    let recording: UInt32
    var hasLeft = false
    var hasRight = false
}

/// A leg on its way through the rings.
public struct LegPointer: Sendable, BitwiseCopyable {
    // because the two threads own it in turn: signalling until `.add`, the media thread until `.removed`
    nonisolated(unsafe) let pointer: UnsafeMutablePointer<Leg>

    public var id: LegID { pointer.pointee.id }
    public var sockets: MediaSockets { pointer.pointee.sockets }

    /// Its number on the thread that it is added to next; only while signalling owns it.
    public func renumber(_ id: LegID) { pointer.pointee.id = id }

    /// How the leg fared; only while signalling owns it.
    public var statistics: LegStatistics { LegStatistics(pointer) }

    /// After `.removed` (or when it was never added), once. The sockets stay open.
    public func free() {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}

/// One leg's counts at its end.
public struct LegStatistics: Sendable, BitwiseCopyable {
    public let packetsReceived: Int
    /// By the gaps in sequence numbers; never negative.
    public let packetsLost: Int
    /// Came too late to be heard.
    public let packetsDiscarded: Int
    /// Frames of 20 ms that were invented or restored for a listener.
    public let framesConcealed: Int
    public let packetsSent: Int
    /// Interarrival jitter of RFC 3550 in milliseconds.
    public let jitterMilliseconds: Double
    /// What the peer reported last about what we sent: 0…1.
    public let remoteLoss: Double
    /// Nil when the peer never told.
    public let roundTripMilliseconds: Double?

    init(_ leg: UnsafeMutablePointer<Leg>) {
        let outcomes = leg.pointee.received.outcomes
        packetsReceived = Int(outcomes.packets - outcomes.lost)
        packetsLost = Int(outcomes.lost)
        packetsDiscarded = Int(outcomes.discarded)
        framesConcealed = Int(leg.pointee.playout.concealed)
        packetsSent = Int(leg.pointee.sent.packets)
        let clock = leg.pointee.meter.heardCodec.clockRate
        jitterMilliseconds = Double(leg.pointee.received.jitter) * 1_000 / Double(clock)
        remoteLoss = Double(leg.pointee.rtcp.remoteFractionLost) / 256
        roundTripMilliseconds = leg.pointee.rtcp.roundTrip.map { Double($0) / 1_000_000 }
    }
}
