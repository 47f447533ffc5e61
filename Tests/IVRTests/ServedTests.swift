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

    @Test func `a mailbox that sends by mail is refused where there is no mail server, and only there`() throws {
        let text = try Fixture.text(Fixture.path("infolinia.yaml"))
        let mailed = text.replacing("fbc: { to: tickets,", with: "fbc: { to: biuro@example.org,")
        #expect(codes(mailed, unserved: []) == [])
        let refused = codes(mailed, unserved: [.mail])
        #expect(
            refused.count == 1 && refused.allSatisfy { $0.contains(" E009 mailbox 'fbc' sends by mail") }, "\(refused)")
        let posted = text.replacing("fbc: { to: tickets,", with: "fbc: { to: \"https://crm.example.org/in?x=1\",")
        #expect(posted != text && codes(posted, unserved: [.mail]) == [])
    }

    @Test(arguments: [
        "biuro@", "@example.org", "biuro@example", "biuro@@example.org", "a b@example.org", "ą@example.org",
        "biuro@exa_mple.org", "biuro@example..org", ".biuro@example.org", "biuro@-example.org", "x@a.org,y@b.org",
        "<x@a.org>", "https://", "https://user:pass@example.org/", "https:///x", "http://example.org/#x",
        "http://example.org/a b", "ftp://example.org/",
    ])
    func `an address that cannot be sent to is an error`(address: String) throws {
        let text = try Fixture.text(Fixture.path("infolinia.yaml"))
            .replacing("fbc: { to: tickets,", with: "fbc: { to: \"\(address)\",")
        let found = codes(text, unserved: [])
        #expect(found.count == 1 && found.allSatisfy { $0.contains(" E005 'to' of mailbox 'fbc'") }, "\(found)")
    }

    @Test func `the demo hotlines and the example ask for nothing that a server lacks`() throws {
        for path in [Fixture.demoPath, Fixture.demoPath.replacing("demo.yaml", with: "infolinia.yaml")] {
            #expect(codes(try Fixture.text(path), unserved: Set(Unserved.allCases)) == [])
        }
        #expect(
            codes(try Fixture.text(Fixture.path("infolinia.yaml")), unserved: Set(Unserved.allCases)) == [])
    }
}
