// Facts on their way to the store.

import Foundation
import Logging
import Store
import Testing

@testable import Calls

@Suite struct FactLogTests {
    private static func log() -> Logger {
        var log = Logger(label: "test")
        log.logLevel = .critical
        return log
    }

    @Test func `a thousand facts of many contacts are written in their order, and a flush waits for all`() async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "s.sqlite").path)
        let facts = FactLog(store: store, log: Self.log())
        for number in 0..<1_300 { facts.append("contact \(number % 7)", .step, ["step": "\(number)"]) }
        await facts.flush()
        for contact in 0..<7 {
            let steps = try await store.facts("contact \(contact)").compactMap { $0.detail["step"].flatMap(Int.init) }
            #expect(steps == Array(stride(from: contact, to: 1_300, by: 7)))
        }
        facts.append("contact 0", .ended, ["by": "caller"])
        await facts.flush()
        #expect(try await store.contact("contact 0")?.endedBy == "caller")
        await facts.flush()
        try store.close()
    }
}
