// Symmetric RTP (RFC 4961): media goes back to where it comes from, within the rules that keep strangers out.

/// Where a path without ICE sends to, and from where it accepts.
struct SymmetricPath: Sendable, BitwiseCopyable {
    private enum Latch {
        /// Nothing was accepted yet. Goes to `latched` with the first accepted packet.
        case open
        /// Only this source counts. Goes to `open` when a negotiation announces another address.
        case latched(SocketAddress)
    }

    private var rule: LatchingRule
    private var announcedRTP: SocketAddress?
    private var announcedRTCP: SocketAddress?
    private var payloadTypes: PayloadTypeSet
    private var rtp: Latch = .open
    private var rtcp: Latch = .open
    /// Where RTP came from before the announced address changed: packets under way from there still arrive. They are
    /// heard, but do not latch before there were too many for stragglers: then the peer has stayed where it was, as
    /// behind a NAT that announces what it likes.
    private var former: SocketAddress?
    private var stragglersLeft = 0
    /// Two seconds of packets of 20 ms.
    private static var mostStragglers: Int { 100 }

    init(plan: MediaPlan) {
        rule = plan.latching
        announcedRTP = plan.remoteRTP
        announcedRTCP = plan.remoteRTCP
        payloadTypes = PayloadTypeSet(plan: plan)
    }

    /// A re-negotiation. The latch holds while the announced address stays, and through a hold with 0.0.0.0.
    mutating func update(plan: MediaPlan) {
        payloadTypes = PayloadTypeSet(plan: plan)
        guard let announced = plan.remoteRTP else { return }
        rule = plan.latching
        if announced != announcedRTP {
            if case .latched(let source) = rtp { former = source }
            stragglersLeft = SymmetricPath.mostStragglers
            rtp = .open
            rtcp = .open
        } else if plan.remoteRTCP != announcedRTCP {
            rtcp = .open
        }
        announcedRTP = announced
        announcedRTCP = plan.remoteRTCP
    }

    /// Where RTP goes.
    var remoteRTP: SocketAddress? {
        @_noLocks @_noAllocation get {
            switch rtp {
            case .latched(let source): source
            case .open: announcedRTP
            }
        }
    }

    /// Where RTCP goes: where it came from; or else as announced, but at the address that RTP turned out to come from.
    var remoteRTCP: SocketAddress? {
        @_noLocks @_noAllocation get {
            switch rtcp {
            case .latched(let source): return source
            case .open:
                guard var address = announcedRTCP, let current = remoteRTP else { return announcedRTCP }
                guard address.hasSameIP(as: current) else {
                    guard let announcedRTP, address.hasSameIP(as: announcedRTP) else { return address }
                    let port = address.port
                    address = current
                    address.port = port
                    return address
                }
                return address
            }
        }
    }

    /// Whether RTP from `source` is the peer's; the first accepted packet latches. Nil: accepted.
    @_noLocks @_noAllocation
    mutating func accept(_ packet: UnsafeRawBufferPointer, from source: SocketAddress) -> DropReason? {
        if case .latched(let known) = rtp {
            return known == source ? nil : .foreignSource
        }
        guard let header = RTPHeader(parsing: packet) else { return .malformed }
        guard let announcedRTP else { return .foreignSource }
        if !(source == announcedRTP) {
            guard mayLatch(source, announced: announcedRTP) else { return .foreignSource }
            guard payloadTypes.contains(header.payloadType) else { return .unknownPayloadType }
        }
        if stragglersLeft > 0, SymmetricPath.isSame(source, former), !(source == announcedRTP) {
            stragglersLeft -= 1
            return nil
        }
        rtp = .latched(source)
        return nil
    }

    /// Whether one source was chosen: no other is heard until the next negotiation.
    var isLatched: Bool {
        @_noLocks @_noAllocation get {
            switch rtp {
            case .latched: true
            case .open: false
            }
        }
    }

    /// Whether RTCP from `source` is the peer's. It never opens a path for RTP.
    @_noLocks @_noAllocation
    mutating func acceptRTCP(from source: SocketAddress) -> DropReason? {
        if case .latched(let known) = rtcp {
            return known == source ? nil : .foreignSource
        }
        let isPeer =
            SymmetricPath.isSame(source, announcedRTCP)
            || SymmetricPath.isSameIP(source, remoteRTP)
        guard isPeer else { return .foreignSource }
        rtcp = .latched(source)
        return nil
    }

    /// Whether a DTLS handshake may come from `source`: as RTP, but never from just anybody.
    func mayHandshake(from source: SocketAddress) -> Bool {
        if case .latched(let known) = rtp { return known == source }
        guard let announcedRTP else { return false }
        if case .any = rule { return source.hasSameIP(as: announcedRTP) }
        return mayLatch(source, announced: announcedRTP)
    }

    /// The handshake has proved who `source` is.
    mutating func latch(to source: SocketAddress) {
        rtp = .latched(source)
    }

    @_noLocks @_noAllocation
    private func mayLatch(_ source: SocketAddress, announced: SocketAddress) -> Bool {
        if source.hasSameIP(as: announced) { return true }
        switch rule {
        case .announced: return false
        case .signallingSource(let address): return source.hasSameIP(as: address)
        case .any: return true
        }
    }

    @_noLocks @_noAllocation
    private static func isSame(_ source: SocketAddress, _ other: SocketAddress?) -> Bool {
        guard let other else { return false }
        return source == other
    }

    @_noLocks @_noAllocation
    private static func isSameIP(_ source: SocketAddress, _ other: SocketAddress?) -> Bool {
        guard let other else { return false }
        return source.hasSameIP(as: other)
    }
}

/// Which of the 128 payload types were negotiated for receiving.
struct PayloadTypeSet: Sendable, BitwiseCopyable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(plan: MediaPlan) {
        for binding in plan.codecs { insert(binding.receivePayloadType) }
        for binding in plan.telephoneEvents { insert(binding.receivePayloadType) }
    }

    private mutating func insert(_ type: UInt8) {
        if type < 64 { low |= 1 << UInt64(type) } else if type < 128 { high |= 1 << UInt64(type - 64) }
    }

    @_noLocks @_noAllocation
    func contains(_ type: UInt8) -> Bool {
        type < 64 ? low >> UInt64(type) & 1 == 1 : high >> UInt64(type & 63) & 1 == 1
    }
}
