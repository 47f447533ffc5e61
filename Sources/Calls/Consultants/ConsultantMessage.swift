// What a consultant's page and the server say to each other, as JSON over one WebSocket.

import Media

/// From the page. Unknown types and missing fields are answered by `error`, never by closing.
struct ConsultantRequest: Decodable {
    enum Kind: String, Decodable {
        case mediaOffer = "media.offer"
        case ready
        case onBreak = "break"
        case answer
        case reject
        case hold
        case resume
        case digits
        case hangup
        case wrapUpDone = "wrapup.done"
        case ping
    }

    var type: Kind
    var sdp: String?
    var offer: String?
    var reason: String?
    var digits: String?
}

/// A queue's numbers as consultants see them.
struct QueueFigures: Encodable, Equatable {
    var name: String
    var waiting: Int
    /// Seconds that the longest waiting caller has waited; 0 when nobody waits.
    var longest: Int
}

/// To the page. `type` first; times are Unix milliseconds.
enum ConsultantNotice: Encodable {
    /// `breaks`: the reasons to choose from; none: a break needs no reason.
    case welcome(name: String, account: String, queues: [String], state: String, breaks: [String])
    case mediaAnswer(sdp: String)
    case mediaState(connected: Bool)
    /// What the page should send from now on.
    case mediaCodec(Codec)
    case state(ConsultantStateNotice)
    case offer(OfferNotice)
    case offerGone(offer: String, why: String)
    case call(CallNotice)
    case callEnded(contact: String, by: String)
    case queues([QueueFigures])
    case pong
    case error(code: String, text: String)

    private enum Key: String, CodingKey {
        case type, name, account, queues, state, breaks, sdp, connected, codec, offer, why, contact, by, code, text
    }

    func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        switch self {
        case .welcome(let name, let account, let queues, let state, let breaks):
            try box.encode("welcome", forKey: .type)
            try box.encode(name, forKey: .name)
            try box.encode(account, forKey: .account)
            try box.encode(queues, forKey: .queues)
            try box.encode(state, forKey: .state)
            try box.encode(breaks, forKey: .breaks)
        case .mediaAnswer(let sdp):
            try box.encode("media.answer", forKey: .type)
            try box.encode(sdp, forKey: .sdp)
        case .mediaState(let connected):
            try box.encode("media.state", forKey: .type)
            try box.encode(connected, forKey: .connected)
        case .mediaCodec(let codec):
            try box.encode("media.codec", forKey: .type)
            try box.encode(codec.name, forKey: .codec)
        case .state(let notice):
            try box.encode("state", forKey: .type)
            try notice.encode(to: encoder)
        case .offer(let notice):
            try box.encode("offer", forKey: .type)
            try notice.encode(to: encoder)
        case .offerGone(let offer, let why):
            try box.encode("offer.gone", forKey: .type)
            try box.encode(offer, forKey: .offer)
            try box.encode(why, forKey: .why)
        case .call(let notice):
            try box.encode("call", forKey: .type)
            try notice.encode(to: encoder)
        case .callEnded(let contact, let by):
            try box.encode("call.ended", forKey: .type)
            try box.encode(contact, forKey: .contact)
            try box.encode(by, forKey: .by)
        case .queues(let figures):
            try box.encode("queues", forKey: .type)
            try box.encode(figures, forKey: .queues)
        case .pong:
            try box.encode("pong", forKey: .type)
        case .error(let code, let text):
            try box.encode("error", forKey: .type)
            try box.encode(code, forKey: .code)
            try box.encode(text, forKey: .text)
        }
    }
}

struct OfferNotice: Encodable {
    var offer: String
    var contact: String
    /// nil: the caller withheld the number.
    var caller: String?
    var queue: String
    var hotline: String
    var language: String
    var tags: [String]
    /// Seconds waited so far.
    var waited: Int
    var until: Int64
}

struct CallNotice: Encodable {
    var contact: String
    var caller: String?
    var queue: String
    var hotline: String
    var since: Int64
    var held: Bool
    var recording: Bool
}
