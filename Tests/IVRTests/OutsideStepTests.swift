// Callbacks, messages, surveys, transfers, lookups: what is asked of the outside, and what its answers do.

import Testing
import Timing

@testable import IVR

struct OutsideStepTests {
    private func entered(_ steps: String, from number: String? = "+48601000000") throws -> (
        TestCall, [IVRMachine.Action]
    ) {
        var call = TestCall(try Fixture.hotline(steps: steps), from: number)
        let actions = call.send(.entered)
        return (call, actions)
    }

    // MARK: Callback

    private static let callback = """
        start: { callback: q, say: b, attempts: 2, every: 1h, within: urząd, no_number: bez, then: koniec }
        bez: { callback: q, say: again, number: ask, no_number: nic, then: koniec }
        nic: { say: a, then: koniec }
        """

    private func request(_ actions: [IVRMachine.Action]) throws -> CallbackRequest {
        let requests = actions.compactMap { if case .requestCallback(let request) = $0 { request } else { nil } }
        return try #require(requests.first)
    }

    @Test func theCallerIsCalledBackOnTheNumberTheyCallFrom() throws {
        var (call, actions) = try entered(Self.callback, from: "22 100-00-00")
        let request = try request(actions)
        #expect(
            request
                == CallbackRequest(
                    ticket: request.ticket, queue: "q", number: "+48221000000", isTyped: false, language: "pl",
                    skills: ["pl"], priority: 1, since: call.now.instant, mayBeRecorded: false, attempts: 2,
                    every: .seconds(3_600),
                    within: "urząd"))
        #expect(call.send(.callback(request.ticket, .accepted)).played == ["b"])
        #expect(call.send(.played).played == ["b"])  // koniec
        #expect(call.send(.played) == [.hangUp(.ended)])
    }

    @Test func withoutANumberOrWhenRefusedTheOtherExitIsTaken() throws {
        let (hidden, _) = try entered(Self.callback, from: nil)
        #expect(hidden.machine.step == "bez")
        var (refused, actions) = try entered(Self.callback)
        refused.send(.callback(try request(actions).ticket, .refused))
        #expect(refused.machine.step == "bez")
        var (unanswered, _) = try entered(Self.callback)
        #expect(unanswered.machine.deadline == unanswered.now.instant + .seconds(10))
        unanswered.wait()
        #expect(unanswered.machine.step == "bez")
    }

    @Test func aNumberCanBeTyped() throws {
        var (call, actions) = try entered(Self.callback, from: nil)
        #expect(actions.played == ["again"])
        for digit in "112#" { call.send(.digit(digit)) }
        #expect(call.machine.step == "bez")  // asked again
        var typed: [IVRMachine.Action] = []
        for digit in "601000000#" { typed = call.send(.digit(digit)) }
        let request = try request(typed)
        #expect(request.number == "+48601000000")
        #expect(request.isTyped)
        #expect(call.send(.callback(request.ticket, .accepted)).played == ["b"])
        #expect(call.machine.step == "koniec")
    }

    @Test func whoTypesNoNumberGoesOn() throws {
        var (call, _) = try entered(Self.callback, from: nil)
        for _ in 0..<6 { call.wait() }
        #expect(call.machine.step == "nic")
    }

    // MARK: Message

    private static let message = """
        start: { voicemail: skrzynka, say: notice, then: dalej }
        dalej: { voicemail: skrzynka, say: a, max: 10s, then: koniec }
        """

    private func ticket(_ actions: [IVRMachine.Action]) throws -> Ticket {
        let tickets = actions.compactMap { action -> Ticket? in
            switch action {
            case .recordMessage(let request): request.ticket
            case .transfer(let request): request.ticket
            case .lookup(let request): request.ticket
            default: nil
            }
        }
        return try #require(tickets.first)
    }

    @Test func aMessageIsRecordedAfterTheNotice() throws {
        var (call, actions) = try entered(Self.message)
        #expect(actions.played == ["notice"])
        #expect(call.send(.digit("#")) == [])  // the notice is heard to its end
        let begun = call.send(.played)
        let ticket = try ticket(begun)
        #expect(
            begun == [
                .recordMessage(MessageRequest(ticket: ticket, mailbox: "skrzynka", language: "pl", max: .seconds(60)))
            ])
        #expect(call.machine.deadline == call.now.instant + .seconds(63))
        #expect(call.send(.digit("5")) == [])
        #expect(call.send(.messageRecorded(Ticket(number: 99))) == [])
        #expect(call.send(.messageRecorded(ticket), after: .seconds(20)).played == ["a"])
        #expect(call.send(.messageRecorded(ticket)) == [])
        let second = call.send(.digit("1"))  // a key skips what is no notice
        #expect(second.first == .silence)
        #expect(call.machine.deadline == call.now.instant + .seconds(13))
        #expect(call.send(.digit("#")).first == .endMessage)
    }

    @Test func aMessageHasAnEndAndIsKeptWhenTheCallerHangsUp() throws {
        var (call, _) = try entered(Self.message)
        call.send(.played)
        #expect(call.wait().first == .endMessage)
        call.send(.digit("1"))
        #expect(call.send(.hungUp) == [.endMessage])
        #expect(call.machine.deadline == nil)
        (call, _) = try entered(Self.message)
        #expect(call.send(.hungUp) == [])
    }

    // MARK: Survey

    private static let survey = """
        start: { survey: ankieta, questions: [{ say: again, keys: 1-1, name: jeden }, { say: notice, keys: [1, 2], name: dwa }], then: koniec }
        """

    @Test func answersAreNoted() throws {
        var (call, actions) = try entered(Self.survey)
        #expect(actions.played == ["again"])
        let answer = call.send(.digit("1"))
        #expect(answer.prefix(2) == [.silence, .answer(survey: "ankieta", question: "jeden", value: "1")])
        #expect(answer.played == ["notice"])
        #expect(call.send(.digit("2")) == [])  // a notice is heard to its end
        call.send(.played)
        #expect(call.send(.digit("2")).first == .answer(survey: "ankieta", question: "dwa", value: "2"))
        #expect(call.machine.step == "koniec")
    }

    @Test func aQuestionIsAskedTwiceAndThenLeft() throws {
        var (call, _) = try entered(Self.survey)
        #expect(call.send(.digit("9")).played == ["again"])
        call.send(.played)
        #expect(call.wait().played == ["notice"])
        call.send(.played)
        #expect(call.wait().played == ["notice"])
        call.send(.played)
        #expect(call.wait().played == ["b"])
        #expect(call.machine.step == "koniec")
    }

    // MARK: Transfer

    private static let transfer = """
        start: { transfer: "tel:+48 22 100 00 00", ring: 20s, failed: dalej }
        dalej: { transfer: "sips:biuro@example.org:5061;transport=tls", failed: koniec }
        """

    @Test func aTransferLeadsAwayOrOn() throws {
        var (call, actions) = try entered(Self.transfer)
        let first = try ticket(actions)
        #expect(
            actions == [
                .transfer(TransferRequest(ticket: first, target: .number("+48221000000"), ring: .seconds(20)))
            ])
        let second = try ticket(call.send(.transferFailed(first)))
        #expect(call.send(.transferred(first)) == [])
        #expect(call.send(.transferFailed(first)) == [])
        #expect(call.machine.deadline == call.now.instant + .seconds(35))
        call.send(.transferred(second))
        #expect(call.machine.deadline == nil)
        for input: IVRMachine.Input in [.digit("1"), .played, .transferFailed(second), .queue(.answered)] {
            #expect(call.send(input) == [])
        }
        #expect(call.send(.hungUp) == [])
    }

    @Test func aTransferThatNobodyAnswersIsGivenUp() throws {
        var (call, _) = try entered(Self.transfer)
        #expect(call.wait().first == .cancelTransfer)
        #expect(call.machine.step == "dalej")
        #expect(call.send(.hungUp) == [.cancelTransfer])
    }

    @Test(arguments: [
        ("sip:a@b", true), ("SIP:a@[::1]:5060", true), ("sip:example.org", true), ("+48 22 000 00 01", true),
        ("112", true),
        ("tel:+48220000001", true), ("sip:", false), ("sip:a@", false), ("sip:@b", false), ("sip:a@b@c", false),
        ("sip:a b@c", false), ("sip:a@b\r\nX: y", false), ("http://a", false), ("biuro", false), ("", false),
        ("sip:a@-b", false), ("sip:ą@b", false),
    ])
    func targetsAreAddressesOrNumbers(written: String, isOne: Bool) {
        #expect((TransferTarget(written) != nil) == isOne)
    }

    // MARK: Lookup

    private static let lookup = """
        start: { ask: a, digits: 1-9, end: "#", into: numer, then: pytaj, otherwise: pytaj }
        pytaj: { lookup: "https://example.org/{called}?j={language}", send: [numer, caller], into: [imię, saldo], within: 3s, then: powiedz, failed: nie }
        powiedz: { say: saldo, then: koniec }
        nie: { say: b, then: koniec }
        """

    private func looking(_ digits: String = "7#") throws -> (TestCall, LookupRequest) {
        let text = Fixture.text(steps: Self.lookup).replacing(
            "  b: {", with: "  saldo: { any: \"{imię}: {amount:saldo}.\" }\n  b: {")
        var call = TestCall(try Fixture.hotline(text))
        call.machine = IVRMachine(hotline: call.machine.hotline, caller: Caller(number: nil, called: "ąć d/1"))
        call.send(.entered)
        var actions: [IVRMachine.Action] = []
        for digit in digits { actions = call.send(.digit(digit)) }
        let requests = actions.compactMap { if case .lookup(let request) = $0 { request } else { nil } }
        return (call, try #require(requests.first))
    }

    @Test func anOutsideSystemIsAskedWithWhatIsKnown() throws {
        let (call, request) = try looking()
        #expect(request.address == "https://example.org/%C4%85%C4%87%20d%2F1?j=pl")
        #expect(request.body == ["numer": CallValue("7")])
        #expect(request.fields == ["imię", "saldo"])
        #expect(call.machine.deadline == call.now.instant + .seconds(3))
    }

    @Test func itsAnswerIsSpoken() throws {
        var (call, request) = try looking()
        let actions = call.send(.lookedUp(request.ticket, ["imię": "Ala\nKot", "saldo": "12.50", "inne": "x"]))
        #expect(
            actions == [
                .play([
                    Utterance(prompt: "saldo", language: "pl", text: "Ala Kot: dwanaście złotych pięćdziesiąt groszy.")
                ])
            ])
        #expect(call.machine.values["inne"] == nil)
    }

    @Test func whatIsTooLongIsCut() throws {
        var (call, request) = try looking()
        call.send(.lookedUp(request.ticket, ["imię": String(repeating: "a", count: 100_000), "saldo": "1"]))
        #expect(call.machine.values["imię"]?.text.count == 200)
    }

    @Test(arguments: [["imię": "Ala"], ["imię": "Ala", "saldo": ""], ["imię": "Ala", "saldo": "\n "], [:]])
    func anAnswerThatLacksSomethingHasFailed(fields: [String: String]) throws {
        var (call, request) = try looking()
        #expect(call.send(.lookedUp(request.ticket, fields)).played == ["b"])
        #expect(call.machine.step == "nie")
    }

    @Test func noAnswerHasFailedAndALateOneIsForgotten() throws {
        var (call, request) = try looking()
        call.wait()
        #expect(call.machine.step == "nie")
        #expect(call.send(.lookedUp(request.ticket, ["imię": "Ala", "saldo": "1"])) == [])
        (call, request) = try looking()
        call.send(.lookupFailed(request.ticket))
        #expect(call.machine.step == "nie")
    }
}
