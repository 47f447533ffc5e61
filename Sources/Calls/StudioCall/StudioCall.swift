// An administrator on the telephone of the prompts studio: performs what the dialogue decides.

import Foundation
import IVR
import Logging
import Media
import SIP
import Speech
import Store
import Timing

/// From the answered INVITE to the last packet. No contact, no facts: nobody's call is in the lists.
@Signalling
final class StudioCall: CallEnd {
    /// What is known of the prompt that is being recorded.
    private struct Recorded {
        let rehearsal: Rehearsal
        let sound: Prompt
    }

    /// Who has proved a PIN.
    private(set) var account: Account?
    private let desk: StudioDesk
    private let caller: Caller
    private let party: Party
    private let leg: MediaLeg
    private let isOneTooMany: Bool
    private var dialogue = StudioDialogue()
    private var timer: TimerToken?
    private var prompt: StudioPrompt?
    private var dictation: Dictation?
    private var recorded: Recorded?
    /// Counts plays, so that speech that comes late does not play over what came after it.
    private var playGeneration = 0
    private var hasEntered = false
    private var isEnded = false

    /// `isOneTooMany`: the caller only hears that.
    init(desk: StudioDesk, caller: Caller, party: Party, leg: MediaLeg, isOneTooMany: Bool) {
        self.desk = desk
        self.caller = caller
        self.party = party
        self.leg = leg
        self.isOneTooMany = isOneTooMany
        leg.onEvent = { [weak self] in self?.heard($0) }
    }

    private var services: CallServices { desk.services }

    /// For the audit trail, and for counting failures. The caller chooses it: it may be anything, and long.
    private var source: String { "tel:" + (caller.number.map { String($0.prefix(40)) } ?? "anonymous") }

    func enter() {
        guard !hasEntered else { return }
        hasEntered = true
        advance(.entered(isFull: isOneTooMany))
    }

    func pressed(_ digit: Character, how: String) { advance(.key(digit)) }

    func end(by: EndedBy, reason: String) {
        guard !isEnded else { return }
        isEnded = true
        timer?.cancel()
        timer = nil
        dictation?.discard()
        if by != .caller { party.hangUp(reason) }
        leg.close()
        desk.ended(self)
    }

    private func heard(_ news: LegNews) {
        switch news {
        case .digit(let digit, _): advance(.key(digit))
        case .lost(let reason): end(by: reason.isGoodbye ? .caller : .network, reason: "\(reason)")
        case .connected, .firstPacket, .silent, .heardAgain, .quality, .wantsCodec: break
        }
    }

    private func advance(_ input: StudioDialogue.Input) {
        guard !isEnded else { return }
        for action in dialogue.handle(input, now: Clock.monotonic()) where !isEnded { perform(action) }
        timer?.cancel()
        timer = nil
        guard !isEnded, let deadline = dialogue.deadline else { return }
        timer = Signalling.timer(at: deadline) { [weak self] in self?.advance(.deadline) }
    }

    private func perform(_ action: StudioDialogue.Action) {
        switch action {
        case .say(let speeches): say(speeches)
        case .silence:
            playGeneration += 1
            leg.stopPlaying()
        case .prove(let number, let pin):
            answer { await $0.proof(number, pin) }
        case .find(let choice):
            answer { await $0.find(choice) }
        case .record:
            playGeneration += 1
            recorded = nil
            dictation = Dictation(leg: leg, services: services, directories: desk.directories) { [weak self] in
                self?.advance(.quiet)
            }
        case .finishRecording: finishRecording()
        case .discard:
            dictation?.discard()
            dictation = nil
            recorded = nil
        case .keep:
            answer { await $0.keep() }
        case .hangUp: end(by: .system, reason: "the call is over")
        }
    }

    /// Brings an answer that takes a while.
    private func answer(_ work: @escaping @Signalling (StudioCall) async -> StudioDialogue.Input) {
        Task { @Signalling in advance(await work(self)) }
    }
}

// MARK: Sound

extension StudioCall {
    private func say(_ speeches: [StudioDialogue.Speech]) {
        playGeneration += 1
        let generation = playGeneration
        let take = recorded?.sound
        Task { @Signalling [weak self, services] in
            var sounds: [Prompt] = []
            for speech in speeches {
                let sound = await services.prompts.sound(speech, take: take)
                if let sound { sounds.append(sound) }
            }
            guard let self, !self.isEnded, self.playGeneration == generation else { return }
            self.leg.play(Playlist(sounds)) { [weak self] in self?.advance(.played) }
        }
    }

