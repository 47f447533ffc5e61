// Recording prompts by telephone: where to call, who one is there, and the PIN that proves it.

import Calls
import Hummingbird
import Store

extension Site {
    func phoneStudioPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let done = Form(parsing: request.uri.query ?? "")["done"]
        let notice = ["set", "removed"].contains(done) ? text("byphone_done_" + done, context) : nil
        return try await phoneStudioPage(notice: notice, request, context)
    }

    private func phoneStudioPage(
        notice: String? = nil, problem: String? = nil, _ request: Request, _ context: PageContext
    ) async throws -> Response {
        guard let account = context.visitor?.account else { throw HTTPError(.unauthorized) }
        let state = try await store.pinState(account: account.id)
        var values: [String: Any] = [
            "ownNumber": account.id, "name": account.name, "hasPIN": state.setAt != nil,
            "shortest": PIN.length.lowerBound,
            "longest": PIN.length.upperBound,
            "rule": text("byphone_rule", context, Self.lengths),
            "keys": text("byphone_spoken_in_" + account.locale.rawValue, context),
        ]
        values["number"] = switchboard.studio.phoneNumber
        values["setAt"] = state.setAt.map { text("byphone_pin_set", context, ["time": renderer.moments.minute($0)]) }
        values["locked"] = state.lockedUntil.map {
            text("byphone_locked", context, ["time": renderer.moments.second($0)])
        }
        values["notice"] = notice
        values["problem"] = problem
        return page(
            .init(
                template: "phonestudio", title: "byphone_title", status: problem == nil ? .ok : .unprocessableContent,
                values: values), request, context)
    }

    private static var lengths: [String: String] {
        ["shortest": "\(PIN.length.lowerBound)", "longest": "\(PIN.length.upperBound)"]
    }

    func changePIN(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let account = context.visitor?.account else { throw HTTPError(.unauthorized) }
        let form = try await Form(of: request)
        switch form["action"] {
        case "remove":
            try await store.removePIN(account: account.id, source: context.remote)
            return Self.redirect("/prompts/phone?done=removed")
        case "set":
            guard let problem = try await setPIN(form, account, context) else {
                return Self.redirect("/prompts/phone?done=set")
            }
            return try await phoneStudioPage(problem: text(problem, context, Self.lengths), request, context)
        case _: throw HTTPError(.badRequest)
        }
    }

    /// The key of what is wrong; nil when it was set. The password is asked for again: a page that was left open must not
    /// give a stranger a way in.
    private func setPIN(_ form: Form, _ account: Account, _ context: PageContext) async throws -> String? {
        let typed = form["pin"]
        guard typed == form["again"] else { return "byphone_differs" }
        do {
            let pin = try PIN(typed)
            let proof = try await store.authenticate(
                name: account.name, password: form.exact("current"), source: context.remote)
            guard case .accepted = proof else { return "password_current_wrong" }
            try await store.setPIN(pin, account: account.id, source: context.remote)
            return nil
        } catch PIN.Flaw.notDigits {
            return "byphone_rule"
        } catch PIN.Flaw.trivial {
            return "byphone_trivial"
        } catch StoreError.busy {
            return "login_busy"
        }
    }
}
