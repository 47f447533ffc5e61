// Templates and texts to pages. Everything that is filled in is escaped by the template engine.

import Foundation
import Hummingbird
import Mustache
import Store

/// Loaded once at the start; a broken template stops the start, not a request.
struct Renderer: Sendable {
    /// One page to show.
    struct Page {
        var template: String
        /// Key of the title.
        var title: String
        var status = HTTPResponse.Status.ok
        /// The module under /assets/js/ that makes the page live.
        var script: String?
        var values: [String: Any] = [:]
    }

    let texts: Texts
    let moments = Moments()
    private let library: MustacheLibrary

    init(directory: String) async throws {
        texts = try Texts(directory: directory + "/texts")
        library = try await MustacheLibrary(directory: directory + "/templates")
        guard library.getTemplate(named: "layout") != nil else {
            throw WebError.missingResources(directory)
        }
    }

    func response(_ page: Page, path: String, visitor: Visitor?, language: Language) -> Response {
        var values = page.values
        values["t"] = texts.all(language)
        values["title"] = values["title"] ?? texts.text(page.title, language)
        values["lang"] = language.rawValue
        values["otherLang"] = language.other.rawValue
        values["path"] = path
        values["script"] = page.script
        values["scriptTexts"] = texts.scriptTexts(language)
        values["nav"] = navigation(visitor?.account, path: path, language)
        if let account = visitor?.account { values["account"] = ["name": account.displayName] }
        let html = library.render(values, withTemplate: page.template) ?? ""
        return Response(
            status: page.status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// The pages that an account may open, in the order of the menu.
    static func pages(for account: Account?) -> [(path: String, name: String)] {
        [
            ("/consultant", "consultant", Access.consultants), ("/board", "board", .overseers),
            ("/recordings", "recordings", .supervisors), ("/followups", "followups", .supervisors),
            ("/staff", "staff", .overseers),
            ("/hotlines", "hotlines", .administrators), ("/prompts", "prompts", .administrators),
            ("/call", "call", .anyRole),
        ]
        .filter { $0.2.verdict(for: account) == .welcome }
        .map { (path: $0.0, name: $0.1) }
    }

    private func navigation(_ account: Account?, path: String, _ language: Language) -> [[String: Any]] {
        Self.pages(for: account).map { page in
            [
                "path": page.path, "label": texts.text("nav_" + page.name, language),
                "current": path.hasPrefix(page.path),
            ]
        }
    }
}
