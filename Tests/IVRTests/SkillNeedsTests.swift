// Skills with levels as a file has them, and what a caller asks for in the end.

import Testing
import Timing
import YAML

@testable import IVR

@Suite struct SkillNeedsTests {
    @Test(arguments: [
        ("permits", "permits", 1), ("permits 3", "permits", 3), ("pozwolenia_b-2 9", "pozwolenia_b-2", 9),
    ])
    func `a skill is a name, and a level if there is one`(_ words: String, _ name: String, _ level: Int) {
        #expect(SkillLevel(words: words) == SkillLevel(name, level: level))
    }

    @Test(arguments: ["", " ", "permits 0", "permits 10", "permits x", "permits  3", "a b 3", "permits 3 ", "per/mits"])
    func `anything else is none`(_ words: String) { #expect(SkillLevel(words: words) == nil) }

    private static let file = """
        hotline: 1
        name: x
        timezone: Europe/Warsaw
        languages: [pl]
        numbers: ["8100"]
        start: czeka
        prompts: { slowo: { pl: Dzień dobry. } }
        queues:
          q:
            agents: demo
            ring: 10s
            max_wait: 5m
            priority: 2
            raise: { every: 2m, to: 6 }
            last_agent: { within: 7d, wait: 20s }
            skills: [language, permits 3]
            prefer: [building 2]
            relax: [{ after: 3m, skills: [] }, { after: 1m, skills: [language, permits] }]
        steps:
          czeka: { queue: q, skills: [vat 2, permits 4], nobody: koniec, timeout: koniec }
          koniec: { hangup: slowo }
        """

    @Test func `a caller's needs are the queue's and the step's, with the language in place, in the order of time`()
        throws
    {
        let (hotline, findings) = Fixture.check(Self.file)
        #expect(findings.map(\.text) == [])
        var call = TestCall(try #require(hotline))
        let actions = call.send(.entered)
        let asked = actions.compactMap { if case .enqueue(let request) = $0 { request.skills } else { nil } }
        let needs = try #require(asked.first)
        #expect(needs.required == ["pl", SkillLevel("permits", level: 4), SkillLevel("vat", level: 2)])
        #expect(needs.preferred == [SkillLevel("building", level: 2)])
        #expect(needs.relaxed.map(\.after) == [.seconds(60), .seconds(180)])
        #expect(needs.relaxed[0].required == ["pl", SkillLevel("permits", level: 4), SkillLevel("vat", level: 2)])
        #expect(needs.relaxed[1].required == [SkillLevel("vat", level: 2), SkillLevel("permits", level: 4)])
        #expect(
            hotline?.queues["q"]?.lastAgent == QueueSettings.LastAgent(within: .seconds(604_800), wait: .seconds(20)))
        #expect(hotline?.queues["q"]?.raise == QueueSettings.Raise(every: .seconds(120), to: 6))
    }

    @Test func `where all phones ring nobody can be asked first`() {
        let (_, findings) = Fixture.check(Self.file.replacing("priority: 2", with: "strategy: ring-all"))
        #expect(findings.map(\.code) == ["E005"])
    }

    @Test func `a priority that can grow no more is an error, and so is a level that there is not`() {
        let slips = Self.file.replacing("to: 6", with: "to: 2").replacing("building 2", with: "building 12")
        let (_, findings) = Fixture.check(slips)
        #expect(findings.map(\.code) == ["E005", "E005"])
        #expect(findings.map(\.text).contains { $0.contains("never grows") })
    }
}
