// One customer's stay: performs what the hotline's machine decides, on the leg, the queue and the recorder.

import ACD
import IVR
import Logging
import Media
import SIP
import Store
import Timing

/// From the first INVITE to the last packet. Everything here happens on the signalling thread.
@Signalling
final class Call: CallEnd {
    enum State {
        /// Listening to prompts, pressing keys. Goes to: waiting, ended.
        case walking
        /// In a queue. Goes to: talking, walking, ended.
        case waiting(EntryHandle)
        /// Bridged to a consultant, or on hold. Goes to: waiting (consultant lost), walking, ended.
        case talking(EntryHandle, Consultant)
        case ended
    }

    let contact: String
    let hotline: Hotline
    let caller: Caller
    let party: Party
    let leg: MediaLeg
    let services: CallServices
    private(set) var state = State.walking
    private(set) var language: String
    private(set) var tags: [String] = []
    private(set) var waitingSince: Instant?
    private var machine: IVRMachine
    private var timer: TimerToken?
    var recording: CallRecording
    /// What is going on outside of the hotline for this call.
    var errands = CallErrands()
    /// Counts plays, so that speech that comes late does not play over what came after it.
    var playGeneration = 0
    /// Who spoke with this caller before, once the store has said so.
    private(set) var lastTalk: LastTalk?
    private var entered = false

    init(contact: String, hotline: Hotline, caller: Caller, party: Party, leg: MediaLeg, services: CallServices) {
        self.contact = contact
        self.hotline = hotline
        self.caller = caller
        self.party = party
        self.leg = leg
        self.services = services
        language = hotline.languages[0]
        machine = IVRMachine(hotline: hotline, caller: caller)
        recording = CallRecording(contact: contact, leg: leg, policy: hotline.recording, services: services)
        leg.onEvent = { [weak self] in self?.heard($0) }
        leg.whenRemoved { [unowned leg, facts = services.facts] in
            guard let detail = leg.quality.detail(leg: "caller") else { return }
            facts.append(contact, .qualitySummary, detail)
        }
    }

    /// The caller can hear us: the hotline begins. Idempotent, as an ACK and a first packet may both say so.
    func enter() {
        guard !entered, !isEnded else { return }
        entered = true
        note(.answered)
        recording.reached(.start)
        advance(.entered)
    }

    /// Asks the store while the hotline begins; whoever is in a queue before the answer is there is a stranger to everybody.
    func recall() {
        guard let longest = hotline.queues.values.compactMap(\.lastAgent?.within).max(),
            let number = caller.number, let store = services.store
        else { return }
        let since = Clock.unixMilliseconds() - longest.milliseconds
        Task { @Signalling [weak self, log = services.log] in
            do {
                self?.lastTalk = try await store.lastTalk(with: number, since: since)
            } catch {
                log.error("call.recall", metadata: ["error": "\(error)"])
            }
        }
    }

    var isEnded: Bool {
        if case .ended = state { return true }
        return false
    }

    /// The step of the hotline that the caller is in; nil before the first.
    var step: String? { machine.step }

    func pressed(_ digit: Character, how: String) {
        guard entered, !isEnded else { return }
        note(.digit, ["origin": how])
        advance(.digit(digit))
    }

    /// Gives the machine an input and performs what it decides.
    func advance(_ input: IVRMachine.Input) {
        guard !isEnded else { return }
        let actions = machine.handle(input, now: Moment.now)
        for (index, action) in actions.enumerated() where !isEnded {
            perform(action, before: actions[(index + 1)...])
        }
        timer?.cancel()
        timer = nil
        guard !isEnded, let deadline = machine.deadline else { return }
        timer = Signalling.timer(at: deadline) { [weak self] in self?.advance(.deadline) }
    }

    /// `next`: what the machine decided to do after it.
    private func perform(_ action: IVRMachine.Action, before next: ArraySlice<IVRMachine.Action>) {
        switch action {
        case .play(let utterances): play(utterances)
        case .music(let file): playMusic(file)
        case .silence:
            playGeneration += 1
            leg.stopPlaying()
        case .enqueue(let request): enqueue(request)
        case .leaveQueue: leaveQueue(to: next)
        case .alsoQueue(let queue): alsoQueue(queue)
        case .record(let on): recording.consent(on)
        case .secret(let on): recording.conceal(on)
        case .measure(let ticket, let queues):
            let load = services.queues.load(of: queues, hotline: hotline)
            // After everything else that the machine decided: its answer may lead on at once.
            Task { @Signalling [weak self] in self?.advance(.load(ticket, load)) }
        case .answer(let survey, let question, let value):
            note(.answer, ["survey": survey, "question": question, "value": value])
        case .language(let language):
            self.language = language
            note(.language, ["language": language])
        case .tag(let tag):
            tags.append(tag)
            note(.tag, ["tag": tag])
        case .entered(let step, let exit): note(.step, ["step": step, "exit": exit].compactMapValues { $0 })
        case .told(let wait): told(wait)
        case .heard(let prompt): note(.heard, ["prompt": prompt])
        case .hangUp(let cause): end(by: .system, reason: "\(cause)")
        case .requestCallback(let request): requestCallback(request)
        case .recordMessage(let request): recordMessage(request)
        case .endMessage: endMessage()
        case .transfer(let request): transfer(request)
        case .cancelTransfer: cancelTransfer()
        case .lookup(let request): lookUp(request)
        }
    }

    func note(_ kind: FactKind, _ detail: [String: String] = [:]) { services.facts.append(contact, kind, detail) }
}

// MARK: Sound