    private func finishRecording() {
        let finished = dictation
        dictation = nil
        finished?.finish { [weak self] samples in
            guard let self, let samples else {
                self?.advance(.flawed(.silent))
                return
            }
            self.answer { await $0.rehearse(Rehearsal(samples)) }
        }
    }

    private func rehearse(_ rehearsal: Rehearsal) async -> StudioDialogue.Input {
        do {
            recorded = Recorded(rehearsal: rehearsal, sound: try await desk.studio.rehearse(rehearsal))
            return .polished
        } catch {
            switch error.kind {
            case .silent, .noSound: return .flawed(.silent)
            case .promptTooLong, .recordingTooLong: return .flawed(.tooLong)
            case .notFound, .notRecordable, .notNamed, .busy, .notWAV, .wrongLength, .encoding, .channels, .sampleRate,
                .damaged, .disk, .inUse:
                return .flawed(.technical)
            }
        }
    }
}

// MARK: Store and studio

extension StudioCall {
    private func proof(_ number: String, _ pin: String) async -> StudioDialogue.Input {
        do {
            switch try await desk.store.authenticate(number: number, pin: pin, source: source) {
            case .wrong: return .proved(.wrong)
            case .refused(let until):
                return .proved(.locked(.milliseconds(max(1_000, until - Clock.unixMilliseconds()))))
            case .accepted(let account):
                // Who hung up meanwhile must not stay on the list of those who record.
                guard !isEnded else { return .proved(.busy) }
                guard desk.claim(account.id) else { return .proved(.alreadyCalling) }
                self.account = account
                services.log.notice("studio.call.account", metadata: ["account": "\(account.name)"])
                return .proved(.accepted(account.locale, unrecorded: await desk.studio.promptsToRecord()))
            }
        } catch StoreError.busy {
            return .proved(.busy)
        } catch {
            services.log.error("studio.call.store", metadata: ["error": "\(error)"])
            return .proved(.busy)
        }
    }

    private func find(_ choice: StudioDialogue.Choice) async -> StudioDialogue.Input {
        switch choice {
        case .number(let number): prompt = await desk.studio.prompt(numbered: number)
        case .next(let number): prompt = await desk.studio.promptToRecord(after: number)
        }
        guard let prompt, let number = prompt.phoneNumber, let text = prompt.text else { return .found(nil) }
        return .found(StudioDialogue.Line(number: number, language: prompt.language, text: text))
    }

    /// As a take like any other; callers hear it from their next call on.
    private func keep() async -> StudioDialogue.Input {
        guard let prompt, let recorded, let account else { return .notKept }
        do {
            guard let now = try await desk.store.account(account.id), now.mayRecordByPhone else { return .notPermitted }
            let wav = await Task.detached { recorded.rehearsal.wav }.value
            let take = try await desk.studio.keep(wav, for: prompt, by: now.displayName, at: Store.wallClock())
            try await note("prompt recorded by phone", prompt, take, account)
            let reload = try await desk.studio.use([(prompt, take)])
            try await note("prompt recording used", prompt, take, account)
            return .kept(isHeard: !reload.isRefused)
        } catch {
            services.log.error("studio.call.keep", metadata: ["prompt": "\(prompt.place)", "error": "\(error)"])
            return .notKept
        }
    }

    private func note(_ action: String, _ prompt: StudioPrompt, _ take: Int, _ account: Account) async throws {
        try await desk.store.append(
            AuditEntry(
                at: Store.wallClock(), actor: account.name, action: action, subject: "\(prompt.place)/\(take)",
                source: source))
    }
}

extension PromptDesk {
    /// Nil when it cannot be made; the log says why.
    fileprivate func sound(_ speech: StudioDialogue.Speech, take: Prompt?) async -> Prompt? {
        switch speech {
        case .phrase(let phrase, let language):
            await sound(
                Utterance(prompt: "studio", language: language.rawValue, text: phrase.text(in: language)))
        case .text(let text, let language): await sound(Utterance(prompt: "studio", language: language, text: text))
        case .take: take
        }
    }
}
