// Broken files: every truncation and thousands of mutations are answered with findings, never with a crash.

import Foundation
import Glibc
import TestTools
import Testing
import YAML

@testable import IVR

/// `CENTRALA_MUTATIONS=10000` tries that many files; without it fewer, so that the tests take seconds.
struct RobustnessTests {
    private static let asked = ProcessInfo.processInfo.environment["CENTRALA_MUTATIONS"].flatMap { Int($0) }
    private static let mutations = asked ?? 2_000

    private static func survives(_ bytes: some Collection<UInt8>) -> Bool {
        let (hotline, findings) = Fixture.check(String(decoding: bytes, as: UTF8.self))
        guard let hotline else { return findings.hasErrors }
        _ = hotline.runTests()
        _ = RecordingCertificate(hotline).text(in: .en)
        return !findings.hasErrors
    }

    @Test(arguments: ["infolinia.yaml", "everything.yaml"])
    func truncationsAreAnswered(file: String) throws {
        let bytes = Array(try Fixture.text(Fixture.path(file)).utf8)
        let step = Self.asked == nil ? 37 : 1
        var failures: [Int] = []
        for length in stride(from: 0, to: bytes.count, by: step) where !Self.survives(bytes[..<length]) {
            failures.append(length)
        }
        #expect(failures == [])
    }

    /// Bytes, tokens and whole lines; half of the files each. Printed: the slowest file and how much memory was taken.
    @Test func mutatedFilesAreAnswered() throws {
        let files = try ["infolinia.yaml", "everything.yaml"].map { Array(try Fixture.text(Fixture.path($0)).utf8) }
        var random = SeededGenerator(seed: 20_260_203)
        var failures: [Int] = []
        var slowest = Duration.zero
        _ = Self.survives(files[0])
        let before = Self.residentKilobytes
        for round in 0..<Self.mutations {
            let mutated = Mutation.mutated(files[round % files.count], &random)
            let time = ContinuousClock().measure {
                if !Self.survives(mutated) { failures.append(round) }
            }
            slowest = max(slowest, time)
        }
        let grown = Self.residentKilobytes - before
        print("\(Self.mutations) mutated files: the slowest took \(slowest), the process grew by \(grown) KB")
        #expect(failures == [])
    }

    /// The largest resident set so far (getrusage(2)).
    private static var residentKilobytes: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss
    }

    /// Files that are made to be slow: as many names as fit, all wrong, all alike.
    @Test func filesThatAreMadeToBeSlowAreAnswered() {
        let steps = (0..<1_400).map { "  krok\($0): { say: [monit\($0)], then: krok\($0 + 1)x }" }.joined(
            separator: "\n")
        let ring = (0..<1_400).map { "  krok\($0): { say: monit, then: krok\(($0 + 1) % 1_400) }" }
            .joined(separator: "\n")
        let asks = (0..<600).map {
            "  krok\($0): { ask: monit\($0 % 9), digits: 4, into: x\($0), then: krok\($0 + 1), otherwise: krok\($0 + 1) }"
        }.joined(separator: "\n")
        let texts = (0..<9).map { number in
            "  monit\(number): { any: \"\((0..<150).map { "{x\($0 * (number + 1) % 600)}" }.joined())\" }"
        }.joined(separator: "\n")
        for (steps, prompts) in [(steps, "  monit: { pl: a }"), (ring, "  monit: { pl: a }"), (asks, texts)] {
            let text = """
                hotline: 1
                name: x
                timezone: Europe/Warsaw
                languages: [pl]
                numbers: ["+48 22 000 00 20"]
                start: krok0
                prompts:
                \(prompts)
                steps:
                \(steps)
                """
            let (hotline, findings) = Fixture.check(text)
            #expect(hotline == nil)
            #expect(findings.hasErrors)
        }
        let options = (0..<4_000).map { "opcja\($0): x" }.joined(separator: "\n")
        #expect(Fixture.check(options).findings.count == 500)
    }
}

private enum Mutation {
    private static let alphabet = Array("{}[]:,#&*!|>'\"%@`-? \n\t\0\u{7F}019azżĄ\u{2028}\u{FEFF}".utf8)

    static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var mutated = bytes
        for _ in 0...random.roll(4) {
            guard !mutated.isEmpty else { break }
            if random.roll(2) == 0 { byte(&mutated, bytes, &random) } else { mutated = token(mutated, &random) }
        }
        return mutated
    }

    private static func byte(_ bytes: inout [UInt8], _ original: [UInt8], _ random: inout SeededGenerator) {
        let at = random.roll(bytes.count)
        switch random.roll(5) {
        case 0: bytes[at] = alphabet[random.roll(alphabet.count)]
        case 1: bytes.insert(alphabet[random.roll(alphabet.count)], at: at)
        case 2: bytes.removeSubrange(at..<min(at + random.roll(40), bytes.count))
        case 3:
            let from = random.roll(original.count)
            bytes.insert(contentsOf: original[from..<min(from + 60, original.count)], at: at)
        default: bytes[at] = UInt8(random.roll(256))
        }
    }

    /// Words and lines dropped, doubled, swapped: mostly still YAML, so that the checker itself is tried.
    private static func token(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        let byLines = random.roll(2) == 0
        let mark = UInt8(ascii: byLines ? "\n" : " ")
        var parts = bytes.split(separator: mark, omittingEmptySubsequences: false)
        let (a, b) = (random.roll(parts.count), random.roll(parts.count))
        switch random.roll(4) {
        case 0: parts.remove(at: a)
        case 1: parts.insert(parts[b], at: a)
        case 2: parts.swapAt(a, b)
        default: parts[a] = parts[b]
        }
        return Array(parts.joined(separator: [mark]))
    }
}
