// One server, one data folder: a second start is refused with a clear message.

import ArgumentParser
import Foundation

/// An advisory lock on `DIR/lock`; the kernel frees it when the process ends, however it ends.
struct DataLock {
    private let file: Int32

    init(directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = directory + "/lock"
        file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ValidationError("The data folder \(directory) cannot be written to.") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw ValidationError("Another Centrala is already running on the data folder \(directory).")
        }
    }

    func release() { close(file) }
}
