// ICE-lite (RFC 8445): we answer connectivity checks and never send any.

import Timing

/// The lite side of ICE for one stream with one component.
struct ICELite: ~Copyable {
    /// What a STUN message did.
    enum Outcome: Sendable, BitwiseCopyable {
        /// A check of the peer: answered, and its source may send from now on.
        case validated
        /// Answered with an error, or an indication that needs no answer.
        case answered
        case dropped(DropReason)
    }

    /// RFC 7675 §5.1: consent expires after 30 s without a check.
    private static let consent = Duration.seconds(30)
    /// A browser checks from each of its interfaces; more than these sources at a time are not remembered.
    private static var maximumSources: Int { @_noLocks @_noAllocation get { 8 } }

    private enum State {
        /// No check yet. Goes to `agreed` with the first valid one, to `lost` after 30 s.
        case waiting(since: Instant?)
        /// The peer checks. Goes to `lost` after 30 s without a check.
        case agreed(last: Instant)
        /// Goes to `agreed` with the next valid check.
        case lost
    }

    private var state: State = .waiting(since: nil)
    private var username: OwnedBytes
    private var password: OwnedBytes
    private var sources: InlineArray<8, SocketAddress>
    private var sourceCount = 0
    /// Where media goes: the nominated source, or until there is one the last that was checked.
    private(set) var selected: SocketAddress?
    private var isNominated = false

    init(local: ICECredentials, remote: ICECredentials) {
        username = OwnedBytes("\(local.usernameFragment):\(remote.usernameFragment)")
        password = OwnedBytes(local.password)
        // Any value will do: entries from `sourceCount` on are not read.
        sources = InlineArray(repeating: SocketAddress.unspecified)
    }

    /// New credentials (RFC 8445 §9). Media goes on to the selected source until the peer checks again.
    mutating func restart(local: ICECredentials, remote: ICECredentials) {
        username = OwnedBytes("\(local.usernameFragment):\(remote.usernameFragment)")
        password = OwnedBytes(local.password)
        isNominated = false
    }

    /// Whether an authenticated check came from there.
    @_noLocks @_noAllocation
    func hasValidated(_ source: SocketAddress) -> Bool {
        for index in 0..<sourceCount where sources[index] == source { return true }
        return false
    }

    /// Takes a STUN message. `reply` (at least `STUNWriter.capacity` bytes) gets the response; its length is returned,
    /// 0 for none. Cheap tests come first: user name, then checksum, then HMAC.
    mutating func receive(
        _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, now: Instant, reply: UnsafeMutableRawPointer
    ) -> (outcome: Outcome, replyLength: Int) {
        guard let message = STUNMessage(parsing: bytes) else { return (.dropped(.malformedSTUN), 0) }
        switch message.kind {
        case .bindingRequest: break
        case .bindingIndication: return (.answered, 0)
        case .bindingSuccess, .bindingError, .other: return (.dropped(.unexpectedSTUN), 0)
        }
        guard let name = message.username, username.isEqual(to: name) else {
            return (.dropped(.unauthenticatedSTUN), 0)
        }
        guard message.hasValidFingerprint else { return (.dropped(.malformedSTUN), 0) }
        guard message.isAuthentic(key: password.bytes) else { return (.dropped(.unauthenticatedSTUN), 0) }
        if message.unknownAttribute != 0 {
            let length = STUNWriter.error(
                420, unknown: message.unknownAttribute, answering: message, key: password.bytes, into: reply)
            return (.answered, length)
        }
        if message.isFromControlledAgent {
            // RFC 8445 §7.3.1.1: a lite agent is controlled; the peer switches its role on 487.
            return (.answered, STUNWriter.error(487, answering: message, key: password.bytes, into: reply))
        }
        remember(source, isNomination: message.nominates)
        state = .agreed(last: now)
        let length = STUNWriter.success(answering: message, from: source, key: password.bytes, into: reply)
        return (.validated, length)
    }

    /// True once when consent was lost: nothing is sent any more until the peer checks again.
    mutating func loses(at now: Instant) -> Bool {
        switch state {
        case .waiting(nil):
            state = .waiting(since: now)
            return false
        case .waiting(let since?): return expire(since: since, now: now)
        case .agreed(let last): return expire(since: last, now: now)
        case .lost: return false
        }
    }

    private mutating func expire(since last: Instant, now: Instant) -> Bool {
        guard now - last > ICELite.consent else { return false }
        state = .lost
        selected = nil
        isNominated = false
        sourceCount = 0
        return true
    }

    private mutating func remember(_ source: SocketAddress, isNomination: Bool) {
        if isNomination || !isNominated { selected = source }
        if isNomination { isNominated = true }
        guard !hasValidated(source) else { return }
        if sourceCount == ICELite.maximumSources {
            for index in 1..<sourceCount { sources[index - 1] = sources[index] }
            sourceCount -= 1
        }
        sources[sourceCount] = source
        sourceCount += 1
    }
}

/// Bytes in memory of their own, so that the media thread compares them without counting references.
struct OwnedBytes: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer

    init(_ text: String) {
        memory = .allocate(byteCount: max(1, text.utf8.count), alignment: 1)
        memory.copyBytes(from: text.utf8)
        count = text.utf8.count
    }

    private let count: Int

    deinit {
        memory.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[0..<count]) }

    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard other.count == count else { return false }
        for index in 0..<count where other[index] != memory[index] { return false }
        return true
    }
}
