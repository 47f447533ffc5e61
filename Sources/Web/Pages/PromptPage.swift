// One prompt: its text, what callers hear, and recordings of it.

import Calls
import Foundation
import Hummingbird
import Store

extension Site {
    /// Longer than anybody on a slow line needs for a recording of the largest size.
    private static let uploadPatience = Duration.seconds(300)
    /// Bytes; some hundred takes.
    private static let listLimit = 65_536

    func promptPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        return try await promptPage(try await prompt(form), new: Int(form["take"]), request, context)
    }

    private func promptPage(
        _ prompt: StudioPrompt, new: Int? = nil, problem: String? = nil, _ request: Request, _ context: PageContext
    ) async throws -> Response {
        var values = promptValues(prompt, context)
        let takes = await switchboard.studio.takes(of: prompt)
        values["title"] = "\(prompt.name) (\(prompt.language))"
        values["takes"] = takes.map { take($0, of: prompt, isNew: $0.number == new, context) }
        values["hasTakes"] = !takes.isEmpty
        values["usesTake"] = takes.contains(where: \.isCurrent)
        values["problem"] = problem
        values["largest"] = PromptStudio.largestRecording
        return page(
            .init(
                template: "prompt", title: "prompts_title", script: prompt.isRecordable ? "prompt" : nil, values: values
            ),
            request, context)
    }

    private func take(
        _ take: StudioTake, of prompt: StudioPrompt, isNew: Bool, _ context: PageContext
    ) -> [String: Any] {
        [
            "number": take.number, "made": renderer.moments.minute(take.madeAt),
            "madeISO": renderer.moments.machine(take.madeAt), "by": take.madeBy, "isCurrent": take.isCurrent,
            "isNew": isNew && !take.isCurrent, "query": Self.query(prompt) + "&take=\(take.number)",
            "beforeLength": seconds(take.before.seconds, context), "beforeLevel": level(take.before.loudness, context),
            "afterLength": seconds(take.after.seconds, context), "afterLevel": level(take.after.loudness, context),
            "heading": text("take_heading", context, ["number": "\(take.number)"]),
            "beforeLabel": text("take_before_label", context, ["number": "\(take.number)"]),
            "afterLabel": text("take_after_label", context, ["number": "\(take.number)"]),
        ]
    }

    private func prompt(_ form: Form) async throws -> StudioPrompt {
        let found = await switchboard.studio.prompt(form["prompt"], of: form["hotline"], in: form["language"])
        guard let found else { throw HTTPError(.notFound) }
        return found
    }

    // MARK: Sound

    /// What callers hear, or one of the takes, or the music of a queue.
    func promptSound(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        if !form["queue"].isEmpty {
            return try Self.wav(await switchboard.studio.music(ofQueue: form["queue"], of: form["hotline"]))
        }
        let prompt = try await prompt(form)
        guard form["take"].isEmpty else {
            let path = Int(form["take"]).flatMap {
                switchboard.studio.sound(of: prompt, take: $0, isOriginal: form["original"] == "1")
            }
            guard let path else { throw HTTPError(.notFound) }
            return try await FileSlice(path: path, type: "audio/wav").response(to: request, context)
        }
        return try Self.wav(await switchboard.studio.sound(of: prompt))
    }

    private static func wav(_ bytes: [UInt8]?) throws -> Response {
        guard let wav = bytes else { throw HTTPError(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: "audio/wav"], body: .init(byteBuffer: ByteBuffer(bytes: wav)))
    }

    // MARK: Recordings

    /// A recording, as the browser made it or from a file: the body is the WAV file itself. It is for the prompt that the
    /// query names, or for the one that the script calls by the name of the `file`.
    func addTake(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        let wav = try await request.body(upTo: PromptStudio.largestRecording, within: Self.uploadPatience)
        do {
            let prompt = form["file"].isEmpty ? try await prompt(form) : try await prompt(recordedAs: form["file"])
            let number = try await switchboard.studio.keep(
                Array(wav.readableBytesView), for: prompt, by: context.visitor?.account.displayName ?? "",
                at: Store.wallClock())
            try await noteTake("prompt recorded", number, prompt, context)
            return Self.json(.created, Self.made(number, of: prompt))
        } catch let problem as StudioProblem {
            return Self.json(.unprocessableContent, ["problem": sentence(problem, context)])
        }
    }

    private func prompt(recordedAs file: String) async throws -> StudioPrompt {
        guard let prompt = await switchboard.studio.prompt(recordedAs: file) else {
            throw StudioProblem(kind: .notNamed, ["file": String(file.prefix(100))])
        }
        return prompt
    }

    /// Where a new take can be heard.
    private static func made(_ number: Int, of prompt: StudioPrompt) -> [String: String] {
        let query = "\(query(prompt))&take=\(number)"
        return ["page": "/prompts/prompt?\(query)#take-\(number)", "sound": "/prompts/sound?\(query)", "use": query]
    }

    /// Several takes at once, each as its query names it: callers hear them all after one reload.
    func useTakes(_ request: Request, _ context: PageContext) async throws -> Response {
        let body = try await request.body(upTo: Self.listLimit, within: Form.patience)
        guard let queries = try? JSONDecoder().decode([String].self, from: Data(body.readableBytesView)) else {
            throw HTTPError(.badRequest)
        }
        var wanted: [(prompt: StudioPrompt, take: Int?)] = []
        for form in queries.map({ Form(parsing: $0) }) {
            guard let take = Int(form["take"]) else { throw HTTPError(.badRequest) }
            wanted.append((try await prompt(form), take))
        }
        do {
            let reload = try await switchboard.studio.use(wanted)
            for (prompt, take) in wanted { try await noteTake("prompt recording used", take, prompt, context) }
            return reload.isRefused
                ? Self.json(.unprocessableContent, ["problem": text("studio_reload_refused", context)])
                : Self.json(.ok, ["used": wanted.count])
        } catch let problem as StudioProblem {
            return Self.json(.unprocessableContent, ["problem": sentence(problem, context)])
        }
    }

    /// Which take callers hear, and takes that nobody wants.
    func changeTakes(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        let prompt = try await prompt(form)
        do {
            switch (form["action"], Int(form["take"])) {
            case ("use", let take?):
                let reload = try await switchboard.studio.use([(prompt, take)])
                try await noteTake("prompt recording used", take, prompt, context)
                if reload.isRefused { return try await refused(prompt, request, context) }
            case ("stop", _):
                let reload = try await switchboard.studio.use([(prompt, nil)])
                try await noteTake("prompt recording no longer used", nil, prompt, context)
                if reload.isRefused { return try await refused(prompt, request, context) }
            case ("delete", let take?):
                try await switchboard.studio.delete(take, of: prompt)
                try await noteTake("prompt recording deleted", take, prompt, context)
            case _: throw HTTPError(.badRequest)
            }
        } catch let problem as StudioProblem {
            return try await promptPage(prompt, problem: sentence(problem, context), request, context)
        }
        return Self.redirect("/prompts/prompt?" + Self.query(prompt))
    }

    private func refused(_ prompt: StudioPrompt, _ request: Request, _ context: PageContext) async throws -> Response {
        try await promptPage(prompt, problem: text("studio_reload_refused", context), request, context)
    }

    private func sentence(_ problem: StudioProblem, _ context: PageContext) -> String {
        text("studio_" + problem.kind.rawValue, context, problem.values)
    }

    private func noteTake(
        _ action: String, _ take: Int?, _ prompt: StudioPrompt, _ context: PageContext
    ) async throws {
        try await store.append(
            AuditEntry(
                at: Store.wallClock(), actor: context.visitor?.account.name, action: action,
                subject: take.map { "\(prompt.place)/\($0)" } ?? prompt.place, source: context.remote))
    }
}
