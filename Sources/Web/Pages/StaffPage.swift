// Who answers which queues, in which languages and with which skills.

import Calls
import Hummingbird
import Store

extension Site {
    func staffPage(_ request: Request, _ context: PageContext) async throws -> Response {
        try await staffPage(request, context, status: .ok, refused: nil, notice: nil)
    }

    /// `refused`: what was typed for one account and cannot be taken, and why.
    private func staffPage(
        _ request: Request, _ context: PageContext, status: HTTPResponse.Status,
        refused: (account: Int64, typed: StaffChange, why: String)?, notice: String?
    ) async throws -> Response {
        let accounts = try await store.accounts().filter { $0.role == .consultant && !$0.disabled }
        let rows = accounts.map { account in
            let own = refused?.account == account.id ? refused : nil
            let typed = own?.typed ?? StaffChange(account)
            return [
                "id": account.id, "name": account.displayName, "account": account.name, "groups": typed.groups,
                "languages": typed.languages, "skills": typed.skills, "problem": own?.why ?? "",
                "hasProblem": own != nil,
                "label": text("staff_save_label", context, ["name": account.displayName]),
            ]
        }
        let values: [String: Any] = ["rows": rows, "hasRows": !rows.isEmpty, "notice": notice ?? ""]
        return page(
            .init(template: "staff", title: "staff_title", status: status, values: values), request, context)
    }

    func changeStaff(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        guard let id = context.parameters.get("account").flatMap({ Int64($0) }),
            let account = try await store.account(id), account.role == .consultant, let visitor = context.visitor
        else { throw HTTPError(.notFound) }
        let typed = StaffChange(groups: form["groups"], languages: form["languages"], skills: form["skills"])
        do {
            try await switchboard.changeStaff(try typed.changing(account), visitor.account.name)
        } catch let problem as StaffChange.Problem {
            let why = self.why(problem, context)
            return try await staffPage(
                request, context, status: .unprocessableContent, refused: (id, typed, why), notice: nil)
        }
        return try await staffPage(
            request, context, status: .ok, refused: nil,
            notice: text("staff_saved", context, ["name": account.displayName]))
    }

    private func why(_ problem: StaffChange.Problem, _ context: PageContext) -> String {
        switch problem {
        case .noGroup(let typed): text("staff_no_group", context, ["typed": typed])
        case .noLanguage(let typed): text("staff_no_language", context, ["typed": typed])
        case .noSkill(let typed): text("staff_no_skill", context, ["typed": typed])
        }
    }
}
