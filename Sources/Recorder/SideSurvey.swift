// The first pass over one side of a recording.

import Media

/// Learns which streams there are and how their clocks run, so that the second pass can place every payload at once.
struct SideSurvey {
    private var tracker = StreamTracker()
    private(set) var profiles: [DelayProfile] = []
    private(set) var isWideBand = false
    private(set) var packets = 0
    /// The last arrival, nanoseconds from the origin.
    private(set) var end: Int64 = 0

    mutating func note(_ entry: JournalEntry) {
        let place = tracker.place(entry)
        if place.stream >= profiles.count { profiles.append(DelayProfile()) }
        let since = entry.offset - place.anchor
        if place.isInOrder { profiles[place.stream].note(since: since, delay: since - place.media) }
        end = max(end, entry.offset)
        guard entry.flags.isDisjoint(with: .soundless) else { return }
        packets += 1
        if entry.codec.isWideBand { isWideBand = true }
    }

    mutating func settle() {
        for index in profiles.indices { profiles[index].settle() }
    }
}
