// The supervisor's list of contacts: search, pages, play, download.

import Calls
import Hummingbird
import Store

extension Site {
    private static let pageSize = 50

    func recordingsPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = Form(parsing: request.uri.query ?? "")
        var values: [String: Any] = [
            "number": form["number"], "from": form["from"], "to": form["to"], "recorded": form["recorded"] == "1",
        ]
        let found = try await search(form, context, &values)
        values["contacts"] = found?.contacts.map { row($0, context) } ?? []
        values["hasContacts"] = found?.contacts.isEmpty == false
        values["isLater"] = !form["before"].isEmpty
        values["firstPage"] = Self.address(form, before: nil)
        values["next"] = found?.next.map { Self.address(form, before: $0.text) }
        values["consultants"] = try await store.accounts().filter { $0.role == .consultant }.map { account in
            [
                "id": "\(account.id)", "name": account.displayName, "selected": form["consultant"] == "\(account.id)",
            ] as [String: Any]
        }
        return page(
            .init(template: "recordings", title: "recordings_title", values: values), request, context)
    }

    /// nil: a date was not a date, and the page says so.
    private func search(
        _ form: Form, _ context: PageContext, _ values: inout [String: Any]
    ) async throws -> ContactPage? {
        var query = ContactQuery(recordedOnly: form["recorded"] == "1", limit: Self.pageSize)
        if !form["number"].isEmpty { query.number = String(form["number"].prefix(40)) }
        query.from = renderer.moments.dayStart(form["from"])
        query.to = renderer.moments.dayStart(form["to"], plusDays: 1)
        query.consultant = Int64(form["consultant"])
        query.before = ContactCursor(form["before"])
        let isBadDate = (query.from == nil && !form["from"].isEmpty) || (query.to == nil && !form["to"].isEmpty)
        guard !isBadDate else {
            values["problem"] = text("recordings_bad_date", context)
            return nil
        }
        return try await store.contacts(query)
    }

    private func row(_ contact: Contact, _ context: PageContext) -> [String: Any] {
        let began = renderer.moments.minute(contact.began)
        return [
            "id": contact.id, "began": began, "beganISO": renderer.moments.machine(contact.began),
            "caller": caller(contact, context), "hotline": contact.hotline ?? "",
            "consultant": contact.consultantName ?? "", "outcome": outcome(contact, context),
            "length": contact.ended.map { Moments.length($0 - contact.began) } ?? "",
            "recorded": contact.recording != nil,
            "label": text("contact_play_label", context, ["caller": caller(contact, context), "began": began]),
        ]
    }

    func caller(_ contact: Contact, _ context: PageContext) -> String {
        contact.caller ?? text("contact_withheld", context)
    }

    func outcome(_ contact: Contact, _ context: PageContext) -> String {
        guard let outcome = contact.outcome else {
            return contact.ended == nil ? text("contact_going_on", context) : ""
        }
        return renderer.texts.word("outcome", outcome, context.language)
    }

    private static func address(_ form: Form, before: String?) -> String {
        var parts = ["number", "from", "to", "consultant", "recorded"].filter { !form[$0].isEmpty }.map {
            $0 + "=" + percentEncoded(form[$0])
        }
        if let before { parts.append("before=" + percentEncoded(before)) }
        return "/recordings" + (parts.isEmpty ? "" : "?") + parts.joined(separator: "&")
    }

    // MARK: Sound

    func recording(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let id = context.parameters.get("contact"), Self.isContactID(id) else { throw HTTPError(.notFound) }
        return try await sound(id, by: switchboard.recording, request, context)
    }

    /// Sound to be played or downloaded; who does is written down.
    func sound(
        _ id: String, by find: (_ id: String, _ format: String) async throws -> String, _ request: Request,
        _ context: PageContext
    ) async throws -> Response {
        guard let format = context.parameters.get("format"), ["wav", "mp3"].contains(format) else {
            throw HTTPError(.notFound)
        }
        let isDownload = Form(parsing: request.uri.query ?? "")["download"] == "1"
        let path: String
        do {
            path = try await find(id, format)
        } catch Switchboard.RecordingFailure.notFound {
            throw HTTPError(.notFound)
        } catch Switchboard.RecordingFailure.notReady {
            throw HTTPError(.conflict)
        }
        try await note(isDownload ? "recording downloaded" : "recording played", id, request, context)
        var response = try await FileSlice(path: path, type: format == "wav" ? "audio/wav" : "audio/mpeg")
            .response(to: request, context)
        response.headers[.cacheControl] = "private, no-store"
        if isDownload { response.headers[.contentDisposition] = "attachment; filename=\"\(id).\(format)\"" }
        return response
    }

    /// Who listened to what is written down once per playing: a player that seeks asks for many ranges.
    private func note(_ action: String, _ id: String, _ request: Request, _ context: PageContext) async throws {
        let range = request.headers[.range]
        guard request.method == .get, range == nil || range?.hasPrefix("bytes=0-") == true else { return }
        try await store.append(
            AuditEntry(
                at: Store.wallClock(), actor: context.visitor?.account.name, action: action, subject: id,
                source: context.remote))
    }

    /// As calls make them: lower-case letters and digits, nothing that could be part of a path.
    static func isContactID(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }
}
