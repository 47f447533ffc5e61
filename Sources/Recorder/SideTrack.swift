// One side of the rendered sound, growing from its beginning.

import Media

/// Puts payloads at their places: what follows on within 2 ms is appended, a gap is concealed for 60 ms and then silent,
/// what overlaps is blended in.
struct SideTrack: ~Copyable {
    private let sampleRate: Int
    private var decoder: PayloadDecoder
    /// Samples that were not taken yet; the first one's place is `start`.
    private var samples: [Int16] = []
    private var start = 0
    private var last: (stream: Int, sequence: Int64, length: Int)?
    private(set) var report = RenderedSide()

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        decoder = PayloadDecoder(sampleRate: sampleRate)
    }

    /// Behind the last sample.
    var end: Int { start + samples.count }

    mutating func noteDuplicate() { report.duplicates += 1 }

    mutating func place(_ payload: HeldPayload) {
        report.packets += 1
        defer { last = (payload.stream, payload.sequence, last?.length ?? 0) }
        guard !payload.isSoundless else { return }
        let position = Int((payload.position * Int64(sampleRate) + 500_000_000) / 1_000_000_000)
        if position > end + sampleRate / 500 { fill(until: position, before: payload) }
        let overlap = end - position
        let before = samples.count
        let count = decoder.decode(payload, to: &samples)
        guard count > 0 else {
            report.undecodable += 1
            return
        }
        last = (payload.stream, payload.sequence, count)
        if overlap > sampleRate / 500 { blend(overlap, from: before) }
    }

    /// The samples before `limit`, silence where nothing is known yet.
    mutating func take(until limit: Int) -> [Int16] {
        guard limit > start else { return [] }
        if end < limit {
            fadeOut()
            // The fade itself may reach beyond the limit.
            samples += [Int16](repeating: 0, count: max(0, limit - end))
        }
        let taken = Array(samples[..<(limit - start)])
        samples.removeFirst(limit - start)
        start = limit
        return taken
    }

    /// From the end to `position`: lost packets are concealed for 60 ms, pauses end within 4 ms, the rest is silence.
    private mutating func fill(until position: Int, before next: HeldPayload) {
        let gap = position - end
        let isLoss = last.map { $0.stream == next.stream && next.sequence > $0.sequence + 1 } ?? false
        guard isLoss else {
            fadeOut()
            samples += [Int16](repeating: 0, count: max(0, position - end))
            decoder.reset()
            return
        }
        report.concealed += .nanoseconds(Int64(min(gap, sampleRate * 60 / 1_000)) * 1_000_000_000 / Int64(sampleRate))
        if let last, gap == last.length, decoder.recover(gap, from: next, to: &samples) { return }
        decoder.conceal(min(gap, sampleRate * 60 / 1_000), to: &samples)
        if end < position {
            samples += [Int16](repeating: 0, count: position - end)
            decoder.reset()
        }
    }

    /// What sounds is led down in 4 ms instead of being cut.
    private mutating func fadeOut() {
        guard let final = samples.last, abs(Int(final)) > 32 else { return }
        let from = samples.count
        let length = sampleRate / 250
        decoder.conceal(length, to: &samples)
        for index in 0..<length {
            samples[from + index] = Int16(Int(samples[from + index]) * (length - index) / length)
        }
    }

    /// The samples from `from` on belong `overlap` samples earlier: over at most 5 ms they replace what was there.
    private mutating func blend(_ overlap: Int, from: Int) {
        let added = samples.count - from
        guard overlap < added, overlap <= from else {
            samples.removeLast(added)
            report.misplaced += 1
            return
        }
        let width = min(overlap, sampleRate / 200)
        let seam = from - width
        for index in 0..<width {
            let new = Int(samples[from + overlap - width + index])
            samples[seam + index] = Int16((Int(samples[seam + index]) * (width - index) + new * index) / width)
        }
        samples.removeSubrange(from..<from + overlap)
    }
}
