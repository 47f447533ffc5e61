// Everything that pages share, and the gate in front of them.

import Foundation
import Hummingbird
import Logging
import Store

/// One request's way: find the visitor and language, check Origin, check rights, then the page itself.
struct Site: Sendable {
    let configuration: WebConfiguration
    let switchboard: Switchboard
    let sessions: Sessions
    let origin: OriginRule
    let open: OpenSockets
    let renderer: Renderer
    let resources: String
    let log: Logger

    var store: Store { switchboard.store }

    func answer(_ route: Route, _ request: Request, _ context: PageContext) async -> Response {
        var context = context
        do {
            if route.access != .files { await recognise(request, &context) }
            try checkOrigin(request)
            switch route.access.verdict(for: context.visitor?.account) {
            case .welcome: return try await route.answer(self, request, context)
            case .logIn: return logInFirst(request, context)
            case .changePassword: return changePasswordFirst(request, context)
            case .forbidden: throw HTTPError(.forbidden)
            }
        } catch {
            return failure(error, request, context)
        }
    }

    private func recognise(_ request: Request, _ context: inout PageContext) async {
        let cookies = request.headers[values: .cookie]
        context.visitor = await sessions.visitor(token: sessions.token(cookies: cookies))
        context.language = Language.choose(
            cookie: Sessions.cookie(Language.cookie, in: cookies),
            account: context.visitor?.account.locale.rawValue, acceptLanguage: request.headers[.acceptLanguage])
    }

    /// Whatever changes something must come from our own pages (cross-site request forgery). SameSite=Strict does the
    /// same in newer browsers; this does it in all.
    private func checkOrigin(_ request: Request) throws {
        switch request.method {
        case .get, .head: return
        case _:
            guard origin.permits(origin: request.headers[.origin], host: request.head.authority) else {
                throw HTTPError(.forbidden)
            }
        }
    }

    private func logInFirst(_ request: Request, _ context: PageContext) -> Response {
        guard !Self.isForScript(request) else { return Self.json(.unauthorized, ["error": "not-logged-in"]) }
        let back = request.method == .get ? "?next=" + Self.percentEncoded(request.uri.string) : ""
        return Self.redirect("/login" + back)
    }

    private func changePasswordFirst(_ request: Request, _ context: PageContext) -> Response {
        guard !Self.isForScript(request) else { return Self.json(.forbidden, ["error": "change-password"]) }
        return Self.redirect("/password")
    }

    // MARK: Answers

    func page(_ page: Renderer.Page, _ request: Request, _ context: PageContext) -> Response {
        renderer.response(page, path: request.uri.path, visitor: context.visitor, language: context.language)
    }

    func text(_ key: String, _ context: PageContext, _ values: [String: String] = [:]) -> String {
        renderer.texts.text(key, context.language, values)
    }

    /// An error as the one who asked can read it: a page, or JSON for scripts.
    func failure(_ error: any Error, _ request: Request, _ context: PageContext) -> Response {
        let status = (error as? any HTTPResponseError)?.status ?? .internalServerError
        if status.code >= 500 {
            log.error("web.failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
        }
        guard !Self.isForScript(request) else { return Self.json(status, ["error": "\(status.code)"]) }
        let key = renderer.texts.all(.en)["error_\(status.code)"] == nil ? "error_500" : "error_\(status.code)"
        return page(
            .init(
                template: "error", title: key + "_title", status: status, values: ["text": text(key, context)]),
            request, context)
    }

    static func isForScript(_ request: Request) -> Bool { request.uri.path.hasPrefix("/api/") }

    static func redirect(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

    static func json(_ status: HTTPResponse.Status, _ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(value)).map { ByteBuffer(bytes: $0) } ?? ByteBuffer()
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }

    /// RFC 3986 §2.3: all but unreserved characters as %XX.
    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
            if isPlain || "-._~/".utf8.contains(byte) { return String(Unicode.Scalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        .joined()
    }
}
