// The administrator's list of hotline files, and the page on which one is edited.

import Calls
import Foundation
import Hummingbird
import Logging
import Store

extension Site {
    func hotlinesPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let files = try await editing { try await $0.files() }
        let rows = files.map { file -> [String: Any] in
            var row: [String: Any] = [
                "path": "/hotlines/" + Self.percentEncoded(file.file), "file": file.file, "title": file.title,
                "numbers": file.numbers.joined(separator: ", "), "isServed": file.isServed,
            ]
            if let version = file.version {
                row["number"] = version.number
                row["at"] = renderer.moments.minute(version.at)
                row["iso"] = renderer.moments.machine(version.at)
                row["by"] = version.by ?? text("hotlines_from_file", context)
            }
            return row
        }
        let values: [String: Any] = ["rows": rows, "hasRows": !rows.isEmpty]
        return page(.init(template: "hotlines", title: "hotlines_title", values: values), request, context)
    }

    func hotlinePage(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        let file = try await editing { try await $0.open(name) }
        let values: [String: Any] = [
            "file": file.file, "heading": file.title, "api": "/api/hotlines/" + Self.percentEncoded(file.file),
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
