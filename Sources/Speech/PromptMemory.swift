// Prompts in memory, the least recently used ones forgotten first.

import Media

/// A cache bounded in bytes. A prompt that is being played stays alive by its playlist, not by being in here.
struct PromptMemory {
    enum Key: Hashable {
        case text(SpokenText)
        case file(String, PromptUse)
        case holdMusic
    }

    private struct Entry {
        let prompt: Prompt
        let stamp: PromptFile.Stamp?
        var lastUse: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var bytes = 0
    private var uses: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    /// - Parameter stamp: when given, a prompt of another content of the file does not count.
    mutating func prompt(_ key: Key, stamp: PromptFile.Stamp? = nil) -> Prompt? {
        guard var entry = entries[key] else { return nil }
        if let stamp, entry.stamp != stamp { return nil }
        uses += 1
        entry.lastUse = uses
        entries[key] = entry
        return entry.prompt
    }

    mutating func keep(_ prompt: Prompt, as key: Key, stamp: PromptFile.Stamp? = nil) {
        uses += 1
        if let old = entries.updateValue(Entry(prompt: prompt, stamp: stamp, lastUse: uses), forKey: key) {
            bytes -= old.prompt.byteCount
        }
        bytes += prompt.byteCount
        while bytes > limit, entries.count > 1, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            bytes -= oldest.value.prompt.byteCount
            entries[oldest.key] = nil
        }
    }
}
