// Lines that differ between two texts.

import TestTools
import Testing

@testable import IVR

@Suite struct LineDifferenceTests {
    private func shown(_ old: String, _ new: String) -> [String] {
        LineDifference(from: old, to: new).lines.map { line in
            switch line.kind {
            case .same: " \(line.text)"
            case .removed: "-\(line.text)"
            case .added: "+\(line.text)"
            case .gap: "…"
            }
        }
    }

    @Test func `equal texts show nothing`() {
        #expect(LineDifference(from: "a\nb\n", to: "a\nb\n").isEmpty)
        #expect(LineDifference(from: "", to: "").isEmpty)
        #expect(LineDifference(from: "a\r\nb", to: "a\nb").isEmpty, "line ends are no difference")
    }

    @Test func `changed lines stand among three that stay`() {
        let old = (1...20).map(String.init)
        var new = old
        new[9] = "ten"
        new.insert("twenty-one", at: 20)
        #expect(
            shown(old.joined(separator: "\n"), new.joined(separator: "\n")) == [
                "…", " 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13", "…", " 18", " 19", " 20", "+twenty-one",
            ])
        let lines = LineDifference(from: old.joined(separator: "\n"), to: new.joined(separator: "\n")).lines
        #expect(lines[4].old == 10 && lines[4].new == nil && lines[5].new == 10 && lines.last?.new == 21)
    }

    @Test func `what is shown leads from the old text to the new one, whatever they are`() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let make = { (0..<random.roll(31)).map { _ in "\(random.roll(6))" } }
            let (old, new) = (make(), make())
            let lines = LineDifference(from: old.joined(separator: "\n"), to: new.joined(separator: "\n")).lines
            for line in lines {
                if let number = line.old { #expect((old.isEmpty ? [""] : old)[number - 1] == line.text) }
                if let number = line.new { #expect((new.isEmpty ? [""] : new)[number - 1] == line.text) }
            }
            let (gone, come) = (lines.count { $0.kind == .removed }, lines.count { $0.kind == .added })
            #expect(max(old.count, 1) - gone == max(new.count, 1) - come)
        }
    }

    @Test func `texts that have nothing in common are compared at once`() {
        let old = (0..<20_000).map { "old \($0)" }.joined(separator: "\n")
        let new = (0..<20_000).map { "new \($0)" }.joined(separator: "\n")
        let lines = LineDifference(from: old, to: new).lines
        #expect(lines.count == 40_000)
    }
}
