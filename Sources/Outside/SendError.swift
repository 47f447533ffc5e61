// Why a message did not get to its address.

/// The word (`code`) is kept with the message and shown to people in their language; nothing that was sent or came is in it.
public enum SendError: Error, Hashable, Sendable {
    /// This server has no mail server to give letters to.
    case noMailServer
    /// The address cannot be sent to.
    case badAddress
    /// The sound could not be read.
    case noSound
    /// The DNS knows no address, or does not answer.
    case unknownName
    /// Not a global address, and not allowed.
    case addressRefused
    /// No connection.
    case unreachable
    /// TLS is wanted and the mail server offers none.
    case tlsMissing
    /// No TLS, or not with whom we wanted to talk.
    case untrusted
    /// The mail server does not know our user and password.
    case loginRefused
    /// The mail server will not have it, now or later: RFC 5321's 55x, such as an unknown recipient.
    case refused(Int)
    /// The mail server will not have it now.
    case postponed(Int)
    /// The time limit.
    case tooSlow
    /// The connection broke off, or the answer was not understood.
    case broken
    /// An HTTP status of 300 to 399: never followed.
    case redirected
    /// Any other HTTP status than 200 to 299.
    case status(Int)
    /// The server is stopping; the message waits for its next start.
    case stopped

    public var code: String {
        switch self {
        case .noMailServer: "noMailServer"
        case .badAddress: "badAddress"
        case .noSound: "noSound"
        case .unknownName: "unknownName"
        case .addressRefused: "addressRefused"
        case .unreachable: "unreachable"
        case .tlsMissing: "tlsMissing"
        case .untrusted: "untrusted"
        case .loginRefused: "loginRefused"
        case .refused: "refused"
        case .postponed: "postponed"
        case .tooSlow: "tooSlow"
        case .broken: "broken"
        case .redirected: "redirected"
        case .status: "status"
        case .stopped: "stopped"
        }
    }

    /// All that `code` can be.
    public static let codes: [String] = [
        SendError.noMailServer, .badAddress, .noSound, .unknownName, .addressRefused, .unreachable, .tlsMissing,
        .untrusted, .loginRefused, .refused(0), .postponed(0), .tooSlow, .broken, .redirected, .status(0), .stopped,
    ].map(\.code)

    /// What the other side answered with.
    public var status: Int? {
        switch self {
        case .refused(let status), .postponed(let status), .status(let status): status
        case .noMailServer, .badAddress, .noSound, .unknownName, .addressRefused, .unreachable, .tlsMissing, .untrusted,
            .loginRefused, .tooSlow, .broken, .redirected, .stopped:
            nil
        }
    }

    /// Another try would end the same way.
    public var isFinal: Bool {
        switch self {
        case .refused, .badAddress: true
        case .noMailServer, .noSound, .unknownName, .addressRefused, .unreachable, .tlsMissing, .untrusted,
            .loginRefused, .postponed, .tooSlow, .broken, .redirected, .status, .stopped:
            false
        }
    }
}

extension SendError {
    /// A post that failed, in the words of both kinds of sending.
    init(_ error: LookupError) {
        switch error {
        case .closed, .cancelled: self = .stopped
        case .unknownName, .resolverBusy: self = .unknownName
        case .addressRefused: self = .addressRefused
        case .unreachable, .misdirected: self = .unreachable
        case .untrusted: self = .untrusted
        case .tooSlow, .busy: self = .tooSlow
        case .redirected: self = .redirected
        case .status(let status): self = .status(status)
        case .broken, .notJSON, .tooLarge, .malformed, .unfitValue: self = .broken
        }
    }
}
