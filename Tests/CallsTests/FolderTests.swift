// Hotline files made, deleted and brought back: on disk, live and in the history, or nothing of all that.

import Foundation
import IVR
import Store
import Testing
import YAML

@testable import Calls

extension PublishingTests {
    private func new(_ name: String, _ number: String = "8300", like model: String? = nil) -> NewHotline {
        NewHotline(name: name, number: number, model: model, author: "admin")
    }

    @Test func `a new hotline is live at once, deleted with a reason and brought back as it was`() async throws {
        let house = try await Centre()
        let editor = house.centre.editor
        guard case .done(let reload) = try await editor.make(new("nowa")) else {
            Issue.record("not made")
            return
        }
        #expect(reload.findings.isEmpty)
        let text = try house.onDisk("nowa.yaml")
        #expect(try await editor.files().map(\.file) == ["a.yaml", "b.yaml", "nowa.yaml"])
        #expect(try await editor.files().last?.isServed == true)
        #expect(try await house.history("nowa.yaml") == ["1 admin "])
        let tested = try await editor.test(text, as: "nowa.yaml", language: .polish)
        #expect(tested?.results.map(\.hasPassed) == [true])

        guard case .changed = await editor.delete("nowa.yaml", seen: "other", by: "admin", because: "x") else {
            Issue.record("what was not seen was deleted")
            return
        }
        let seen = textDigest(text)
        guard case .done = await editor.delete("nowa.yaml", seen: seen, by: "admin", because: "not needed") else {
            Issue.record("not deleted")
            return
        }
        #expect(try await editor.files().map(\.file) == ["a.yaml", "b.yaml"])
        #expect(try await editor.deleted().map(\.file) == ["nowa.yaml"])
        #expect(try await house.history("nowa.yaml") == ["2 admin not needed", "1 admin "])

        guard case .done = try await editor.bringBack("nowa.yaml", by: "other") else {
            Issue.record("not brought back")
            return
        }
        #expect(try house.onDisk("nowa.yaml") == text)
        #expect(try await editor.deleted().isEmpty)
        #expect(try await house.history("nowa.yaml").first == "3 other ")
        guard case .noSuchFile = try await editor.bringBack("nowa.yaml", by: "other") else {
            Issue.record("brought back twice")
            return
        }
        await house.centre.stop()
    }

    @Test func `a copy has its own name and number and everything else of its model`() async throws {
        let house = try await Centre()
        guard case .done = try await house.centre.editor.make(new("kopia", like: "a.yaml")) else {
            Issue.record("not made")
            return
        }
        let (model, copy) = (try house.onDisk("a.yaml"), try house.onDisk("kopia.yaml"))
        let steps = { (text: String) in text.range(of: "steps:").map { String(text[$0.lowerBound...]) } }
        #expect(copy.contains("name: kopia") && copy.contains("8300") && !copy.contains("8100"))
        #expect(steps(copy) == steps(model) && steps(model) != nil)
        await #expect(throws: HotlineEditor.Failure.noSuchFile) {
            _ = try await house.centre.editor.make(new("inna", "8400", like: "none.yaml"))
        }
        await house.centre.stop()
    }

    @Test func `what cannot be made changes nothing and says why`() async throws {
        let house = try await Centre()
        let editor = house.centre.editor
        for name in ["", "..", "../a", "A", "ż", ".a", "a/b", "a.yaml", String(repeating: "a", count: 41)] {
            guard case .badName = try await editor.make(new(name)) else {
                Issue.record("\(name)")
                continue
            }
        }
        guard case .exists = try await editor.make(new("a")) else {
            Issue.record("written over")
            return
        }
        for number in ["8100", "", "no number", "1\"]\nx: [\""] {
            guard case .refused(let why) = try await editor.make(new("c", number)) else {
                Issue.record("\(number)")
                continue
            }
            #expect(why.findings.hasErrors)
        }
        #expect(try await editor.files().map(\.file) == ["a.yaml", "b.yaml"])
        #expect(try await editor.deleted().isEmpty)
        await house.centre.stop()
    }

    @Test func `the last hotline stays, and one that went on disk can be brought back too`() async throws {
        let house = try await Centre()
        let editor = house.centre.editor
        try house.remove("b.yaml")
        #expect(!(await house.centre.reload().isRefused))
        #expect(try await editor.deleted().map { $0.version?.by } == [nil])
        let seen = try textDigest(house.onDisk("a.yaml"))
        guard case .last = await editor.delete("a.yaml", seen: seen, by: "admin", because: "x") else {
            Issue.record("nobody answers any more")
            return
        }
        guard case .done = try await editor.bringBack("b.yaml", by: "admin") else {
            Issue.record("not brought back")
            return
        }
        #expect(try await editor.files().map(\.isServed) == [true, true])
        await house.centre.stop()
    }
}
