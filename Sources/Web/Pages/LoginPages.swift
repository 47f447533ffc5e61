// Logging in, logging out, choosing a password, choosing a language.

import Hummingbird
import Store

extension Site {
    // MARK: Log in

    func loginPage(_ request: Request, _ context: PageContext) -> Response {
        if context.visitor != nil { return Self.redirect("/") }
        let query = Form(parsing: request.uri.query ?? "")
        return loginForm(request, context, next: query["next"])
    }

    private func loginForm(
        _ request: Request, _ context: PageContext, next: String, name: String = "", problem: String? = nil,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var values: [String: Any] = ["next": next, "name": name, "publicCallPage": configuration.publicCallPage]
        values["problem"] = problem
        return page(
            .init(template: "login", title: "login_title", status: status, values: values), request, context)
    }

    func logIn(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        let again = { (problem: String, status: HTTPResponse.Status) in
            loginForm(request, context, next: form["next"], name: form["name"], problem: problem, status: status)
        }
        do {
            let attempt = try await store.authenticate(
                name: form["name"], password: form.exact("password"), source: context.remote)
            switch attempt {
            case .wrong: return again(text("login_wrong", context), .unauthorized)
            case .refused(let until):
                let seconds = max(1, (until - Store.wallClock() + 999) / 1000)
                var response = again(text("login_wait", context, ["seconds": "\(seconds)"]), .tooManyRequests)
                response.headers[.retryAfter] = "\(seconds)"
                return response
            case .accepted(let account):
                // A new secret at each log-in: one that somebody planted before is worth nothing (session fixation).
                if let old = context.visitor?.token { try await endSession(old) }
                let token = try await store.createSession(account: account.id)
                let next = account.mustChangePassword ? "/password" : Self.localPath(form["next"])
                return Self.redirect(next).setting(cookie: sessions.setting(token))
            }
        } catch StoreError.busy {
            return again(text("login_busy", context), .serviceUnavailable)
        }
    }

    func logOut(_ request: Request, _ context: PageContext) async throws -> Response {
        if let token = context.visitor?.token { try await endSession(token) }
        return Self.redirect("/login").setting(cookie: sessions.removing)
    }

    private func endSession(_ token: String) async throws {
        try await store.endSession(token)
        open.end(session: token)
    }

    // MARK: Password

    func passwordPage(_ request: Request, _ context: PageContext) -> Response {
        passwordForm(request, context, problem: nil)
    }

    private func passwordForm(_ request: Request, _ context: PageContext, problem: String?) -> Response {
        let allowed = Store.passwordLength
        var values: [String: Any] = [
            "forced": context.visitor?.account.mustChangePassword == true,
            "name": context.visitor?.account.name ?? "", "shortest": allowed.lowerBound,
            "longest": allowed.upperBound,
            "rule": text("password_rule", context, ["number": "\(allowed.lowerBound)"]),
        ]
        values["problem"] = problem
        return page(
            .init(
                template: "password", title: "password_title", status: problem == nil ? .ok : .unprocessableContent,
                values: values), request, context)
    }

    func changePassword(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let account = context.visitor?.account else { throw HTTPError(.unauthorized) }
        let form = try await Form(of: request)
        let again = { (key: String) in
            passwordForm(
                request, context, problem: text(key, context, ["number": "\(Store.passwordLength.lowerBound)"]))
        }
        let wanted = form.exact("new")
        guard wanted == form.exact("again") else { return again("password_differs") }
        guard wanted != form.exact("current"), wanted.lowercased() != account.name else {
            return again("password_same")
        }
        guard Store.passwordLength.contains(wanted.count) else { return again("password_rule") }
        do {
            let proof = try await store.authenticate(
                name: account.name, password: form.exact("current"), source: context.remote)
            guard case .accepted = proof else { return again("password_current_wrong") }
            try await store.setPassword(wanted, account: account.id)
        } catch StoreError.busy {
            return again("login_busy")
        }
        // Whoever else knew the old password is out.
        try await store.endSessions(account: account.id)
        open.end(account: account.id)
        let token = try await store.createSession(account: account.id)
        return Self.redirect("/").setting(cookie: sessions.setting(token))
    }

    // MARK: Language

    func chooseLanguage(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        guard let language = Language(rawValue: form["language"]) else { throw HTTPError(.badRequest) }
        return Self.redirect(Self.localPath(form["back"])).setting(
            cookie: "\(Language.cookie)=\(language.rawValue); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
                + (configuration.isSecure ? "; Secure" : ""))
    }

    /// A path on this server, never an address elsewhere (open redirect).
    static func localPath(_ text: String) -> String {
        let isLocal = text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= 1_000
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        return isLocal && isPlain ? text : "/"
    }
}

extension Response {
    func setting(cookie: String) -> Response {
        var response = self
        response.headers[values: .setCookie].append(cookie)
        return response
    }
}
