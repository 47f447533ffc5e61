// What the page "call from this browser" and the server say to each other, as JSON over one WebSocket.

struct BrowserCallerRequest: Decodable {
    enum Kind: String, Decodable {
        case call, digits, hangup, ping
    }

    var type: Kind
    var number: String?
    var sdp: String?
    var digits: String?
}

enum BrowserCallerNotice: Encodable {
    case answer(sdp: String)
    case ended(by: String, reason: String)
    case error(code: String, text: String)
    case pong

    private enum Key: String, CodingKey {
        case type, sdp, by, reason, code, text
    }

    func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        switch self {
        case .answer(let sdp):
            try box.encode("answer", forKey: .type)
            try box.encode(sdp, forKey: .sdp)
        case .ended(let by, let reason):
            try box.encode("ended", forKey: .type)
            try box.encode(by, forKey: .by)
            try box.encode(reason, forKey: .reason)
        case .error(let code, let text):
            try box.encode("error", forKey: .type)
            try box.encode(code, forKey: .code)
            try box.encode(text, forKey: .text)
        case .pong:
            try box.encode("pong", forKey: .type)
        }
    }
}
