// Who is on the line: a SIP dialog or the page "call from this browser".

import SIP

/// The customer's end of a call: signalling only; the sound is the leg's.
enum Party {
    case phone(Dialog)
    case browser(Socket)

    @Signalling
    func hangUp(_ reason: String) {
        switch self {
        case .phone(let dialog): dialog.hangUp(reason: .normal)
        case .browser(let socket): socket.send(BrowserCallerNotice.ended(by: "system", reason: reason))
        }
    }
}

/// Who ended first (statistics.md §1: caller, agent, system, network).
enum EndedBy: String, Sendable {
    case caller, agent, system, network
}
