// The proof that an inspector is shown.

import Testing
import Timing
import YAML

@testable import IVR

struct CertificateTests {
    private func certificate(_ file: String) throws -> RecordingCertificate {
        let text = try Fixture.text(Fixture.path(file))
        let hotline = try #require(
            HotlineChecker.check(text: text, file: file, surroundings: Fixture.surroundings).hotline)
        return RecordingCertificate(hotline)
    }

    @Test(arguments: ReportLanguage.allCases)
    func theExampleIsCertified(language: ReportLanguage) throws {
        let golden = try Fixture.text(Fixture.path("certificate-\(language).txt"))
        #expect(try certificate("infolinia.yaml").text(in: language) + "\n" == golden)
    }

    @Test func everyPlaceHasANoticeThatAlwaysComesBefore() throws {
        for file in ["infolinia.yaml", "everything.yaml"] {
            let certificate = try certificate(file)
            #expect(certificate.entries.count >= 3)
            for entry in certificate.entries { #expect(!entry.notices.isEmpty, "\(entry.step)") }
        }
    }

    /// Two branches, a notice on each: none is heard on every way, one of them always is.
    @Test func whereNoticesDifferByBranchBothAreNamed() throws {
        let hotline = try Fixture.hotline(
            steps: """
                start: { menu: menu, keys: { 1: jeden, 2: dwa, 12: jeden, "*": dwa }, otherwise: jeden }
                jeden: { say: notice, then: skrzynka }
                dwa: { say: [a, notice], then: skrzynka }
                skrzynka: { voicemail: skrzynka, then: koniec }
                """)
        let entry = try #require(RecordingCertificate(hotline).entries.first)
        #expect(entry.notices == [])
        #expect(entry.alternatives.map(\.step) == ["jeden", "dwa"])
    }

    @Test func aHotlineThatRecordsNobodySaysSo() throws {
        let hotline = try Fixture.hotline(steps: "start: { say: a, then: koniec }")
        let certificate = RecordingCertificate(hotline)
        #expect(certificate.entries.isEmpty)
        #expect(certificate.text(in: .pl).contains("nikogo nie nagrywa"))
        #expect(certificate.text(in: .en).contains("records nobody"))
    }

    /// E060 by brute force: every walk of the machine itself that ends in a recording has begun with the notice.
    @Test func whatIsProvedIsWhatTheMachineDoes() throws {
        let (hotline, _) = Fixture.check(try Fixture.text(Fixture.path("everything.yaml")))
        var ways = Ways(hotline: try #require(hotline))
        ways.go()
        #expect(ways.recordings > 1_000)
        #expect(ways.unnoticed == 0)
    }
}

/// All calls of some inputs. A notice was heard when it played to its end, not when it only began.
private struct Ways {
    let hotline: Hotline
    var recordings = 0
    var unnoticed = 0

    mutating func go() {
        var call = TestCall(hotline, from: "+48601000000")
        _ = call.machine.handle(.entered, now: call.now)
        go(call, hasHeard: false, depth: 0)
    }

    private mutating func go(_ call: TestCall, hasHeard: Bool, depth: Int) {
        guard depth < 9 else { return }
        for input in inputs(call) {
            var next = call
            if case .deadline = input, let deadline = next.machine.deadline {
                next.now = next.now.advanced(by: deadline - next.now.instant)
            }
            let heard = hasHeard || (input == .played && isNoticePlaying(call))
            for action in next.machine.handle(input, now: next.now) {
                switch action {
                case .recordMessage: count(heard)
                case .requestCallback(let request) where request.mayBeRecorded: count(heard)
                case .enqueue where next.machine.isRecordingOn: count(heard)
                default: break
                }
            }
            go(next, hasHeard: heard, depth: depth + 1)
        }
    }

    private mutating func count(_ hasHeard: Bool) {
        recordings += 1
        if !hasHeard { unnoticed += 1 }
    }

    private func isNoticePlaying(_ call: TestCall) -> Bool {
        switch call.machine.state {
        case .choosing(let turn): turn.isPlaying && turn.menu.prompt?.name == "nota"
        case .leavingMessage(let turn): turn.ticket == nil && turn.voicemail.say?.name == "nota-poczty"
        default: false
        }
    }

    private func inputs(_ call: TestCall) -> [IVRMachine.Input] {
        switch call.machine.state {
        case .saying, .parting: [.played]
        case .choosing: [.played, .notPlayed, .digit("1"), .digit("2"), .deadline]
        case .waiting: [.queue(.nobody), .queue(.busy), .digit("9")]
        case .measuring(let turn): [.load(turn.ticket, [:])]
        case .leavingMessage: [.played, .notPlayed, .digit("1"), .digit("#"), .deadline]
        case .callingBack, .asking, .lookingUp, .transferring, .surveying, .talking: [.deadline]
        case .new, .away, .over: []
        }
    }
}
