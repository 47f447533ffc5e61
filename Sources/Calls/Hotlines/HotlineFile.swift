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
        try write(text, to: draft, like: path)
        // The last look before the swap: what happens to the file within the next microseconds is nobody's typing.
        let now = try self.text()
        guard textDigest(now) == digest else { throw Obstacle.changed(now) }
        guard rename(draft, path) == 0 else { throw Self.failure("the file cannot be replaced") }
        syncFolder((path as NSString).deletingLastPathComponent)
    }

    private var realPath: String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private func write(_ text: String, to draft: String, like path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.failure("the file cannot be read") }
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("no file can be made beside it") }
        defer { close(file) }
        // Of another owner's file only the group can be kept, and not always that: then the rights alone are.
        if fchown(file, status.st_uid, status.st_gid) != 0 { _ = fchown(file, uid_t.max, status.st_gid) }
        guard fchmod(file, status.st_mode & 0o7777) == 0 else { throw Self.failure("its rights cannot be kept") }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure("it cannot be written") }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw Self.failure("it cannot be written") }
    }

    private func syncFolder(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func failure(_ what: String) -> Obstacle { .failed("\(what): \(String(cString: strerror(errno)))") }
}
