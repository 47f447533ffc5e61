// What the language knows and a server may not perform is refused by name.

import Testing
import YAML

@testable import IVR

@Suite struct ServedTests {
    private func codes(_ text: String, unserved: Set<Unserved>) -> [String] {
        var surroundings = Fixture.surroundings
        surroundings.unserved = unserved
        return HotlineChecker.check(text: text, file: "test.yaml", surroundings: surroundings).findings.map {
            "\($0.position.line) \($0.code) \($0.message)"
        }
    }

    @Test func `the example is whole, and refused at each place that a server lacks`() throws {
        let text = try Fixture.text(Fixture.path("infolinia.yaml"))
        #expect(codes(text, unserved: []) == [])
        let refused = codes(text, unserved: Set(Unserved.allCases))
        #expect(refused.allSatisfy { $0.contains(" E009 ") && $0.hasSuffix("not supported by this server yet") })
        for words in ["'callback' steps are", "'voicemail' steps are", "'busy' is", "'overflow' is", "strategies but"] {
            #expect(refused.count { $0.contains(words) } == 1, "\(words) in \(refused)")
        }
    }

    @Test func `only what is lacking is refused`() throws {
        let text = try Fixture.text(Fixture.path("infolinia.yaml"))
        let refused = codes(text, unserved: [.voicemail, .lookup])
        #expect(refused.count == 1 && refused[0].contains("'voicemail' steps are"))
    }

    @Test func `the demo hotline asks for nothing that a server lacks`() throws {
        #expect(codes(try Fixture.text(Fixture.demoPath), unserved: Set(Unserved.allCases)) == [])
    }
}
