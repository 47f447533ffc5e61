// What is said to the prompts studio: when a recording ends by itself, and that nothing of it stays.

import Foundation
import Logging
import Store
import TestTools
import Testing

@testable import Calls

@Suite struct DictationTests {
    @Test(arguments: [
        (nil, 9.9, false), (nil, 10, true), (3.0, 6.9, false), (3.0, 7.0, true), (60.0, 61, false),
    ])
    func `a pause ends a recording after the last word, a longer one before the first`(
        _ speechEnd: Double?, _ elapsed: Double, _ isQuiet: Bool
    ) {
        #expect(Dictation.isQuiet(speechEnd: speechEnd, elapsed: elapsed) == isQuiet)
    }

    @Test func `what a crash left of a recording is deleted at the next start, and nothing else is`() async throws {
        let folder = try TemporaryFolder()
        for name in ["recordings/open", "recordings/2026/11/22", "exports"] { try folder.makeFolder(name) }
        let torn = [UInt8](repeating: 7, count: 5_000)
        for name in ["studio_0123", "0123"] {
            try folder.write(Array("2026/11/22/\(name).cjr".utf8), as: "recordings/open/\(name)")
            try folder.write(torn, as: "recordings/2026/11/22/\(name).cjr")
            try folder.write(torn, as: "exports/\(name).wav")
        }
        let store = try Store(path: folder.path + "/store.sqlite")
        try await Recovery.run(
            store: store, recordings: folder.path + "/recordings", exports: folder.path + "/exports",
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let left = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        #expect(left.filter { $0.contains("studio_") } == [])
        #expect(left.contains("recordings/2026/11/22/0123.cjr") && left.contains("exports/0123.wav"))
    }
}
