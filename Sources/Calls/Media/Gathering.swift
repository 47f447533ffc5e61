// Legs that are to hear one another come to one thread first.

import SIP

/// Waits until each leg has been told everything that was said to it before, moves those that are elsewhere, and then
/// speaks to the thread that has them all. What is said to one of them meanwhile waits behind it (`MediaLeg`). It comes
/// to nothing when one of them is closed.
///
/// All legs get it at the same moment, so that of two gatherings all that share legs have the same one first: none waits
/// for the other for ever.
@Signalling
final class Gathering {
    private let legs: [MediaLeg]
    private let desk: MediaDesk
    private let then: (MediaLane) -> Void
    private(set) var isOver = false

    init(_ legs: [MediaLeg], desk: MediaDesk, then: @escaping (MediaLane) -> Void) {
        self.legs = legs
        self.desk = desk
        self.then = then
    }

    /// One of the legs has nothing else before it any more, or has come to its new thread.
    func proceed() {
        guard !isOver, legs.allSatisfy({ $0.isWaiting(for: self) }) else { return }
        guard let place = desk.meetingPlace(of: legs) else {
            for leg in legs { leg.onEvent(.lost(.overflow)) }
            return end()
        }
        let absent = legs.filter { $0.lane !== place }
        guard absent.isEmpty else {
            for leg in absent { leg.move(to: place) }
            return
        }
        then(place)
        end()
    }

    /// Lets the legs go on without it. Idempotent.
    func end() {
        guard !isOver else { return }
        isOver = true
        for leg in legs { leg.pump() }
    }
}
