// The administrator's list of hotline files, and the page on which one is edited.

import Calls
import Foundation
import Hummingbird
import Logging
import Store

extension Site {
    func hotlinesPage(_ request: Request, _ context: PageContext) async throws -> Response {
        try await hotlinesPage(request, context, problem: nil)
    }

    /// - Parameters:
    ///   - problem: why what was asked for was not done.
    ///   - entered: what the form of a new hotline held.
    func hotlinesPage(
        _ request: Request, _ context: PageContext, problem: String?, entered: [String: String] = [:]
    ) async throws -> Response {
        let files = try await editing { try await $0.files() }
        let deleted = try await editing { try await $0.deleted() }
        let rows = (files + deleted).map { file -> [String: Any] in
            var row: [String: Any] = [
                "path": "/hotlines/" + Self.percentEncoded(file.file), "file": file.file, "title": file.title,
                "numbers": file.numbers.joined(separator: ", "), "isServed": file.isServed,
                "calls": calls(file, context),
            ]
            if let version = file.version {
                row["number"] = version.number
                row["at"] = renderer.moments.minute(version.at)
                row["iso"] = renderer.moments.machine(version.at)
                row["by"] = version.by ?? text("hotlines_from_file", context)
                row["note"] = version.note
            }
            return row
        }
        var values: [String: Any] = [
            "rows": Array(rows.prefix(files.count)), "hasRows": !files.isEmpty,
            "deleted": Array(rows.dropFirst(files.count)), "hasDeleted": !deleted.isEmpty,
            "name": entered["name"] ?? "", "number": entered["number"] ?? "",
            "models": files.map { ["file": $0.file, "title": $0.title, "selected": $0.file == entered["model"]] },
        ]
        values["problem"] = problem
        return page(
            .init(
                template: "hotlines", title: "hotlines_title", status: problem == nil ? .ok : .unprocessableContent,
                values: values), request, context)
    }

    /// `12`, or with former versions: `12 (version 4: 9, version 3: 3)`.
    private func calls(_ file: HotlineFileSummary, _ context: PageContext) -> String {
        let sum = file.calls.reduce(0) { $0 + $1.count }
        guard file.calls.contains(where: { $0.version != file.version?.number }) else { return "\(sum)" }
        let parts = file.calls.map { calls in
            let version = calls.version.map { "\($0)" } ?? "?"
            return text("hotlines_calls_on", context, ["version": version, "calls": "\(calls.count)"])
        }
        return "\(sum) (\(parts.joined(separator: ", ")))"
    }

    func hotlinePage(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        let file = try await editing { try await $0.open(name) }
        let values: [String: Any] = [
            "file": file.file, "heading": file.title, "address": "/hotlines/" + Self.percentEncoded(file.file),
            "api": "/api/hotlines/" + Self.percentEncoded(file.file),
            "isWritable": file.isWritable,
        ]
        return page(
            .init(template: "hotline", title: "hotline_title", script: "editor", values: values), request, context)
    }

    /// The file that the address names; whether there is one is the editor's to say.
    static func fileName(_ context: PageContext) -> String {
        context.parameters.get("file")?.removingPercentEncoding ?? ""
    }

    /// What the editor cannot do, as an answer to the request.
    func editing<Value>(_ work: (HotlineEditor) async throws -> Value) async throws -> Value {
        do {
            return try await work(switchboard.editor)
        } catch let failure as HotlineEditor.Failure {
            switch failure {
            case .noSuchFile, .noSuchVersion: throw HTTPError(.notFound)
            case .unreadable(let why):
                log.error("hotline.unreadable", metadata: ["why": "\(why)"])
                throw HTTPError(.unprocessableContent)
            }
        } catch StoreError.busy {
            throw HTTPError(.serviceUnavailable)
        }
    }
}
