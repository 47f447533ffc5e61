// A consultant's state in the words of pages and boards.

import ACD
import Timing

/// Times are Unix milliseconds.
struct ConsultantStateNotice: Encodable, Equatable {
    var state: String
    var since: Int64
    var until: Int64?
    var reason: String?
}

extension ConsultantStateNotice {
    init(_ state: AgentState, now: Instant) {
        let wall = Clock.unixMilliseconds()
        func unix(_ instant: Instant) -> Int64 { wall + (instant - now).milliseconds }
        switch state {
        case .offline: self.init(state: "offline", since: wall)
        case .ready(let since): self.init(state: "ready", since: unix(since))
        case .offered(_, let until): self.init(state: "offered", since: wall, until: unix(until))
        case .talking(_, let since): self.init(state: "talking", since: unix(since))
        case .hold(_, let since): self.init(state: "hold", since: unix(since))
        case .wrapUp(let until): self.init(state: "wrap-up", since: wall, until: unix(until))
        case .onBreak(let reason, let since): self.init(state: "break", since: unix(since), reason: reason)
        case .lost(_, let until): self.init(state: "lost", since: wall, until: unix(until))
        }
    }
}
