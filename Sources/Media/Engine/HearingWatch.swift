// Notices when nothing arrives: one-way audio, or a peer that is gone.

import Timing

/// Whether the leg hears its peer.
struct HearingWatch: BitwiseCopyable {
    private static var patience: Int64 { 10_000_000_000 }

    private enum State: BitwiseCopyable {
        /// Nothing came yet. goes to: hearing, silent
        case waiting(since: Instant)
        /// goes to: silent
        case hearing(last: Instant)
        /// goes to: hearing
        case silent(everHeard: Bool)
    }

    enum News: BitwiseCopyable { case firstPacket, heardAgain, silent }

    private var state: State

    init(now: Instant) { state = .waiting(since: now) }

    /// The peer may not send (hold), or may again: the waiting begins anew.
    @_noLocks @_noAllocation
    mutating func restart(now: Instant) {
        switch state {
        case .waiting: state = .waiting(since: now)
        case .hearing: state = .hearing(last: now)
        case .silent: break
        }
    }

    /// A packet came.
    @_noLocks @_noAllocation
    mutating func note(now: Instant) -> News? {
        switch state {
        case .waiting:
            state = .hearing(last: now)
            return .firstPacket
        case .hearing:
            state = .hearing(last: now)
            return nil
        case .silent(let everHeard):
            state = .hearing(last: now)
            return everHeard ? .heardAgain : .firstPacket
        }
    }

    /// To be called now and then.
    @_noLocks @_noAllocation
    mutating func check(now: Instant) -> News? {
        switch state {
        case .waiting(let since):
            guard now.nanoseconds - since.nanoseconds >= HearingWatch.patience else { return nil }
            state = .silent(everHeard: false)
            return .silent
        case .hearing(let last):
            guard now.nanoseconds - last.nanoseconds >= HearingWatch.patience else { return nil }
            state = .silent(everHeard: true)
            return .silent
        case .silent: return nil
        }
    }
}
