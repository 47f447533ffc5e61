// A leg's place in a bridge: whom it hears, who hears it, and in which way.

/// How a leg in a bridge gets to hear the others.
enum Feed: BitwiseCopyable {
    /// The packets of the only one whom it hears are sent on as they come; nothing is sent when it hears nobody.
    /// goes to: warming, splicing, entering
    case relay
    /// As `relay`, until what is relayed also comes out of its sender's jitter buffer. goes to: splicing, entering, relay
    case warming
    /// What was relayed ended at this media time of its sender, nanoseconds: the mix begins there. goes to: mix, entering
    case splicing(from: Int64)
    /// The mix begins with the next frame. goes to: mix, relay
    case entering
    /// goes to: relay when only one is heard whose packets it can take; entering when something else was sent meanwhile
    case mix

    var isRelay: Bool {
        @_noLocks @_noAllocation get {
            switch self {
            case .relay: true
            case .warming, .splicing, .entering, .mix: false
            }
        }
    }
}

/// Legs are named by their slots; −1 is none.
struct Seat: BitwiseCopyable {
    /// More than one hears the leg.
    static var several: Int { @_noLocks @_noAllocation get { -2 } }

    /// Where the bridge is; −1: the leg is in none.
    var bridge = -1
    /// Its neighbours in the order in which legs came.
    var previous = -1
    var next = -1
    var role = BridgeRole.talk

    /// How many it hears, the muted too.
    var heard = 0
    /// The only one whom it hears.
    var only = -1
    /// The only one who hears it, or `several`.
    var audience = -1

    var feed = Feed.relay
    /// Whose packets are relayed to it while `warming`, or were before `splicing`.
    var source = -1
    /// Whose packets are relayed to it; −1: nobody's. While `splicing` only those that were late.
    var relayed: Int {
        @_noLocks @_noAllocation get {
            switch feed {
            case .relay: only
            case .warming, .splicing: source
            case .entering, .mix: -1
            }
        }
    }

    /// In what it was relayed last: the mix goes on in that. Nil: what it prefers.
    var codec: Codec?
    /// The mix is made for it.
    var listens = false
    /// Its relay could go on if nobody else needed what waits of its sender.
    var mayReturn = false
    /// Where in the memory of the mix its frame of this tick is; −1: it says nothing.
    var voice = -1
}
