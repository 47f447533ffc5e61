// A store in a folder of its own, with a clock that stands still, and passwords that cost little.

import Foundation
import Synchronization
import Testing

@testable import Store

final class TemporaryStore: Sendable {
    let folder: URL
    let store: Store
    private let box: Box

    /// Cheap on purpose; one test pays the real price.
    static let cheap = ScryptHash.Cost(logN: 4, r: 1, p: 1)

    init(cost: ScryptHash.Cost = TemporaryStore.cheap) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)/new")
        let box = Box()
        self.box = box
        self.folder = folder
        store = try Store(path: folder.appending(path: "s.sqlite").path, clock: { box.now }, cost: cost)
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
    }

    /// Unix ms.
    var now: Int64 {
        get { box.now }
        set { box.now = newValue }
    }

    func wait(minutes: Int64) { box.now += minutes * 60_000 }

    var path: String { folder.appending(path: "s.sqlite").path }

    /// All bytes of the database and of the files beside it.
    func bytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .reduce(into: Data()) { $0 += try Data(contentsOf: $1) }
    }

    /// What a kill -9 leaves behind: the file and its log, the log's last bytes cut off if asked for.
    func crashed(logLength: Int? = nil) throws -> Store {
        let copy = folder.appending(path: "copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        let target = copy.appending(path: "s.sqlite")
        try Data(contentsOf: URL(fileURLWithPath: path)).write(to: target)
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        try log.prefix(logLength ?? log.count).write(to: URL(fileURLWithPath: target.path + "-wal"))
        return try Store(path: target.path, clock: { 0 }, cost: Self.cheap)
    }

    private final class Box: Sendable {
        private let time = Mutex<Int64>(1_790_000_000_000)
        var now: Int64 {
            get { time.withLock { $0 } }
            set { time.withLock { $0 = newValue } }
        }
    }
}

extension NewAccount {
    static func consultant(_ name: String = "anna") -> NewAccount {
        NewAccount(
            name: name, displayName: "Anna Nowak", role: .consultant, groups: ["helpers"], languages: ["pl", "en"])
    }
}

/// A call that was answered by a consultant, told in facts.
func talk(_ id: String, at began: Int64, caller: String? = "+48600100200", queue: String = "help") -> [Fact] {
    var received = ["hotline": "infolinia", "called": "+48222500100"]
    received["caller"] = caller
    return [
        Fact(contact: id, at: began, kind: .received, detail: received),
        Fact(contact: id, at: began + 100, kind: .answered),
        Fact(contact: id, at: began + 5_000, kind: .digit, detail: ["origin": "rtp", "digit": "7"]),
        Fact(contact: id, at: began + 5_001, kind: .language, detail: ["language": "pl"]),
        Fact(contact: id, at: began + 5_002, kind: .tag, detail: ["tag": "visits"]),
        Fact(contact: id, at: began + 6_000, kind: .queued, detail: ["queue": queue]),
        Fact(contact: id, at: began + 7_000, kind: .offered, detail: ["account": "1", "name": "Anna Nowak"]),
        Fact(contact: id, at: began + 9_000, kind: .connected, detail: ["account": "1", "name": "Anna Nowak"]),
        Fact(contact: id, at: began + 9_000, kind: .queueOutcome, detail: ["outcome": "answered"]),
        Fact(contact: id, at: began + 69_000, kind: .talkEnded, detail: ["by": "caller"]),
        Fact(contact: id, at: began + 69_000, kind: .ended, detail: ["by": "caller"]),
        Fact(
            contact: id, at: began + 70_000, kind: .recordingReady,
            detail: ["path": "2026/11/21/\(id).cjr", "duration": "60000"]),
        Fact(contact: id, at: began + 89_000, kind: .wrapUpEnded),
    ]
}
