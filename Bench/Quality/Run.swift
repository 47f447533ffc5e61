// One sound to be scored: who hears what through which network.

import Media

struct Run: Codable {
    enum Ears: String, Codable, CaseIterable {
        /// The codec alone: every packet at once, none lost. What no buffer can exceed.
        case direct
        case ours
        /// speexdsp's buffer as it comes, and with so many milliseconds more.
        case speex, speex20, speex40, speex80

        var margin: Int {
            switch self {
            case .direct, .ours, .speex: 0
            case .speex20: 20
            case .speex40: 40
            case .speex80: 80
            }
        }

        /// More delay helps speexdsp where delays vary, and Opus, which restores a packet from the next one.
        func hears(_ condition: Condition, _ encoding: Encoding) -> Bool {
            switch self {
            case .direct: false
            case .ours, .speex: true
            case .speex20: condition.jitter > 0 || encoding != .pcma
            case .speex40, .speex80: condition.jitter > 0
            }
        }
    }

    /// Of the file, without `.wav`.
    let name: String
    let language: String
    let codec: Encoding
    /// Bits a second.
    let bitrate: Int
    let listener: Ears
    let condition: Condition
    let seed: Int
    /// What our playout counted, the unscored beginning included.
    private(set) var counts: [String: Int] = [:]

    init(_ language: String, _ codec: Encoding, _ listener: Ears, _ condition: Condition, seed: Int) {
        self.language = language
        self.codec = codec
        bitrate = codec.bitrate
        self.listener = listener
        self.condition = condition
        self.seed = seed
        let network = "loss\(condition.loss)\(condition.isBursty ? "bursts" : "even")-jitter\(condition.jitter)"
        name = "\(language)-\(codec.rawValue)-\(network)-\(listener.rawValue)-\(seed)"
    }

    /// The same for all codecs and listeners: they are given the same packets at the same instants.
    var networkSeed: UInt64 {
        let key = "\(language) \(condition.loss) \(condition.isBursty) \(condition.jitter) \(seed)"
        // FNV-1a: Swift's own hashes differ from one process to the next.
        return key.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The part of 20 ms by which the listener's beat lags behind the sender's. A delay can only be a whole number of
    /// 20 ms and this, so that a few drawn by chance would decide the result: the golden ratio spreads them evenly.
    var phase: Double {
        let number = seed * Voice.languages.count + (Voice.languages.firstIndex(of: language) ?? 0)
        return (Double(number) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    }

    mutating func note(_ counters: MediaCounters) {
        let told: [Counter] = [
            .bufferLate, .bufferDuplicate, .bufferOverflow, .bufferRestarts, .framesDecoded, .framesConcealed,
            .framesRecovered, .framesSilent, .framesShortened, .framesLengthened, .packetsSkipped,
        ]
        for counter in told { counts["\(counter)"] = counters[counter] }
    }
}
