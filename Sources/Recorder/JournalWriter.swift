// Turns payloads into a journal's bytes. Pure: it knows neither files nor clocks.

import Media
import Timing

/// One recording being written. What is ready for the file waits in front of the segment that is being filled, in one
/// buffer: a payload is copied once, and a recording keeps no memory beside it.
struct JournalWriter {
    /// A segment never holds more than this.
    private static let longestSegment: Int64 = 1_000_000_000
    private static let largestBody = 1 << 20
    /// 200 ms of two sides of G.711 with their heads, and a few packets more. A buffer that had to grow, because the disk
    /// refused or the recorder was late, is given back.
    private static let usualCapacity = 4_500
    /// From here on the next payload may not fit.
    private static let fullFrom = 4_200

    let header: JournalHeader
    private var bytes: [UInt8] = []
    /// Where the segment that is being filled begins; the end of `bytes` when there is none.
    private var open: Int
    private var segmentStart: Int64 = 0
    private var number: UInt32 = 0
    private var link: [UInt8]
    /// Nanoseconds from the origin to the last payload.
    private(set) var lastOffset: Int64 = 0

    init(_ header: JournalHeader) {
        self.header = header
        let beginning = header.bytes
        bytes.reserveCapacity(Self.usualCapacity)
        bytes += beginning
        open = beginning.count
        link = SHA256.digest(beginning)
    }

    /// Goes on behind the last intact segment of a journal that was interrupted.
    init(_ header: JournalHeader, number: UInt32, link: [UInt8], lastOffset: Int64) {
        self.header = header
        open = 0
        self.number = number
        self.link = link
        self.lastOffset = lastOffset
    }

    /// Bytes in memory.
    var count: Int { bytes.count }
    /// Better written now than grown.
    var isFull: Bool { bytes.count >= Self.fullFrom }

    mutating func append(_ block: TapBlock, payload: UnsafeRawBufferPointer) {
        let entry = JournalEntry(block, origin: header.origin)
        if entry.offset - segmentStart >= Self.longestSegment || bytes.count - open >= Self.largestBody { seal() }
        if open == bytes.count {
            segmentStart = entry.offset
            begin()
        }
        entry.write(to: &bytes)
        bytes.append(contentsOf: payload)
        lastOffset = max(lastOffset, entry.offset)
    }

    /// Completes the segment that is being filled, if anything is in it.
    mutating func seal() {
        if open < bytes.count { seal(.payloads) }
    }

    /// Completes the journal.
    mutating func end(_ cause: JournalEnd.Cause, lost: UInt64) {
        seal()
        begin()
        bytes += JournalEnd(cause: cause, offset: lastOffset, lost: lost).bytes
        seal(.end)
    }

    /// Gives `body` what is ready for the file, and forgets it unless `body` throws.
    mutating func giveReady<Problem>(_ body: (UnsafeRawBufferPointer) throws(Problem) -> Void) throws(Problem) {
        guard open > 0 else { return }
        let result = bytes.withUnsafeBytes { all in
            Result { () throws(Problem) in try body(UnsafeRawBufferPointer(rebasing: all[..<open])) }
        }
        try result.get()
        if bytes.capacity > 2 * Self.usualCapacity {
            let rest = bytes[open...]
            bytes = []
            bytes.reserveCapacity(Self.usualCapacity)
            bytes += rest
        } else {
            bytes.removeFirst(open)
        }
        open = 0
    }

    private mutating func begin() {
        bytes.append(contentsOf: repeatElement(0, count: JournalSegment.headLength))
    }

    private mutating func seal(_ kind: JournalSegment.Kind) {
        link = bytes.withUnsafeMutableBytes { all in
            JournalSegment.seal(
                kind, number: number, UnsafeMutableRawBufferPointer(rebasing: all[open...]), after: link)
        }
        number += 1
        open = bytes.count
    }
}
