// A journal's file while it is being written, and the note that it is open.

import Glibc

/// Created once, written at growing places, made durable on another thread. `DIRECTORY/open/CONTACT` names the journals
/// that are not closed yet, so that a start after a crash need not look at every recording ever made.
struct JournalFile: Sendable {
    let directory: String
    /// Relative to `directory`: `yyyy/mm/dd/CONTACT.cjr`, the day in UTC.
    let name: String
    private let contact: String
    private let descriptor: Int32

    var path: String { "\(directory)/\(name)" }

    /// - Throws: `RecorderProblem.disk` when a folder or the file cannot be made, or the file is there already.
    static func create(_ header: JournalHeader, in directory: String) throws(RecorderProblem) -> JournalFile {
        var time = time_t(header.startedAt / 1_000)
        var parts = tm()
        gmtime_r(&time, &parts)
        let folders = ["\(parts.tm_year + 1_900)", twoDigits(parts.tm_mon + 1), twoDigits(parts.tm_mday)]
        var folder = directory
        for part in [""] + folders {
            folder += part.isEmpty ? "" : "/\(part)"
            if mkdir(folder, 0o750) != 0, errno != EEXIST { throw problem("create", folder) }
        }
        let name = folders.joined(separator: "/") + "/\(header.contact).cjr"
        try note(header.contact, name: name, in: directory)
        let descriptor = open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw problem("create", "\(directory)/\(name)") }
        return JournalFile(directory: directory, name: name, contact: header.contact, descriptor: descriptor)
    }

    /// An interrupted one, to complete it.
    static func reopen(_ name: String, contact: String, in directory: String) throws(RecorderProblem) -> JournalFile {
        let descriptor = open("\(directory)/\(name)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem("open", "\(directory)/\(name)") }
        return JournalFile(directory: directory, name: name, contact: contact, descriptor: descriptor)
    }

    /// Writes all of `bytes` at `place`. After an error the same bytes can be written there again.
    func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(RecorderProblem) {
        var done = 0
        while done < bytes.count {
            // because `bytes` is not empty here
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(place + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.problem("write", path) }
            done += count
        }
    }

    func cut(at length: Int) { ftruncate(descriptor, off_t(length)) }

    /// Blocks until what was written is on the disk, with the file's name.
    func makeDurable() throws(RecorderProblem) {
        guard fdatasync(descriptor) == 0 else { throw Self.problem("sync", path) }
        let folder = open(Self.parent(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// The last call: the file is complete and durable.
    func finish() {
        close(descriptor)
        unlink("\(directory)/open/\(contact)")
    }

    /// Gives the file up as it is; the next start completes it.
    func abandon() { close(descriptor) }

    private static func note(_ contact: String, name: String, in directory: String) throws(RecorderProblem) {
        let folder = "\(directory)/open"
        if mkdir(folder, 0o750) != 0, errno != EEXIST { throw problem("create", folder) }
        let mark = open("\(folder)/\(contact)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard mark >= 0 else { throw problem("create", "\(folder)/\(contact)") }
        defer { close(mark) }
        let bytes = Array(name.utf8)
        guard Glibc.write(mark, bytes, bytes.count) == bytes.count else {
            throw problem("write", "\(folder)/\(contact)")
        }
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func problem(_ action: String, _ path: String) -> RecorderProblem {
        .disk(action: action, path: path, reason: String(cString: strerror(errno)))
    }
}
