// A journal, read segment by segment: whole segments only, and every damage noticed.

import Glibc
import Media
import Timing

/// Why a file is not a journal.
public enum JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(String)
    /// No intact header at its start.
    case notAJournal

    public var description: String {
        switch self {
        case .unreadable(let reason): "the recording's journal cannot be read: \(reason)"
        case .notAJournal: "the file is not a recording's journal"
        }
    }
}

/// A journal opened for reading. It may still be written meanwhile: then it ends where it ended when opened.
public struct Journal: ~Copyable {
    /// How the file ends; known when the last segment was read.
    public enum Ending: Sendable, Equatable {
        /// By its last segment.
        case closed
        /// Behind a whole segment: still being written, or the process was gone.
        case interrupted
        /// In the middle of a segment; so many bytes are of no use.
        case torn(bytes: Int)
    }

    public let header: JournalHeader
    public private(set) var ending = Ending.interrupted
    /// Places where segments were damaged, missing or exchanged. 0 for a journal that is as it was written.
    public private(set) var damages = 0
    /// What the last segment says.
    private(set) var end: JournalEnd?
    /// Where the next segment would begin.
    private(set) var place: Int
    private(set) var nextNumber: UInt32 = 0
    private(set) var link: [UInt8]

    private let descriptor: Int32
    private let size: Int
    private let checksLinks: Bool
    private var buffer: [UInt8] = []

    /// - Parameter checksLinks: false skips the chain (a second reading of the same file); checksums are always checked.
    public init(path: String, checksLinks: Bool = true) throws(JournalError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        var status = stat()
        var start = [UInt8](repeating: 0, count: JournalHeader.fixedLength + 18 + JournalHeader.longestContact)
        let count = fstat(descriptor, &status) == 0 ? pread(descriptor, &start, start.count, 0) : -1
        guard count >= 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .unreadable(reason)
        }
        guard let header = start[..<count].withUnsafeBytes({ JournalHeader(parsing: $0) }) else {
            close(descriptor)
            throw .notAJournal
        }
        self.descriptor = descriptor
        self.header = header
        self.checksLinks = checksLinks
        size = Int(status.st_size)
        place = header.bytes.count
        link = SHA256.digest(header.bytes)
    }

    deinit { close(descriptor) }

    /// How much of the file has been read, 0…1.
    public var progress: Double { size > 0 ? Double(place) / Double(size) : 1 }

    /// Reads the next segment and gives each of its payloads to `body`, in the order in which they were written; the
    /// pointers are valid only inside.
    /// - Returns: false when there is no further segment; `ending` then says why.
    public mutating func nextSegment(_ body: (JournalEntry, UnsafeRawBufferPointer) -> Void) -> Bool {
        while true {
            guard let segment = findSegment() else { return false }
            switch segment.kind {
            case .end:
                noteEnd()
                return false
            case .payloads:
                if !giveEntries(to: body) { damages += 1 }
                return true
            }
        }
    }

    /// The segment at `place`, or the next intact one behind a damage. Its bytes are then in `buffer`.
    private mutating func findSegment() -> JournalSegment? {
        guard place < size else { return nil }
        var start = place
        if let segment = read(at: start) { return accept(segment, at: start) }
        let wasTorn = isCutShort(at: start)
        while let candidate = nextMagic(after: start) {
            start = candidate
            guard let segment = read(at: start) else { continue }
            damages += 1
            return accept(segment, at: start, afterDamage: true)
        }
        if !wasTorn { damages += 1 }
        ending = .torn(bytes: size - place)
        return nil
    }

    private mutating func accept(
        _ segment: JournalSegment, at start: Int, afterDamage: Bool = false
    ) -> JournalSegment {
        let expected = checksLinks ? buffer.withUnsafeBytes { JournalSegment.link(of: $0, after: link) } : segment.link
        if !afterDamage, expected != segment.link || segment.number != nextNumber { damages += 1 }
        link = segment.link
        nextNumber = segment.number &+ 1
        place = start + JournalSegment.headLength + segment.bodyLength
        return segment
    }

    private mutating func noteEnd() {
        let body = buffer[JournalSegment.headLength...]
        guard let end = body.withUnsafeBytes({ JournalEnd(parsing: $0) }) else {
            damages += 1
            return
        }
        self.end = end
        ending = place == size ? .closed : .torn(bytes: size - place)
    }

    private func giveEntries(to body: (JournalEntry, UnsafeRawBufferPointer) -> Void) -> Bool {
        buffer.withUnsafeBytes { bytes in
            var place = JournalSegment.headLength
            while place < bytes.count {
                guard let entry = JournalEntry(parsing: bytes, at: place) else { return false }
                let payload = place + JournalEntry.headLength
                place = payload + Int(entry.length)
                body(entry, UnsafeRawBufferPointer(rebasing: bytes[payload..<place]))
            }
            return true
        }
    }

    /// An intact segment at `start`, its bytes in `buffer`.
    private mutating func read(at start: Int) -> JournalSegment? {
        guard load(JournalSegment.headLength, at: start),
            let segment = buffer.withUnsafeBytes({ JournalSegment(parsing: $0) }),
            load(JournalSegment.headLength + segment.bodyLength, at: start),
            buffer.withUnsafeBytes({ segment.isIntact($0) })
        else { return nil }
        return segment
    }

    /// A head that promises more than the file has: what a crash leaves.
    private mutating func isCutShort(at start: Int) -> Bool {
        guard load(JournalSegment.headLength, at: start) else { return true }
        guard let segment = buffer.withUnsafeBytes({ JournalSegment(parsing: $0) }) else { return false }
        return start + JournalSegment.headLength + segment.bodyLength > size
    }

    private mutating func nextMagic(after start: Int) -> Int? {
        var from = start + 1
        while from + JournalSegment.headLength <= size {
            let count = min(65_536, size - from)
            guard load(count, at: from) else { return nil }
            let limit = buffer.count - JournalSegment.magic.count
            if limit >= 0, let found = (0...limit).first(where: { buffer[$0...].starts(with: JournalSegment.magic) }) {
                return from + found
            }
            from += max(1, limit)
        }
        return nil
    }

    private mutating func load(_ count: Int, at start: Int) -> Bool {
        guard start + count <= size else { return false }
        if buffer.count > count { buffer.removeLast(buffer.count - count) }
        if buffer.count < count { buffer += [UInt8](repeating: 0, count: count - buffer.count) }
        return pread(descriptor, &buffer, count, off_t(start)) == count
    }
}
