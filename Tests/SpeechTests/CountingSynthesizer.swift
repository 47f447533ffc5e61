// A synthesiser that counts how often it is asked.

import Synchronization

@testable import Speech

final class CountingSynthesizer: Synthesizer {
    private let count = Mutex(0)
    let identity: String

    init(identity: String = "counting 1") { self.identity = identity }

    var asked: Int { count.withLock { $0 } }

    func speak(_ text: SpokenText) async throws(SpeechError) -> [Int16] {
        count.withLock { $0 += 1 }
        guard text.language == "pl" else { throw .noVoice(language: text.language) }
        return (0..<16_000).map { Int16(truncatingIfNeeded: ($0 % 64) * 200 - 6_400 + text.text.utf8.count) }
    }
}
