// Making, deleting and bringing back hotline files: plain forms of the administrator's list.

import Calls
import Foundation
import Hummingbird
import Store

extension Site {
    private static let longestReason = 200

    /// The form of the list.
    func makeHotline(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        guard let author = context.visitor?.account.name else { throw HTTPError(.forbidden) }
        let new = NewHotline(
            name: form["name"], number: form["number"], model: form["model"].isEmpty ? nil : form["model"],
            author: author)
        let change = try await editing { try await $0.make(new) }
        guard case .done = change else {
            let entered = ["name": new.name, "number": new.number, "model": new.model ?? ""]
            return try await hotlinesPage(request, context, problem: obstacle(change, context), entered: entered)
        }
        try await note("hotline created", of: new.name + ".yaml", context)
        return Self.redirect("/hotlines/" + Self.percentEncoded(new.name + ".yaml"))
    }

    func bringBackHotline(_ request: Request, _ context: PageContext) async throws -> Response {
        _ = try await Form(of: request)
        let name = Self.fileName(context)
        guard let author = context.visitor?.account.name else { throw HTTPError(.forbidden) }
        let change = try await editing { try await $0.bringBack(name, by: author) }
        guard case .done = change else {
            return try await hotlinesPage(request, context, problem: obstacle(change, context))
        }
        try await note("hotline brought back", of: name, context)
        return Self.redirect("/hotlines")
    }

    /// Asks whether it is meant, and why.
    func hotlineDeletionPage(_ request: Request, _ context: PageContext) async throws -> Response {
        try await deletionPage(request, context, problem: nil)
    }

    func deleteHotline(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        let name = Self.fileName(context)
        guard let author = context.visitor?.account.name else { throw HTTPError(.forbidden) }
        let reason = form["reason"].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !reason.isEmpty else {
            return try await deletionPage(request, context, problem: text("hotline_delete_reason_missing", context))
        }
        let change = try await editing {
            await $0.delete(
                name, seen: form["digest"], by: author, because: String(reason.prefix(Self.longestReason)))
        }
        switch change {
        case .done:
            try await note("hotline deleted", of: name, context)
            return Self.redirect("/hotlines")
        case .noSuchFile: throw HTTPError(.notFound)
        case .refused, .exists, .last, .changed, .failed, .badName:
            return try await deletionPage(request, context, problem: obstacle(change, context))
        }
    }

    private func deletionPage(
        _ request: Request, _ context: PageContext, problem: String?
    ) async throws -> Response {
        let name = Self.fileName(context)
        let file = try await editing { try await $0.open(name) }
        let listed = try await editing { try await $0.files() }.first { $0.file == name }
        let path = "/hotlines/" + Self.percentEncoded(name)
        var values: [String: Any] = [
            "file": name, "heading": file.title, "address": path, "digest": file.digest,
            "numbers": listed?.numbers.joined(separator: ", ") ?? "",
            "calls": "\(listed?.calls.reduce(0) { $0 + $1.count } ?? 0)",
        ]
        values["problem"] = problem
        return page(
            .init(
                template: "deletehotline", title: "hotline_delete_title",
                status: problem == nil ? .ok : .unprocessableContent, values: values), request, context)
    }

    /// What stands in the way, for people.
    private func obstacle(_ change: FolderChange, _ context: PageContext) -> String {
        let language = PageLanguage(rawValue: context.language.rawValue) ?? .polish
        return switch change {
        case .done: ""
        case .refused(let reload): reload.text(in: language)
        case .exists: text("hotlines_exists", context)
        case .last: text("hotline_delete_last", context)
        case .changed: text("hotline_delete_changed", context)
        case .failed(let why): text("hotlines_not_writable", context, ["why": why])
        case .noSuchFile: text("hotlines_nothing_to_bring_back", context)
        case .badName: text("hotlines_bad_name", context)
        }
    }

    private func note(_ action: String, of file: String, _ context: PageContext) async throws {
        try await store.append(
            AuditEntry(
                at: Store.wallClock(), actor: context.visitor?.account.name, action: action, subject: file,
                source: context.remote))
    }
}
