// One event from sofia, copied: nothing in it points into C.

import CSofia

struct SIPEvent: Sendable {
    enum Kind: Sendable {
        case error, invite, cancel, ack, terminated, bye, options, info, update
        case stateTerminating
        case shutdownAnswer, inviteAnswer
        /// What we do not look at.
        case other
    }

    let kind: Kind
    /// Of a request: below 200 we have to answer it, otherwise the stack has. Of an answer: its status.
    let status: Int
    let phrase: String
    /// The dialog to which the handle was bound; 0: none.
    let token: UInt64
    /// False for answers that the stack made up: time-outs and transport errors.
    let hasMessage: Bool
    let message: SIPMessage

    init(copying event: sofia_event) {
        kind = Kind(event.kind, state: event.call_state)
        status = Int(event.status)
        phrase = SIPText.copy(event.phrase) ?? ""
        token = event.token
        hasMessage = event.has_message != 0
        message = SIPMessage(copying: event)
    }
}

extension SIPEvent.Kind {
    fileprivate init(_ kind: Int32, state: Int32) {
        switch Int(kind) {
        case sofia_i_error: self = .error
        case sofia_i_invite: self = .invite
        case sofia_i_cancel: self = .cancel
        case sofia_i_ack: self = .ack
        case sofia_i_terminated: self = .terminated
        case sofia_i_bye: self = .bye
        case sofia_i_options: self = .options
        case sofia_i_info: self = .info
        case sofia_i_update: self = .update
        case sofia_r_shutdown: self = .shutdownAnswer
        case sofia_r_invite: self = .inviteAnswer
        case sofia_i_state where Int(state) == sofia_state_terminating: self = .stateTerminating
        default: self = .other
        }
    }
}
