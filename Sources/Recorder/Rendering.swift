// The second pass: both sides on one clock, out into one file.

import Media

/// One side's way from payloads to samples.
struct RenderingSide: ~Copyable {
    private var tracker = StreamTracker()
    private let profiles: [DelayProfile]
    private var queue = HoldingQueue()
    private(set) var track: SideTrack

    init(_ survey: SideSurvey, sampleRate: Int) {
        profiles = survey.profiles
        track = SideTrack(sampleRate: sampleRate)
    }

    var report: RenderedSide {
        var report = track.report
        report.streams = tracker.count
        return report
    }

    mutating func insert(_ entry: JournalEntry, _ payload: UnsafeRawBufferPointer) {
        let place = tracker.place(entry)
        // Always true unless the file grew between the passes: what came since is left out.
        guard place.stream < profiles.count else { return }
        let delay = profiles[place.stream].delay(since: entry.offset - place.anchor)
        let held = HeldPayload(
            position: place.anchor + place.media + delay, stream: place.stream, sequence: place.sequence,
            codec: entry.codec, isSoundless: !entry.flags.isDisjoint(with: .soundless), bytes: Array(payload))
        if !queue.insert(held) { track.noteDuplicate() }
    }

    /// Everything that lies before `position` is final now.
    mutating func place(before position: Int64) {
        while let payload = queue.next(before: position) { track.place(payload) }
    }

    mutating func take(until limit: Int) -> [Int16] { track.take(until: limit) }
}

/// Both sides and the file.
struct Rendering: ~Copyable {
    /// What was placed stays open for so many nanoseconds, so that the next payload can still be blended into it.
    private static let open: Int64 = 200_000_000

    private var left: RenderingSide
    private var right: RenderingSide
    private let sampleRate: Int
    private var writer: SoundFileWriter
    private var frames = 0

    init(
        left: consuming RenderingSide, right: consuming RenderingSide, sampleRate: Int,
        writer: consuming SoundFileWriter
    ) {
        self.left = left
        self.right = right
        self.sampleRate = sampleRate
        self.writer = writer
    }

    mutating func insert(_ entry: JournalEntry, _ payload: UnsafeRawBufferPointer) {
        switch entry.side {
        case .left: left.insert(entry, payload)
        case .right: right.insert(entry, payload)
        }
    }

    /// Nothing that comes from now on lies before `position`.
    mutating func advance(to position: Int64) throws(RenderError) {
        left.place(before: position)
        right.place(before: position)
        try write(until: Int(max(0, position - Self.open) / 1_000_000 * Int64(sampleRate) / 1_000))
    }

    /// The rest, and the file's own ending.
    consuming func finish() throws(RenderError) -> RenderReport {
        left.place(before: .max)
        right.place(before: .max)
        try write(until: max(left.track.end, right.track.end))
        var report = RenderReport()
        report.duration = .nanoseconds(Int64(frames) * 1_000_000_000 / Int64(sampleRate))
        report.sampleRate = sampleRate
        report.left = left.report
        report.right = right.report
        do {
            try writer.finish()
        } catch {
            throw .sound(error)
        }
        return report
    }

    private mutating func write(until limit: Int) throws(RenderError) {
        let lefts = left.take(until: limit)
        let rights = right.take(until: limit)
        guard !lefts.isEmpty else { return }
        var both = [Int16](repeating: 0, count: 2 * lefts.count)
        for index in lefts.indices {
            both[2 * index] = lefts[index]
            both[2 * index + 1] = rights[index]
        }
        frames += lefts.count
        do {
            try both.withUnsafeBufferPointer { samples throws(SoundFileError) in
                if let memory = samples.baseAddress { try writer.write(memory, frames: lefts.count) }
            }
        } catch {
            throw .sound(error)
        }
    }
}
