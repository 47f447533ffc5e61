// What becomes of a lookup.

public enum LookupAnswer: Hashable, Sendable {
    /// The wanted fields that the answer held: texts as they are, numbers and `true`/`false` in JSON's words. A field that
    /// is absent, null, an object or an array is not among them.
    case answered([String: String])
    case failed(LookupError)
}

/// Why there is no answer. The descriptions are sentences for the log; neither what was sent nor what came is in them.
public enum LookupError: Error, Hashable, Sendable {
    /// As many lookups as allowed are under way.
    case busy
    /// The server is stopping.
    case closed
    /// The caller did not wait, or the server stopped meanwhile.
    case cancelled
    /// As many names as allowed are being resolved: the DNS does not answer.
    case resolverBusy
    /// The DNS knows no address.
    case unknownName
    /// Not a global address, and not allowed.
    case addressRefused(NetworkClass)
    /// No connection.
    case unreachable
    /// The connection was led elsewhere than to the checked address.
    case misdirected
    /// No TLS, or not with whom we wanted to talk.
    case untrusted
    /// The time limit.
    case tooSlow
    /// The connection broke off, or what came is not HTTP.
    case broken
    /// A status of 300 to 399: never followed.
    case redirected
    /// Any other status than 200 to 299.
    case status(Int)
    /// Another content type than JSON.
    case notJSON
    case tooLarge
    /// JSON that is none, or no object.
    case malformed
    /// This wanted field's value is too long, holds control characters, or is no proper text or number.
    case unfitValue(field: String)

    /// What it is counted as.
    public var counter: LookupCounter {
        switch self {
        case .busy: .busy
        case .closed: .closed
        case .cancelled: .cancelled
        case .resolverBusy: .resolverBusy
        case .unknownName: .unknownName
        case .addressRefused: .addressRefused
        case .unreachable: .unreachable
        case .misdirected: .misdirected
        case .untrusted: .untrusted
        case .tooSlow: .tooSlow
        case .broken: .broken
        case .redirected: .redirected
        case .status: .badStatus
        case .notJSON: .notJSON
        case .tooLarge: .tooLarge
        case .malformed: .malformed
        case .unfitValue: .unfitValue
        }
    }
}

extension LookupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .busy: "\(LookupClient.mostAtOnce) lookups were under way already"
        case .closed: "the server was stopping"
        case .cancelled: "nobody waited for the answer any more"
        case .resolverBusy: "the name was not looked up: the DNS owed \(NameResolver.mostAtOnce) answers already"
        case .unknownName: "the name has no address"
        case .addressRefused(.metadata): "the host is a cloud's metadata service, which is never asked"
        case .addressRefused(let kind): "the host leads to \(kind.words), which is not allowed"
        case .unreachable: "no connection could be made"
        case .misdirected: "the connection led to another address than the one that was checked"
        case .untrusted: "TLS failed: no trusted certificate for this host, or no common version"
        case .tooSlow: "the answer did not come within the time limit"
        case .broken: "the connection broke off, or the answer was not HTTP"
        case .redirected: "the answer was a redirection, which is not followed"
        case .status(let code): "the answer's status was \(code)"
        case .notJSON: "the answer's content type was not JSON"
        case .tooLarge: "the answer was larger than \(AnswerReader.largest) bytes"
        case .malformed: "the answer was not a JSON object"
        case .unfitValue(let field):
            "the answer's \"\(field)\" was broken, longer than \(AnswerReader.longest) characters, or held control characters"
        }
    }
}
