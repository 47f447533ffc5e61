// After a crash: journals that were open are completed, as far as they reached the disk.

import Glibc
import Timing

extension Recorder {
    /// Completes every journal that was open when the last process went away: a torn end is cut off, a last segment
    /// written. Call it once at start, before `start()`. Costs time only for journals that were open.
    public static func recover(directory: String) -> [RecoveredJournal] {
        Recovery.openContacts(directory).compactMap { Recovery.complete($0, in: directory) }
    }

    /// Where the recording that is being written is; nil before its first payload and when it is complete. Asks the disk.
    public static func openJournal(of contact: String, in directory: String) -> String? {
        guard let name = Recovery.read("\(directory)/open/\(contact)"), Recovery.isUsable(name, contact: contact) else {
            return nil
        }
        return "\(directory)/\(name)"
    }
}

private enum Recovery {
    static func openContacts(_ directory: String) -> [String] {
        guard let folder = opendir("\(directory)/open") else { return [] }
        defer { closedir(folder) }
        var contacts: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if JournalHeader.isUsable(contact: name) { contacts.append(name) }
        }
        return contacts.sorted()
    }

    static func complete(_ contact: String, in directory: String) -> RecoveredJournal? {
        let mark = "\(directory)/open/\(contact)"
        guard let name = read(mark), isUsable(name, contact: contact) else {
            unlink(mark)
            return nil
        }
        let path = "\(directory)/\(name)"
        guard var journal = try? Journal(path: path) else {
            // Killed before the header was written: there is nothing to keep. Anything longer is left to be looked at.
            var status = stat()
            if stat(path, &status) == 0, status.st_size < JournalHeader.fixedLength { unlink(path) }
            unlink(mark)
            return RecoveredJournal(contact: contact, path: path, duration: .zero, wasOpen: true)
        }
        var last: Int64 = 0
        while journal.nextSegment({ entry, _ in last = max(last, entry.offset) }) {}
        let wasOpen = journal.ending != .closed
        if wasOpen {
            var writer = JournalWriter(
                journal.header, number: journal.nextNumber, link: journal.link, lastOffset: last)
            writer.end(.recovered, lost: 0)
            guard let file = try? JournalFile.reopen(name, contact: contact, in: directory) else { return nil }
            file.cut(at: journal.place)
            do {
                let place = journal.place
                try writer.giveReady { bytes throws(RecorderProblem) in try file.write(bytes, at: place) }
                try file.makeDurable()
            } catch {
                file.abandon()
                return nil
            }
            file.finish()
        } else {
            unlink(mark)
        }
        return RecoveredJournal(contact: contact, path: path, duration: .nanoseconds(last), wasOpen: wasOpen)
    }

    /// What the note says is a path below the recordings and nothing else.
    static func isUsable(_ name: String, contact: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[3] == "\(contact).cjr"
            && parts[..<3].allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
    }

    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
