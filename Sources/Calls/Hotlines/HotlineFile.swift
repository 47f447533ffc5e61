// One hotline file on disk: read whole, replaced whole, never overwritten when it is not what it was taken for.

import Foundation
import IVR
import Store
import YAML

/// A file in the folder of hotlines, by its name.
struct HotlineFile: Sendable {
    /// Why a text cannot take the file's place; nothing was changed.
    enum Obstacle: Error, Equatable {
        /// Meanwhile it holds another text than the one that was begun with: this one.
        case changed(String)
        /// It cannot be read, or not be written; for people.
        case failed(String)
    }

    let name: String
    let path: String

    /// Nil when there is no hotline file of that name. Names that lead elsewhere are none.
    init?(_ name: String, in directory: String) {
        guard HotlineLibrary.files(in: directory).contains(name) else { return nil }
        self.name = name
        path = directory + "/" + name
    }

    /// Throws `Obstacle.failed`, when it is not text too.
    func text() throws -> String {
        let (text, log) = YAMLFile.read(path: path)
        guard let text else { throw Obstacle.failed(log.findings.map(\.message).joined(separator: "; ")) }
        return text
    }

    /// Whether `replace` has the rights that it needs: to the file, and to its folder, where the new one is made beside it.
    var isWritable: Bool {
        access(realPath, W_OK) == 0 && access((realPath as NSString).deletingLastPathComponent, W_OK) == 0
    }

    /// Puts a text in the file's place, so that after a power cut the old or the new one is there, whole. The file keeps its
    /// rights; behind a symbolic link the file itself is replaced.
    /// - Parameter digest: of the text that the change was begun with.
    func replace(with text: String, expecting digest: String) throws {
        let path = realPath
        let draft = (path as NSString).deletingLastPathComponent + "/.\(name).\(UUID().uuidString)"
        defer { unlink(draft) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.failure("the file cannot be read") }
        try Self.write(text, to: draft, rights: status.st_mode & 0o7777, owner: (status.st_uid, status.st_gid))
        // The last look before the swap: what happens to the file within the next microseconds is nobody's typing.
        let now = try self.text()
        guard textDigest(now) == digest else { throw Obstacle.changed(now) }
        guard rename(draft, path) == 0 else { throw Self.failure("the file cannot be replaced") }
        Self.syncFolder((path as NSString).deletingLastPathComponent)
    }

    /// Puts a new file into the folder, whole. Throws `Obstacle.failed`; false when there is one of that name.
    static func make(_ name: String, in directory: String, text: String) throws -> Bool {
        let draft = directory + "/.\(name).\(UUID().uuidString)"
        defer { unlink(draft) }
        // As readable as the folder: whoever may look at the other hotlines may look at this one.
        var folder = stat()
        guard stat(directory, &folder) == 0 else { throw failure("the folder cannot be read") }
        try write(text, to: draft, rights: folder.st_mode & 0o666)
        // A link, because it fails where there is a file already, and a rename would not.
        guard link(draft, directory + "/" + name) == 0 else {
            if errno == EEXIST { return false }
            throw failure("no file can be made")
        }
        syncFolder(directory)
        return true
    }

    /// Takes the file out of the folder; behind a symbolic link only the link goes.
    /// - Parameter digest: of the text that whoever deletes it has seen.
    func delete(expecting digest: String) throws {
        let now = try text()
        guard textDigest(now) == digest else { throw Obstacle.changed(now) }
        guard unlink(path) == 0 else { throw Self.failure("the file cannot be deleted") }
        Self.syncFolder((path as NSString).deletingLastPathComponent)
    }

    private var realPath: String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private static func write(
        _ text: String, to draft: String, rights: mode_t, owner: (user: uid_t, group: gid_t)? = nil
    ) throws {
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("no file can be made beside it") }
        defer { close(file) }
        // Of another owner's file only the group can be kept, and not always that: then the rights alone are.
        if let owner, fchown(file, owner.user, owner.group) != 0 { _ = fchown(file, uid_t.max, owner.group) }
        guard fchmod(file, rights) == 0 else { throw failure("its rights cannot be kept") }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("it cannot be written") }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw failure("it cannot be written") }
    }

    private static func syncFolder(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func failure(_ what: String) -> Obstacle { .failed("\(what): \(String(cString: strerror(errno)))") }
}
