// Files beside the tests, and a hotline in a few lines.

import Foundation
import Testing
import Timing
import YAML

@testable import IVR

enum Fixture {
    private static let folder = (#filePath as NSString).deletingLastPathComponent
    /// Tuesday, 3 February 2026, 10:00 in Warsaw.
    static let tuesday: Int64 = 1_770_109_200_000

    static func path(_ name: String) -> String { folder + "/Fixtures/" + name }
    static let demoPath = folder + "/../../config/hotlines/demo.yaml"

    static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Every recording is there but those whose name begins with `missing`.
    static let surroundings = Surroundings(unixMilliseconds: tuesday) {
        $0.hasPrefix("missing") ? "the file \(quoted($0)) is not in \("prompts")" : nil
    }

    /// Where consultants, voices and lengths of recordings are known.
    static let staffed = Surroundings(
        unixMilliseconds: tuesday, speaksTexts: false,
        consultants: [
            Surroundings.Consultant(groups: ["fbc"], skills: ["vat": 2, "nis2": 1], languages: ["pl"]),
            Surroundings.Consultant(groups: ["fbc", "liderzy"], skills: [:], languages: ["pl", "en"]),
            Surroundings.Consultant(groups: ["tylko-pl"], skills: ["vat": 1], languages: ["pl"]),
        ],
        length: { $0.hasPrefix("długie") ? .seconds(61) : $0.hasPrefix("nieznane") ? nil : .seconds(60) },
        complaint: surroundings.complaint)

    static func check(_ text: String) -> (hotline: Hotline?, findings: [Finding]) {
        HotlineChecker.check(text: text, file: "test.yaml", surroundings: surroundings)
    }

    /// A hotline that must load.
    static func hotline(_ text: String) throws -> Hotline {
        let (hotline, findings) = check(text)
        return try #require(hotline, "\(findings.map(\.text).joined(separator: "\n"))")
    }

    /// A hotline with a few prompts and queues, and these steps.
    static func hotline(steps: String, more: String = "") throws -> Hotline {
        try hotline(text(steps: steps, more: more))
    }

    static func text(steps: String, more: String = "") -> String {
        """
        hotline: 1
        name: próba
        timezone: Europe/Warsaw
        languages: [pl, en]
        numbers: ["+48 22 000 00 20"]
        start: start
        calendars:
          urząd: { holidays: PL, week: { mon-fri: "08:00-16:00" } }
        prompts:
          a: { pl: Ala., en: Alice. }
          b: { any: Be. }
          menu: { any: "Press 1, press 2, press 12, press *." }
          again: { any: Press 1. }
          notice: { notice: recording, any: "Press 1 to agree, press 2 to refuse." }
          ahead:
            pl: { count: ahead, one: Jedna osoba., few: "{ahead} osoby.", many: "{ahead} osób." }
            en: { count: ahead, one: One person., other: "{ahead} people." }
          wait: { pl: "Czekanie: {wait}.", en: "Waiting: {wait}." }
        queues:
          q: { agents: demo, max_wait: 5m, music: m.wav, priority: 1, skills: [language], announce: { first: 10s, every: 30s, say: [ahead, wait] } }
          cicha: { agents: demo, max_wait: 5m }
        mailboxes: { skrzynka: { to: tickets, max: 1m, keep: 30d } }
        \(more)
        steps:
        \(steps.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
          koniec: { hangup: b }
        """
    }
}

/// A call against a machine, on a virtual clock.
struct TestCall {
    var machine: IVRMachine
    var now: Moment

    init(_ hotline: Hotline, at unixMilliseconds: Int64 = Fixture.tuesday, from number: String? = nil) {
        machine = IVRMachine(hotline: hotline, caller: Caller(number: number, called: "demo"))
        now = Moment(instant: Instant(nanoseconds: 0), unixMilliseconds: unixMilliseconds)
    }

    /// Feeds an input some time later; returns the actions without the facts.
    @discardableResult
    mutating func send(_ input: IVRMachine.Input, after time: Duration = .zero) -> [IVRMachine.Action] {
        now = now.advanced(by: time)
        return machine.handle(input, now: now).filter { action in
            switch action {
            case .entered, .heard, .language: false
            case .play, .music, .silence, .enqueue, .leaveQueue, .alsoQueue, .record, .secret, .measure,
                .requestCallback, .recordMessage, .endMessage, .transfer, .cancelTransfer, .lookup, .hangUp, .tag,
                .answer, .told:
                true
            }
        }
    }

    /// Lets the deadline come.
    @discardableResult
    mutating func wait() -> [IVRMachine.Action] {
        guard let deadline = machine.deadline else {
            Issue.record("nothing is awaited")
            return []
        }
        return send(.deadline, after: deadline - now.instant)
    }
}

extension IVRMachine.Action {
    /// `.play` of prompts by name.
    var played: [String] {
        switch self {
        case .play(let utterances): utterances.map(\.prompt)
        default: []
        }
    }
}

extension [IVRMachine.Action] {
    var played: [String] { flatMap(\.played) }
}
