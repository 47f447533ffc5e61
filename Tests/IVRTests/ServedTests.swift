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
            .replacing("fbc: { to: tickets,", with: "fbc: { to: biuro@example.org,")
        #expect(codes(text, unserved: []) == [])
        let refused = codes(text, unserved: Set(Unserved.allCases))
        #expect(refused.allSatisfy { $0.contains(" E009 ") && $0.hasSuffix("not supported by this server yet") })
        #expect(refused.count { $0.contains("mailboxes but") } == 1, "\(refused)")
    }

    @Test func `the demo hotlines and the example ask for nothing that a server lacks`() throws {
        for path in [Fixture.demoPath, Fixture.demoPath.replacing("demo.yaml", with: "infolinia.yaml")] {
            #expect(codes(try Fixture.text(path), unserved: Set(Unserved.allCases)) == [])
        }
        #expect(
            codes(try Fixture.text(Fixture.path("infolinia.yaml")), unserved: Set(Unserved.allCases)) == [])
    }
}
