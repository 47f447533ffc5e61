// How one party's sound fared: the facts of five seconds, and of a whole call from them.

import Media

/// Takes a leg's figures as they come. Bounded, however long the call: ratings are kept as counts by whole points of R.
struct QualitySummary {
    /// A few packets before the end say nothing about a call.
    private static let shortest: Int32 = 2_000

    private var milliseconds: Int64 = 0
    private var received: Int64 = 0
    private var lost: Int64 = 0
    private var discarded: Int64 = 0
    private var concealed: Int64 = 0
    private var heard = RatingCounts()
    private var remote = RatingCounts()
    private var heardCodecs = CodecHistory()
    private var sentCodecs = CodecHistory()

    mutating func add(_ quality: LegQuality) {
        if quality.heard != nil { heardCodecs.note(quality.heardCodec) }
        if quality.remote != nil { sentCodecs.note(quality.sentCodec) }
        milliseconds += Int64(quality.milliseconds)
        received += Int64(quality.received)
        lost += Int64(quality.lost)
        discarded += Int64(quality.discarded)
        concealed += Int64(quality.concealed)
        guard quality.milliseconds >= Self.shortest || heard.isEmpty else { return }
        if let rating = quality.heard { heard.add(rating) }
        if let rating = quality.remote { remote.add(rating) }
    }

    /// The closing fact; nil when nothing was to be heard in either direction.
    func detail(leg: String) -> [String: String]? {
        guard !heard.isEmpty || !remote.isEmpty else { return nil }
        var detail = ["leg": leg, "duration": "\(milliseconds)"]
        detail["codec"] = heardCodecs.text
        detail["codecRemote"] = sentCodecs.text
        if let median = heard.median, let lowest = heard.lowest {
            detail["r"] = "\(median)"
            detail["rLowest"] = "\(lowest)"
            detail["mos"] = Self.text(heard.conversational, 1)
            detail["loss"] = Self.percent(lost + discarded, of: received + lost + discarded)
            if discarded > 0 { detail["late"] = Self.percent(discarded, of: received + lost + discarded) }
            if concealed > 0 { detail["concealed"] = "\(concealed)" }
        }
        if let median = remote.median, let lowest = remote.lowest {
            detail["rRemote"] = "\(median)"
            detail["rRemoteLowest"] = "\(lowest)"
            detail["mosRemote"] = Self.text(remote.conversational, 1)
        }
        return detail
    }

    /// The fact of one interval: short, because there is one every five seconds. What is nought or unknown is left out.
    static func detail(_ quality: LegQuality, leg: String) -> [String: String] {
        var detail = ["leg": leg]
        if let rating = quality.heard {
            detail["r"] = text(rating.r, 1)
            detail["mosLQ"] = text(rating.listening, 2)
            detail["mosCQ"] = text(rating.conversational, 2)
            detail["received"] = "\(quality.received)"
            detail["jitter"] = text(quality.jitterMilliseconds, 1)
        }
        if quality.lost > 0 { detail["lost"] = "\(quality.lost)" }
        if quality.discarded > 0 { detail["late"] = "\(quality.discarded)" }
        if quality.concealed > 0 { detail["concealed"] = "\(quality.concealed)" }
        if quality.bufferDelay > 0 { detail["buffer"] = "\(quality.bufferDelay)" }
        if let roundTrip = quality.roundTripMilliseconds { detail["roundTrip"] = text(roundTrip, 1) }
        if let rating = quality.remote {
            detail["rRemote"] = text(rating.r, 1)
            detail["mosLQRemote"] = text(rating.listening, 2)
            detail["mosCQRemote"] = text(rating.conversational, 2)
        }
        if let loss = quality.remoteLossShare, loss > 0 { detail["lossRemote"] = text(loss * 100, 1) + " %" }
        if let jitter = quality.remoteJitterMilliseconds { detail["jitterRemote"] = text(jitter, 1) }
        return detail
    }

    private static func percent(_ part: Int64, of whole: Int64) -> String {
        text(whole > 0 ? Double(part) / Double(whole) * 100 : 0, 1) + " %"
    }

    /// A number that is not negative with so many places: 1 or 2.
    private static func text(_ value: Double, _ places: Int) -> String {
        let scale = places == 1 ? 10 : 100
        let scaled = Int((value * Double(scale)).rounded())
        let rest = "\(scaled % scale)"
        return "\(scaled / scale).\(String(repeating: "0", count: places - rest.count))\(rest)"
    }
}

/// The codecs of one direction, one after the other.
private struct CodecHistory {
    /// Further changes are not told: a network that is now good, now bad changes codecs once a minute.
    private static let most = 6

    private var codecs: [Codec] = []

    mutating func note(_ codec: Codec) {
        if codec != codecs.last, codecs.count <= Self.most { codecs.append(codec) }
    }

    /// `PCMA → opus → PCMA`; nil when nothing went.
    var text: String? {
        guard !codecs.isEmpty else { return nil }
        let names = codecs.prefix(Self.most).map(\.name) + (codecs.count > Self.most ? ["…"] : [])
        return names.joined(separator: " → ")
    }
}

/// How often each whole point of R was reached.
private struct RatingCounts {
    private var counts: [Int32] = []
    private var total: Int32 = 0
    private var scores = 0.0

    var isEmpty: Bool { total == 0 }

    mutating func add(_ rating: CallRating) {
        if counts.isEmpty { counts = [Int32](repeating: 0, count: 101) }
        counts[min(100, max(0, Int(rating.r.rounded())))] += 1
        total += 1
        scores += rating.conversational
    }

    var lowest: Int? { counts.firstIndex { $0 > 0 } }

    /// The lower one of two in the middle.
    var median: Int? {
        var left = (total + 1) / 2
        return counts.firstIndex { count in
            left -= count
            return left <= 0
        }
    }

    /// Mean of the opinion scores.
    var conversational: Double { total > 0 ? scores / Double(total) : 0 }
}
