// The prompts studio: what callers are told, how it sounds, and recordings that replace it.

import Dispatch
public import IVR
import Media
public import Speech
import Synchronization

/// Asked by pages, from any thread. Recordings become what callers hear by a reload, as everything else does.
public final class PromptStudio: Sendable {
    /// A minute of 48 kHz, stereo, 24 bits is 17 MB; three minutes of it may be sent.
    public static let largestRecording = 54 << 20
    /// Recordings that are made ready or wait for it: each takes memory.
    private static let placesAtWork = 3

    private struct Measure: Sendable {
        weak let prompt: Prompt?
        let loudness: Double?
    }

    /// Where prompts are recorded by telephone; nil: nowhere.
    public let phoneNumber: String?
    private let library: PromptLibrary
    private let directory: String
    private let hotlines: @Sendable () async -> [Hotline]
    private let reload: @Sendable () async -> HotlineReload
    private let workshop = DispatchQueue(label: "centrala.studio", qos: .utility)
    private let atWork = Mutex(0)
    private let measured = Mutex<[Utterance: Measure]>([:])

    /// - Parameters:
    ///   - library: the one that calls use.
    ///   - directory: the folder of prompts.
    ///   - phoneNumber: where prompts are recorded by telephone.
    ///   - hotlines: those that are served now.
    ///   - reload: makes what is on disk what is served.
    public init(
        library: PromptLibrary, directory: String, phoneNumber: String? = nil,
        hotlines: @escaping @Sendable () async -> [Hotline],
        reload: @escaping @Sendable () async -> HotlineReload
    ) {
        self.library = library
        self.directory = directory
        self.phoneNumber = phoneNumber
        self.hotlines = hotlines
        self.reload = reload
    }

    // MARK: What there is

    public func prompts() async -> [StudioHotline] {
        var all: [StudioHotline] = []
        let hotlines = await hotlines()
        let order = PhoneOrder(hotlines)
        for hotline in hotlines {
            var prompts: [StudioPrompt] = []
            for line in hotline.promptSheet { prompts.append(await prompt(line, order)) }
            all.append(
                StudioHotline(
                    name: hotline.name, title: hotline.title, languages: hotline.languages, prompts: prompts,
                    music: await music(hotline)))
        }
        return all
    }

    /// Nil when no hotline has such a prompt.
    public func prompt(_ name: String, of hotline: String, in language: String) async -> StudioPrompt? {
        let place = PromptPlace(hotline: hotline, prompt: name, language: language)
        let hotlines = await hotlines()
        let sheet = hotlines.first { $0.name == hotline }?.promptSheet
        guard let line = sheet?.first(where: { $0.place == place }) else { return nil }
        return await prompt(line, PhoneOrder(hotlines))
    }

    /// The prompt whose recording bears that name in the script; nil when that is not exactly one.
    public func prompt(recordedAs file: String) async -> StudioPrompt? {
        let wanted = file.lowercased()
        let hotlines = await hotlines()
        let lines = hotlines.flatMap(\.promptSheet).filter { $0.place.recordingName.lowercased() == wanted }
        guard lines.count == 1 else { return nil }
        return await prompt(lines[0], PhoneOrder(hotlines))
    }

    /// What callers hear, as a WAV file; nil when that is nothing.
    public func sound(of prompt: StudioPrompt) async -> [UInt8]? {
        guard let utterance = prompt.line.utterance, let sound = try? await library.prompt(utterance) else {
            return nil
        }
        return await inWorkshop { sound.wav }
    }

    /// What callers hear in a queue, as a WAV file; nil when there is no such queue.
    public func music(ofQueue queue: String, of hotline: String) async -> [UInt8]? {
        guard let settings = await hotlines().first(where: { $0.name == hotline })?.queues[queue] else { return nil }
        let sound = await music(settings.music).sound
        return await inWorkshop { sound.wav }
    }

    private func music(_ hotline: Hotline) async -> [StudioMusic] {
        var all: [StudioMusic] = []
        for (queue, settings) in hotline.queues.sorted(by: { $0.key < $1.key }) {
            let (sound, isOwn) = await music(settings.music)
            all.append(
                StudioMusic(
                    queue: queue, file: settings.music, isFileUnusable: settings.music != nil && isOwn,
                    seconds: Double(sound.view.frames) / 50))
        }
        return all
    }

    /// The file, or our own music when there is none or it cannot be read.
    private func music(_ file: String?) async -> (sound: Prompt, isOwn: Bool) {
        if let file, let sound = try? await library.prompt(file: file, for: .music) { return (sound, false) }
        return (await inWorkshop { [library] in library.holdMusic() }, true)
    }

    private func prompt(_ line: PromptLine, _ order: PhoneOrder) async -> StudioPrompt {
        let utterance = line.utterance
        var recording: Prompt?
        if let file = utterance?.file { recording = try? await library.prompt(file: file) }
        var sound = recording
        if let utterance, sound == nil {
            sound = try? await library.prompt(text: utterance.text, language: utterance.language)
        }
        var prompt = StudioPrompt(
            line: line, state: recording != nil ? .recorded : sound != nil ? .spoken : .missing,
            isFileUnusable: utterance?.file != nil && recording == nil,
            seconds: sound.map { Double($0.view.frames) / 50 }, loudness: await loudness(sound, of: utterance),
            isTextNewer: isTextNewer(line))
        prompt.phoneNumber = order.number(of: line)
        return prompt
    }

