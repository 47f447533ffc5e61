// What a message carries, judged before anybody reads it.

/// The body of a request or response.
enum SIPBody: Hashable, Sendable {
    case none
    case sdp(String)
    /// Of a kind that only INFO may carry.
    case other(type: String, text: String)
    /// Not to be read; the status with which the request is refused.
    case refused(status: Int)

    /// Session descriptions beyond this are no session descriptions.
    static let limit = 65_536

    init(type: String?, encoding: String?, bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else {
            self = .none
            return
        }
        guard bytes.count <= Self.limit else {
            self = .refused(status: 413)
            return
        }
        let encoding = encoding?.lowercased() ?? "identity"
        guard let type = type?.lowercased().trimmed, encoding == "identity" else {
            self = .refused(status: 415)
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        self = type == "application/sdp" ? .sdp(text) : .other(type: type, text: text)
    }

    /// The session description; nil without one and where the body is something else.
    var sdp: String? {
        switch self {
        case .sdp(let text): text
        case .none, .other, .refused: nil
        }
    }

    /// The status with which a request that may only carry SDP is refused: 415 also for multipart bodies.
    var refusal: Int? {
        switch self {
        case .none, .sdp: nil
        case .other: 415
        case .refused(let status): status
        }
    }
}
