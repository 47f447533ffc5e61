// Turns payloads into a journal's bytes. Pure: it knows neither files nor clocks.

import Media
import Timing

/// One recording being written. `takeBytes()` gives what is ready for the file, in order.
struct JournalWriter {
    /// A segment never holds more than this.
    private static let longestSegment: Int64 = 1_000_000_000
    private static let largestBody = 1 << 20

    let header: JournalHeader
    private var ready: [UInt8]
    private var body: [UInt8] = []
    private var bodyStart: Int64 = 0
    private var number: UInt32 = 0
    private var link: [UInt8]
    /// Nanoseconds from the origin to the last payload.
    private(set) var lastOffset: Int64 = 0

    init(_ header: JournalHeader) {
        self.header = header
        ready = header.bytes
        link = SHA256.digest(header.bytes)
    }

    /// Goes on behind the last intact segment of a journal that was interrupted.
    init(_ header: JournalHeader, number: UInt32, link: [UInt8], lastOffset: Int64) {
        self.header = header
        ready = []
        self.number = number
        self.link = link
        self.lastOffset = lastOffset
    }

    /// Bytes that `takeBytes()` would give.
    var readyCount: Int { ready.count }

    mutating func append(_ block: TapBlock, payload: UnsafeRawBufferPointer) {
        let entry = JournalEntry(block, origin: header.origin)
        if body.isEmpty { bodyStart = entry.offset }
        if entry.offset - bodyStart >= Self.longestSegment || body.count >= Self.largestBody {
            seal()
            bodyStart = entry.offset
        }
        entry.write(to: &body)
        body += payload
        lastOffset = max(lastOffset, entry.offset)
    }

    /// Completes the segment that is being filled, if anything is in it.
    mutating func seal() {
        guard !body.isEmpty else { return }
        add(.payloads, body)
        body.removeAll(keepingCapacity: true)
    }

    /// Completes the journal.
    mutating func end(_ cause: JournalEnd.Cause, lost: UInt64) {
        seal()
        add(.end, JournalEnd(cause: cause, offset: lastOffset, lost: lost).bytes)
    }

    mutating func takeBytes() -> [UInt8] {
        defer { ready = [] }
        return ready
    }

    private mutating func add(_ kind: JournalSegment.Kind, _ body: [UInt8]) {
        let segment = JournalSegment.bytes(kind, number: number, body: body, after: link)
        ready += segment.bytes
        link = segment.link
        number += 1
    }
}