    /// The take that is in use was made of another text.
    private func isTextNewer(_ line: PromptLine) -> Bool {
        let takes = folder(line.place)
        guard let current = takes.current(), line.place.file(ofTake: current) == line.utterance?.file else {
            return false
        }
        return takes.take(current)?.text != line.text
    }

    /// Measuring takes a while, so that each sound is measured once.
    private func loudness(_ prompt: Prompt?, of utterance: Utterance?) async -> Double? {
        guard let prompt, let utterance else { return nil }
        if let known = measured.withLock({ $0[utterance] }), known.prompt === prompt { return known.loudness }
        let loudness = await inWorkshop { Loudness.measure(prompt.samples, sampleRate: Frame.sampleRate) }
        measured.withLock { measured in
            measured = measured.filter { $0.value.prompt != nil }
            measured[utterance] = Measure(prompt: prompt, loudness: loudness)
        }
        return loudness
    }

    // MARK: By telephone

    /// The prompt with this number; nil when there is none.
    func prompt(numbered number: Int) async -> StudioPrompt? {
        let order = PhoneOrder(await hotlines())
        guard let line = order.line(number) else { return nil }
        return await prompt(line, order)
    }

    /// The next one without a recording of its text behind that number, from the end on from the beginning; nil when there
    /// is none besides it.
    func promptToRecord(after number: Int) async -> StudioPrompt? {
        let order = PhoneOrder(await hotlines())
        for line in order.lines(after: number) where await needsRecording(line) { return await prompt(line, order) }
        return nil
    }

    /// How many have no recording of their text.
    func promptsToRecord() async -> Int {
        var count = 0
        for line in PhoneOrder(await hotlines()).lines(after: 0) where await needsRecording(line) { count += 1 }
        return count
    }

    /// Callers hear the synthesiser, or a recording of another text.
    private func needsRecording(_ line: PromptLine) async -> Bool {
        guard let file = line.utterance?.file, (try? await library.prompt(file: file)) != nil else { return true }
        return isTextNewer(line)
    }

    // MARK: Takes

    /// The newest first.
    public func takes(of prompt: StudioPrompt) async -> [StudioTake] {
        let folder = folder(prompt.line.place)
        return await inWorkshop {
            let current = folder.current()
            return folder.takes().map { StudioTake($0, isCurrent: $0.number == current) }
        }
    }

    /// What callers would hear of a recording if it were kept.
    func rehearse(_ recording: Rehearsal) async throws(StudioProblem) -> Prompt {
        let made = await inWorkshop { () -> Result<Prompt, StudioProblem> in
            do throws(TakeProblem) {
                let samples = try recording.polished()
                return (try? Prompt(samples16k: samples)).map { .success($0) }
                    ?? .failure(StudioProblem(kind: .noSound))
            } catch {
                return .failure(StudioProblem(error))
            }
        }
        return try made.get()
    }

    /// The path of a take's sound; nil when there is no such take.
    public func sound(of prompt: StudioPrompt, take: Int, isOriginal: Bool) -> String? {
        let folder = folder(prompt.line.place)
        return folder.take(take) == nil ? nil : folder.sound(take, isOriginal ? .original : .polished)
    }

    /// A take made of a WAV file; callers do not hear it yet. Returns its number.
    public func keep(
        _ wav: [UInt8], for prompt: StudioPrompt, by name: String, at now: Int64
    ) async throws(StudioProblem) -> Int {
        guard prompt.isRecordable, let text = prompt.text else { throw StudioProblem(kind: .notRecordable) }
        let hasPlace = atWork.withLock { count in
            guard count < Self.placesAtWork else { return false }
            count += 1
            return true
        }
        guard hasPlace else { throw StudioProblem(kind: .busy) }
        defer { atWork.withLock { $0 -= 1 } }
        let folder = folder(prompt.line.place)
        let made = await inWorkshop {
            Result { () throws(TakeProblem) in try folder.keep(wav, text: text, by: name, at: now) }
        }
        return try made.mapError(StudioProblem.init).get().number
    }

    /// Lets callers hear takes from the next call on; nil: the hotline's own recording, or its text spoken. When one cannot
    /// be used the rest is left as it was.
    public func use(
        _ takes: [(prompt: StudioPrompt, take: Int?)]
    ) async throws(StudioProblem) -> HotlineReload {
        let wanted = takes.map { (folder: folder($0.prompt.line.place), take: $0.take) }
        let done = await inWorkshop { () -> Result<Bool, TakeProblem> in
            guard wanted.allSatisfy({ one in one.take.map { one.folder.take($0) != nil } ?? true }) else {
                return .success(false)
            }
            return Result { () throws(TakeProblem) in
                for one in wanted { _ = try one.folder.use(one.take) }
                return true
            }
        }
        guard try done.mapError(StudioProblem.init).get() else { throw StudioProblem(kind: .notFound) }
        return await reload()
    }

    /// Deletes a take that is not in use.
    public func delete(_ take: Int, of prompt: StudioPrompt) async throws(StudioProblem) {
        let folder = folder(prompt.line.place)
        guard await inWorkshop({ folder.delete(take) }) else { throw StudioProblem(kind: .inUse) }
    }

    private func folder(_ place: PromptPlace) -> TakeFolder {
        TakeFolder(path: "\(directory)/\(place.folder)", pointer: PromptPlace.pointer)
    }

    private func inWorkshop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            workshop.async { continuation.resume(returning: work()) }
        }
    }
}
