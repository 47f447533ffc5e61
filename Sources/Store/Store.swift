// The store: one SQLite file in WAL mode, through GRDB.

import Foundation
import GRDB
import Glibc

/// Accounts, sessions, the event log with its contacts, and the audit trail. Everything waits for the disk, so
/// nothing of it is called on a signalling or media thread without `await`. What was appended is on the disk when the
/// call returns.
public final class Store: Sendable {
    let pool: DatabasePool
    /// Unix ms; tests set it.
    let clock: @Sendable () -> Int64
    let hashing: WorkQueue
    let throttle = LoginThrottle(.passwords)
    /// Those who prove themselves by telephone.
    let pinThrottle = LoginThrottle(.pins)
    /// Compared against for unknown names, so that they cost the same time. No password fits it.
    let nobody: ScryptHash
    let cost: ScryptHash.Cost

    /// Opens or makes the file and brings its tables up to date. Makes the folder if need be; only this user may read
    /// it.
    /// - Throws: `StoreError.newerSchema`, or the database's own error when the file is no store or cannot be written.
    public convenience init(
        path: String, clock: @escaping @Sendable () -> Int64 = { Store.wallClock() }
    ) throws {
        try self.init(path: path, clock: clock, cost: .owasp)
    }

    init(path: String, clock: @escaping @Sendable () -> Int64, cost: ScryptHash.Cost) throws {
        self.clock = clock
        self.cost = cost
        hashing = WorkQueue.passwords()
        nobody = try ScryptHash.unmatchable(cost: cost)
        try Self.makePrivate(path)
        pool = try DatabasePool(path: path, configuration: Self.configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB's choice for WAL is NORMAL, which may forget the last facts when the power fails.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        let migrator = Schema.migrator
        if try pool.read(migrator.hasBeenSuperseded) { throw StoreError.newerSchema }
        try migrator.migrate(pool)
    }

    /// Ends all work in progress and closes the file; the store is of no use afterwards.
    public func close() throws { try pool.close() }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        // Another process (an export, a backup) may hold the file for a moment.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // What is erased is overwritten: deleted callers must not be found in free pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// SQLite gives the files beside it (-wal, -shm) the rights of the main one.
    private static func makePrivate(_ path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
        }
        Glibc.close(file)
    }

    /// Milliseconds since 1970 on the machine's clock.
    public static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