extension Call {
    private func play(_ utterances: [Utterance]) {
        playGeneration += 1
        let generation = playGeneration
        services.prompts.playlist(utterances) { [weak self] playlist, isWhole in
            guard let self, !self.isEnded, self.playGeneration == generation else { return }
            self.leg.play(playlist) { [weak self] in self?.advance(isWhole ? .played : .notPlayed) }
        }
    }

    func playMusic(_ file: String?) {
        playGeneration += 1
        leg.play(services.prompts.music(file))
    }

    private func heard(_ news: LegNews) {
        switch news {
        case .connected:
            if case .browser = party { enter() }
        // Two pages send each other Opus, and so does a caller's page from the beginning.
        case .firstPacket, .wantsCodec: break
        case .digit(let digit, let origin): pressed(digit, how: "\(origin)")
        case .silent: services.log.notice("call.silent", metadata: ["contact": "\(contact)"])
        case .heardAgain: services.log.notice("call.heard-again", metadata: ["contact": "\(contact)"])
        case .quality(let quality): note(.quality, QualitySummary.detail(quality, leg: "caller"))
        case .lost(let reason): end(by: reason.isGoodbye ? .caller : .network, reason: "\(reason)")
        }
    }
}

// MARK: Queue and consultant

extension Call {
    private func enqueue(_ request: QueueRequest) {
        recording.reached(.queue)
        waitingSince = Clock.monotonic()
        note(.queued, ["queue": request.queue, "language": request.language])
        let entry = services.queues.enqueue(self, request)
        if case .walking = state { state = .waiting(entry) }
    }

    private func told(_ wait: Duration?) {
        guard case .waiting(let entry) = state else { return }
        var detail = ["queue": entry.queue]
        detail["wait"] = wait.map { "\($0.milliseconds)" }
        note(.told, detail)
    }

    /// What becomes of the entry depends on the step that the caller goes to.
    private func leaveQueue(to next: ArraySlice<IVRMachine.Action>) {
        guard case .waiting(let entry) = state else { return }
        state = .walking
        let step = next.lazy.compactMap { if case .entered(let step, _) = $0 { step } else { nil } }.first
        switch step.flatMap(hotline.kind(ofStep:)) {
        case "voicemail"?: services.queues.leave(entry, .toVoicemail)
        case "callback"?: services.queues.leave(entry, .toCallback)
        default: services.queues.leave(entry, .overflowed)
        }
    }

    private func alsoQueue(_ queue: String) {
        guard case .waiting(let entry) = state else { return }
        services.queues.alsoServe(entry, queue)
    }

    /// The queue says something to a waiting caller.
    func queueNews(_ news: IVRMachine.QueueNews) {
        switch news {
        case .full, .nobody, .timeout, .busy: state = .walking
        case .position, .answered, .talkEnded, .returned: break
        }
        advance(.queue(news))
    }

    /// A consultant answered: both hear each other from here on.
    func connected(to consultant: Consultant, entry: EntryHandle) {
        state = .talking(entry, consultant)
        playGeneration += 1
        leg.stopPlaying()
        recording.reached(.answer)
        leg.clean(hotline.queues[entry.queue].flatMap(SpeechCleaning.init))
        if let other = consultant.leg { leg.bridge(with: other) }
        note(
            .connected,
            ["queue": entry.queue, "account": "\(consultant.account.id)", "name": consultant.account.displayName])
        advance(.queue(.answered))
    }

    func held() {
        leg.unbridge()
        playMusic(music)
        note(.held)
    }

    func resumed(with consultant: Consultant) {
        guard let other = consultant.leg else { return }
        playGeneration += 1
        leg.stopPlaying()
        leg.bridge(with: other)
        note(.resumed)
    }

    /// The consultant's browser vanished: music until they are back or the caller returns to the queue.
    func waitForConsultant() {
        leg.unbridge()
        playMusic(music)
    }

    func requeued(_ entry: EntryHandle) {
        state = .waiting(entry)
        note(.requeued)
        advance(.queue(.returned))
    }

    /// The talk is over and the caller still there.
    func talkEnded(by: EndedBy) {
        leg.unbridge()
        state = .walking
        note(.talkEnded, ["by": by.rawValue])
        recording.talkEnded()
        advance(.queue(.talkEnded))
    }

    private var music: String? {
        guard case .talking(let entry, _) = state else { return nil }
        return hotline.queues[entry.queue]?.music
    }

    var isRecording: Bool { recording.isOn }
}

// MARK: The end

extension Call {
    /// Ends the call once, whoever asks. Tells everyone who has a part in it.
    func end(by: EndedBy, reason: String) {
        guard !isEnded else { return }
        let last = state
        state = .ended
        timer?.cancel()
        timer = nil
        // What it decides is done here for whatever ended the call.
        _ = machine.handle(.hungUp, now: Moment.now)
        errands.end()
        switch last {
        case .walking, .ended: break
        case .waiting(let entry): services.queues.leave(entry, by == .caller ? .hungUp : .failed)
        case .talking(let entry, _):
            note(.talkEnded, ["by": by.rawValue])
            services.queues.talkEnded(entry, by: by)
        }
        if by != .caller { party.hangUp(reason) }
        leg.unbridge()
        note(.ended, ["by": by.rawValue, "reason": reason])
        recording.finish()
        leg.close()
        services.calls.ended(self)
    }
}

extension SpeechCleaning {
    /// Nil where the queue leaves callers as they are.
    init?(_ queue: QueueSettings) {
        guard queue.reducesNoise || queue.evensLevel else { return nil }
        self.init(reducesNoise: queue.reducesNoise, evensLevel: queue.evensLevel)
    }
}

extension Moment {
    static var now: Moment { Moment(instant: Clock.monotonic(), unixMilliseconds: Clock.unixMilliseconds()) }
}
