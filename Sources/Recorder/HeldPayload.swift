// Payloads on their way to their place, in the order of their places.

import Media

/// A payload with its place on the recording's clock.
struct HeldPayload {
    /// Nanoseconds from the recording's origin.
    let position: Int64
    let stream: Int
    let sequence: Int64
    let codec: Codec
    /// A key, or how a pause sounds: its time passes, nothing sounds.
    let isSoundless: Bool
    let bytes: [UInt8]
}

/// Holds payloads long enough for those that come late to take their place.
struct HoldingQueue {
    private var payloads: [HeldPayload] = []
    private var first = 0

    /// - Returns: false for one that is there already.
    mutating func insert(_ payload: HeldPayload) -> Bool {
        var place = payloads.count
        while place > first, payloads[place - 1].position > payload.position { place -= 1 }
        var twin = place - 1
        while twin >= first, payloads[twin].position == payload.position {
            if payloads[twin].stream == payload.stream, payloads[twin].sequence == payload.sequence { return false }
            twin -= 1
        }
        payloads.insert(payload, at: place)
        return true
    }

    /// The next one that lies before `position`.
    mutating func next(before position: Int64) -> HeldPayload? {
        guard first < payloads.count, payloads[first].position < position else { return nil }
        let payload = payloads[first]
        first += 1
        if first >= 256 {
            payloads.removeFirst(first)
            first = 0
        }
        return payload
    }
}
