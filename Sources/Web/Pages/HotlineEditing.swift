// What the editor page's script asks for (JSON): findings, picture, tests, differences, versions, publishing.

import Calls
import Foundation
import Hummingbird
import Store

/// What the script sends. All but the text is for some of the questions only.
private struct EditedText: Decodable {
    var text: String
    /// Colour the picture by last week's calls.
    var traffic: Bool?
    /// Compare with this former version instead of what is served.
    var version: Int?
    /// To be published: the digest of the text on disk that the change was begun with, and a line for the history.
    var base: String?
    var note: String?
}

private struct ListedVersion: Encodable {
    let number: Int
    let at: String
    /// For `<time>`.
    let iso: String
    /// Nil: read from disk.
    let by: String?
    let note: String
    let digest: String
    let isDeletion: Bool
}

private struct Picture: Encodable {
    /// Nil: the text has errors.
    let svg: String?
}

private struct Conflict: Encodable {
    let text: String
    let digest: String
    /// From what is on disk to what was sent.
    let difference: TextDifference
}

private struct Published: Encodable {
    let digest: String
    /// What changed and on which version calls are, in words.
    let report: String
}

private struct NotPublished: Encodable {
    let error: String
    let reason: String
}

extension Site {
    /// The most bytes of a request: a text of the greatest length, with every other character escaped.
    private static let editLimit = 2 * HotlineEditor.longestText
    private static let longestNote = 200

    func hotlineFile(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        return Self.json(.ok, try await editing { try await $0.open(name) })
    }

    func hotlineQuestion(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        let edited = try await edited(request)
        let language = PageLanguage(rawValue: context.language.rawValue) ?? .polish
        switch context.parameters.get("question") {
        case "check":
            return Self.json(.ok, try await editing { try await $0.check(edited.text, as: name, language: language) })
        case "tests":
            return Self.json(.ok, try await editing { try await $0.test(edited.text, as: name, language: language) })
        case "picture":
            let svg = try await editing {
                try await $0.picture(of: edited.text, as: name, language: language, traffic: edited.traffic == true)
            }
            return Self.json(.ok, Picture(svg: svg))
        case "difference":
            let difference = try await editing {
                try await $0.difference(
                    to: edited.text, as: name, fromVersion: edited.version, language: language)
            }
            return Self.json(.ok, difference)
        case "publish": return try await publish(edited, name, language, context)
        case _: throw HTTPError(.notFound)
        }
    }

    func hotlineVersions(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        let versions = try await editing { try await $0.versions(of: name) }
        return Self.json(
            .ok,
            versions.map {
                ListedVersion(
                    number: $0.number, at: renderer.moments.minute($0.at), iso: renderer.moments.machine($0.at),
                    by: $0.by, note: $0.note, digest: $0.digest,
                    isDeletion: $0.isDeletion)
            })
    }

    func hotlineVersion(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = Self.fileName(context)
        guard let number = context.parameters.get("number").flatMap({ Int($0) }) else { throw HTTPError(.notFound) }
        let text = try await editing { editor in
            _ = try await editor.versions(of: name)
            return try await editor.text(ofVersion: number, of: name)
        }
        return Self.json(.ok, ["text": text])
    }

    private func edited(_ request: Request) async throws -> EditedText {
        let body = String(
            buffer: try await request.body(upTo: Self.editLimit, within: Form.patience))
        guard let edited = try? JSONDecoder().decode(EditedText.self, from: Data(body.utf8)) else {
            throw HTTPError(.badRequest)
        }
        guard edited.text.utf8.count <= HotlineEditor.longestText else { throw HTTPError(.contentTooLarge) }
        return edited
    }

    private func publish(
        _ edited: EditedText, _ name: String, _ language: PageLanguage, _ context: PageContext
    ) async throws -> Response {
        guard let author = context.visitor?.account.name, let base = edited.base else { throw HTTPError(.badRequest) }
        let note = (edited.note ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let draft = HotlineDraft(
            file: name, text: edited.text, base: base, author: author, note: String(note.prefix(Self.longestNote)))
        switch await switchboard.editor.publish(draft) {
        case .noSuchFile: throw HTTPError(.notFound)
        case .failed(let why): return Self.json(.forbidden, NotPublished(error: "not-writable", reason: why))
        case .refused(let reload):
            return Self.json(
                .unprocessableContent,
                try await editing { try await $0.findings(of: reload, in: draft, language: language) })
        case .conflict(let theirs):
            let difference = try await editing {
                try await $0.difference(to: edited.text, as: name, from: theirs, language: language)
            }
            return Self.json(
                .conflict, Conflict(text: theirs, digest: textDigest(theirs), difference: difference))
        case .published(let reload):
            try await store.append(
                AuditEntry(
                    at: Store.wallClock(), actor: author, action: "hotline published", subject: name,
                    source: context.remote))
            return Self.json(
                .ok,
                Published(
                    digest: textDigest(edited.text), report: reload.text(in: language)))
        }
    }
}
