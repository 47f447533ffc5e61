// Awaiting what happens on the signalling thread, with a deadline instead of a sleep.

import SIP
import Testing
import Timing

/// Things arrive with `put`, a test takes them with `next`, in order.
@Signalling
final class Inbox<Element: Sendable> {
    private var arrived: [Element] = []
    private var waiting: CheckedContinuation<Element?, Never>?

    func put(_ element: Element) {
        if let waiting {
            self.waiting = nil
            waiting.resume(returning: element)
        } else {
            arrived.append(element)
        }
    }

    /// Everything that nobody has taken.
    var rest: [Element] { arrived }

    func next(within limit: Duration = .seconds(60), _ place: SourceLocation = #_sourceLocation) async throws -> Element
    {
        if !arrived.isEmpty { return arrived.removeFirst() }
        let timer = Signalling.timer(at: Clock.monotonic() + limit) { [weak self] in
            self?.waiting?.resume(returning: nil)
            self?.waiting = nil
        }
        let element = await withCheckedContinuation { waiting = $0 }
        timer.cancel()
        guard let element else { throw TestFailure("Nothing came within \(limit), \(place).") }
        return element
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
