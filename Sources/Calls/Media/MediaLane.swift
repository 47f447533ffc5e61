// One media thread as the signalling side sees it: who is on it, what is said to it, how busy it is.

import Glibc
import Logging
import Media
import SIP
import Timing

/// The signalling end of one media thread's rings.
@Signalling
final class MediaLane {
    let thread: MediaThread
    private let log: Logger
    private var numbers = LegNumbers()
    private var legs: [LegID: MediaLeg] = [:]
    private var load = MediaLoad()
    /// What was to be said while the ring was full, in order.
    private var unsaid: [Command] = []
    private var watch: Watch?
    private(set) var hasStopped = false

    init(thread: MediaThread, log: Logger) {
        self.thread = thread
        self.log = log
    }

    /// Starts the thread and listens for its doorbell. Once.
    func start() throws {
        try thread.start()
        watch = Signalling.watch(fd: thread.doorbell) { [weak self] in self?.drain() }
    }

    /// Ends the thread; all its legs are gone then. Idempotent.
    func stop() {
        guard !hasStopped else { return }
        watch?.cancel()
        thread.stop()
        hasStopped = true
        drain()
    }

    // MARK: Legs

    /// Legs that there is still room for.
    var room: Int { numbers.available }
    /// Legs that are here or on their way here.
    var count: Int { legs.count }

    /// The number of a new leg; nil when the thread is full.
    func take() -> LegID? { numbers.take() }

    /// The number of a leg that comes from another thread, and its place.
    func reserve(for leg: MediaLeg) -> LegID? {
        guard let id = numbers.take(inStepWith: leg.id) else { return nil }
        legs[id] = leg
        return id
    }

    func add(_ pointer: LegPointer, as leg: MediaLeg) {
        legs[pointer.id] = leg
        send(.add(pointer))
    }

    /// The number is free again: its leg is gone, or elsewhere, or never came.
    @discardableResult
    func release(_ id: LegID) -> MediaLeg? {
        numbers.giveBack(id)
        return legs.removeValue(forKey: id)
    }

    // MARK: Rings

    /// In order, however long the thread takes to listen.
    func send(_ command: Command) {
        if unsaid.isEmpty, thread.send(command) { return }
        if unsaid.isEmpty { log.error("media.commands.full", metadata: ["thread": "\(thread.name)"]) }
        unsaid.append(command)
    }

    /// Says what is unsaid. When the thread took nothing for the whole time since it was tried last, its calls are
    /// ended: nobody hears anything there, and what waits for it must not grow.
    func catchUp() {
        guard !unsaid.isEmpty else { return }
        let said = unsaid.prefix { thread.send($0) }.count
        unsaid.removeFirst(said)
        guard said == 0 else { return }
        for leg in Array(legs.values) { leg.onEvent(.lost(.overflow)) }
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
            release(id)?.removed()
        case .detached(let pointer, let id):
            log.debug("media.moved", metadata: ["from": "\(thread.name)"])
            release(id)?.detached(pointer)
        case .updated(_, let update): update.free()
        case .cleaning(_, let cleaner): cleaner.free()
        case .played(let id, let token): legs[id]?.played(token)
        case .stopped(let id, let token): legs[id]?.stopped(token)
        case .digit(let id, let digit, let origin): legs[id]?.onEvent(.digit(digit.character, origin))
        case .connected(let id): legs[id]?.onEvent(.connected)
        case .lost(let id, let reason): legs[id]?.onEvent(.lost(.path(reason)))
        case .firstPacket(let id): legs[id]?.onEvent(.firstPacket)
        case .silent(let id): legs[id]?.onEvent(.silent)
        case .heardAgain(let id): legs[id]?.onEvent(.heardAgain)
        case .quality(let id, let quality): legs[id]?.measured(quality)
        case .wantsCodec(let id, let codec): legs[id]?.onEvent(.wantsCodec(codec))
        case .overflow(let id): legs[id]?.onEvent(.lost(.overflow))
        }
    }

    // MARK: Load

    /// It beats, and what is on it would not suffer from more.
    var isFit: Bool { load.isFit(legs: legs.count) }

    /// The share of one core that its legs take, those included that it does not feel yet.
    var share: Double { load.share(legs: legs.count) }

    /// What the thread has counted up to now.
    var sample: MediaLoad.Sample {
        let counters = thread.counters
        return MediaLoad.Sample(
            ticks: counters[.ticks], lateMicroseconds: counters[.lateMicroseconds], legs: counters[.legs],
            cpu: thread.cpuTime.nanoseconds, complexity: counters[.opusComplexity])
    }

    /// What there is to say about a thread that has counted this.
    func note(_ sample: MediaLoad.Sample, now: Instant) -> [MediaLoad.News] { load.note(sample, now: now) }
}
