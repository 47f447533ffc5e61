// Broken files: every truncation and thousands of mutations are answered with findings, never with a crash.

import TestTools
import Testing
import YAML

@testable import IVR

struct RobustnessTests {
    private func survives(_ bytes: some Collection<UInt8>) -> Bool {
        let (hotline, findings) = Fixture.check(String(decoding: bytes, as: UTF8.self))
        guard let hotline else { return findings.hasErrors }
        _ = hotline.runTests()
        return !findings.hasErrors
    }

    @Test func everyTruncationOfTheDemoHotlineIsAnswered() throws {
        let bytes = Array(try Fixture.text(Fixture.demoPath).utf8)
        var failures: [Int] = []
        for length in 0..<bytes.count where !survives(bytes[..<length]) { failures.append(length) }
        #expect(failures == [])
    }

    @Test(arguments: 0..<4)
    func mutationsOfTheDemoHotlineAreAnswered(seed: Int) throws {
        let bytes = Array(try Fixture.text(Fixture.demoPath).utf8)
        let alphabet = Array("{}[]:,#&*!|>'\"%@`-? \n\t\0\u{7F}019azżĄ\u{2028}\u{FEFF}".utf8)
        var random = SeededGenerator(seed: UInt64(seed))
        for round in 0..<750 {
            var mutated = bytes
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: mutated[at] = alphabet.randomElement(using: &random) ?? 0
                case 1: mutated.insert(alphabet.randomElement(using: &random) ?? 0, at: at)
                case 2: mutated.removeSubrange(at..<min(at + Int.random(in: 1..<40, using: &random), mutated.count))
                case 3:
                    let from = Int.random(in: 0..<bytes.count, using: &random)
                    mutated.insert(contentsOf: bytes[from..<min(from + 60, bytes.count)], at: at)
                default: mutated[at] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let survived = survives(mutated)
            #expect(survived, "seed \(seed), round \(round)")
        }
    }

    /// Whole lines swapped, doubled and dropped: mostly still YAML, so that the checker itself is tried.
    @Test(arguments: 10..<14)
    func shuffledLinesOfTheDemoHotlineAreAnswered(seed: Int) throws {
        let lines = try Fixture.text(Fixture.demoPath).split(separator: "\n", omittingEmptySubsequences: false)
        var random = SeededGenerator(seed: UInt64(seed))
        for round in 0..<500 {
            var mutated = lines
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let (a, b) = (
                    Int.random(in: 0..<mutated.count, using: &random), Int.random(in: 0..<mutated.count, using: &random)
                )
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated.remove(at: a)
                case 1: mutated.insert(mutated[b], at: a)
                case 2: mutated.swapAt(a, b)
                default:
                    let words = mutated[b].split(separator: ":")
                    mutated[a] = Substring(mutated[a].prefix { $0 != ":" } + ":" + (words.last ?? ""))
                }
            }
            let survived = survives(mutated.joined(separator: "\n").utf8)
            #expect(survived, "seed \(seed), round \(round)")
        }
    }
}
