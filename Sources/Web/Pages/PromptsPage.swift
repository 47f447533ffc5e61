// What callers are told: all prompts with their sound, and the script for whoever is to record them.

import Calls
import Hummingbird

extension Site {
    func promptsPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        let wanted = StudioPrompt.State(rawValue: form["show"])
        let hotlines = await switchboard.studio.prompts()
        let all = hotlines.flatMap(\.prompts)
        let values: [String: Any] = [
            "filters": filters(all, wanted, context),
            "hotlines": hotlines.compactMap { self.hotline($0, wanted, context) },
            "sendHint": text(
                "prompts_send_hint", context, ["example": all.first(where: \.isRecordable)?.recordingName ?? "–"]),
            "hasPhone": switchboard.studio.phoneNumber != nil,
            "largest": PromptStudio.largestRecording, "isEmpty": !all.contains { wanted == nil || $0.state == wanted },
        ]
        return page(
            .init(template: "prompts", title: "prompts_title", script: "prompts", values: values), request, context)
    }

    private func filters(
        _ prompts: [StudioPrompt], _ wanted: StudioPrompt.State?, _ context: PageContext
    ) -> [[String: Any]] {
        let all: [String: Any] = [
            "path": "/prompts", "label": text("prompts_all", context), "count": prompts.count, "current": wanted == nil,
        ]
        return [all]
            + StudioPrompt.State.allCases.map { state in
                [
                    "path": "/prompts?show=" + state.rawValue, "label": word("prompts_filter", state.rawValue, context),
                    "count": prompts.count { $0.state == state }, "current": wanted == state,
                ]
            }
    }

    private func hotline(
        _ hotline: StudioHotline, _ wanted: StudioPrompt.State?, _ context: PageContext
    ) -> [String: Any]? {
        let rows = hotline.prompts.filter { wanted == nil || $0.state == wanted }
        guard !rows.isEmpty else { return nil }
        let scripts = hotline.languages.map { language in
            [
                "path": "/prompts/script?hotline=\(Self.percentEncoded(hotline.name))&language=\(language)",
                "label": word("prompts_script", language, context),
            ]
        }
        return [
            "name": hotline.name, "title": hotline.title, "scripts": scripts,
            "rows": rows.map { promptValues($0, context) },
            "music": wanted == nil ? hotline.music.map { musicValues($0, of: hotline, context) } : [],
        ]
    }

    private func musicValues(
        _ music: StudioMusic, of hotline: StudioHotline, _ context: PageContext
    ) -> [String: Any] {
        let isOwn = music.file == nil || music.isFileUnusable
        var values: [String: Any] = [
            "queue": music.queue, "file": music.file ?? "", "length": seconds(music.seconds, context),
            "state": isOwn ? "built-in" : "recorded",
            "stateName": word("prompts_state", isOwn ? "built_in" : "recorded", context),
            "query": "hotline=\(Self.percentEncoded(hotline.name))&queue=\(Self.percentEncoded(music.queue))",
            "playLabel": text("prompts_music_label", context, ["queue": music.queue]),
        ]
        if music.isFileUnusable {
            values["unusable"] = text("prompts_file_unusable", context, ["file": music.file ?? ""])
        }
        return values
    }

    /// What both pages show of a prompt.
    func promptValues(_ prompt: StudioPrompt, _ context: PageContext) -> [String: Any] {
        var values: [String: Any] = [
            "name": prompt.name, "hotline": prompt.hotline, "language": prompt.language,
            "languageName": word("language", prompt.language, context), "text": prompt.text ?? "",
            "noText": prompt.text == nil, "isNotice": prompt.isNotice, "state": prompt.state.rawValue,
            "stateName": word("prompts_state", prompt.state.rawValue, context), "query": Self.query(prompt),
            "isRecordable": prompt.isRecordable, "isTextNewer": prompt.isTextNewer, "length": "", "level": "",
            "playLabel": text("prompts_play_label", context, ["name": prompt.name, "language": prompt.language]),
        ]
        if let number = switchboard.studio.phoneNumber, let own = prompt.phoneNumber {
            values["phoneNumber"] = own
            values["byPhone"] = text("prompt_phone", context, ["number": number, "prompt": "\(own)"])
        }
        if let seconds = prompt.seconds {
            values["isPlayable"] = true
            values["length"] = self.seconds(seconds, context)
            values["level"] = level(prompt.loudness, context)
        }
        if !prompt.values.isEmpty {
            values["inserted"] = text("prompts_inserted", context, ["values": Self.braced(prompt.values)])
        }
        if prompt.isFileUnusable {
            values["unusable"] = text("prompts_file_unusable", context, ["file": prompt.file ?? ""])
        }
        return values
    }

    private static func braced(_ values: [String]) -> String { values.map { "{\($0)}" }.joined(separator: ", ") }

    static func query(_ prompt: StudioPrompt) -> String {
        [("hotline", prompt.hotline), ("prompt", prompt.name), ("language", prompt.language)]
            .map { $0.0 + "=" + percentEncoded($0.1) }.joined(separator: "&")
    }

    /// 12.3 s, with the language's decimal sign.
    func seconds(_ seconds: Double, _ context: PageContext) -> String { decimal(seconds, context) + " s" }

    func level(_ loudness: Double?, _ context: PageContext) -> String {
        loudness.map { decimal($0, context) + " LUFS" } ?? "–"
    }

    private func decimal(_ value: Double, _ context: PageContext) -> String {
        let tenths = Int((abs(value) * 10).rounded())
        let sign = value < 0 && tenths > 0 ? "−" : ""
        return "\(sign)\(tenths / 10)\(context.language == .pl ? "," : ".")\(tenths % 10)"
    }

    private func word(_ prefix: String, _ word: String, _ context: PageContext) -> String {
        renderer.texts.word(prefix, word, context.language)
    }

    // MARK: Script

    /// To be printed: one language, numbered, with what the file of each recording is to be called.
    func promptScript(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        guard let hotline = await switchboard.studio.prompts().first(where: { $0.name == form["hotline"] }),
            hotline.languages.contains(form["language"])
        else { throw HTTPError(.notFound) }
        let language = form["language"]
        let prompts = hotline.prompts.filter { $0.language == language && $0.text != nil }
        var lines: [[String: Any]] = []
        for prompt in prompts where prompt.isRecordable {
            lines.append([
                "number": lines.count + 1, "name": prompt.name, "text": prompt.text ?? "",
                "file": prompt.recordingName, "isNotice": prompt.isNotice,
                "isRecorded": prompt.state == .recorded && !prompt.isTextNewer,
            ])
        }
        let spoken = prompts.filter { !$0.isRecordable }.map { prompt in
            [
                "name": prompt.name, "text": prompt.text ?? "", "language": language,
                "inserted": text("script_inserted", context, ["values": Self.braced(prompt.values)]),
            ]
        }
        let values: [String: Any] = [
            "heading": text("script_heading", context, ["hotline": hotline.title]),
            "languageName": word("language", language, context), "language": language, "lines": lines,
            "spoken": spoken, "hasSpoken": !spoken.isEmpty,
        ]
        return page(.init(template: "script", title: "script_title", values: values), request, context)
    }
}
