// What callers left for people to do: messages to be heard, callers to be called back.

import Calls
import Hummingbird
import Store

extension Site {
    func followUpsPage(_ request: Request, _ context: PageContext) async throws -> Response {
        let isAll = Form(parsing: request.uri.query ?? "")["all"] == "1"
        let found = try await store.followUps(openOnly: !isAll)
        let values: [String: Any] = [
            "isAll": isAll, "rows": found.map { row($0, context) }, "hasRows": !found.isEmpty,
        ]
        return page(.init(template: "followups", title: "followups_title", values: values), request, context)
    }

    private func row(_ item: FollowUp, _ context: PageContext) -> [String: Any] {
        let number = item.number ?? text("contact_withheld", context)
        let at = renderer.moments.minute(item.at)
        var values: [String: Any] = [
            "id": item.id, "contact": item.contact, "at": at, "iso": renderer.moments.machine(item.at),
            "kind": renderer.texts.word("followup", item.kind.rawValue, context.language), "number": number,
            "hotline": item.hotline ?? "", "place": item.place, "isMessage": item.recording != nil,
            "length": item.duration.map { Moments.length($0) } ?? "", "isDone": item.handled != nil,
            "label": text("followups_play_label", context, ["caller": number, "began": at]),
            "doneLabel": text("followups_done_label", context, ["caller": number, "began": at]),
        ]
        if let delivery = item.delivery {
            values["sending"] = sending(delivery, context)
            values["sendingState"] = delivery.state.rawValue
            values["isGivenUp"] = delivery.state == .failed
            values["againLabel"] = text("followups_again_label", context, ["caller": number, "began": at])
        }
        if let handled = item.handled {
            values["done"] = text(
                "followups_done_by", context,
                ["name": item.handledBy ?? "", "time": renderer.moments.minute(handled)])
        }
        return values
    }

    /// What became of a message that goes to an address as well.
    private func sending(_ delivery: Delivery, _ context: PageContext) -> String {
        let status = delivery.status.map { " (\($0))" } ?? ""
        let reason = delivery.reason.map { renderer.texts.word("post", $0, context.language) + status } ?? ""
        // Of a URL no more than the host: the rest may hold a secret.
        let host =
            delivery.destination.contains("://") ? delivery.destination.split(separator: "/").dropFirst().first : nil
        let to = host.map { String($0.prefix { $0 != "?" }) } ?? delivery.destination
        let ended = delivery.ended.map { renderer.moments.minute($0) } ?? ""
        switch delivery.state {
        case .sent: return text("followups_sent", context, ["to": to, "time": ended])
        case .failed: return text("followups_failed", context, ["to": to, "time": ended, "reason": reason])
        case .waiting where delivery.attempts == 0: return text("followups_sending", context, ["to": to])
        case .waiting:
            return text(
                "followups_postponed", context,
                ["to": to, "reason": reason, "time": renderer.moments.minute(delivery.due)])
        }
    }

    /// A message that was given up is to be sent after all; one that somebody else sends again already is left alone.
    func sendAgain(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        guard let id = context.parameters.get("id"), Self.isFollowUpID(id), try await store.followUp(id) != nil else {
            throw HTTPError(.notFound)
        }
        if try await switchboard.sendAgain(id) {
            try await store.append(
                AuditEntry(
                    at: Store.wallClock(), actor: context.visitor?.account.name, action: "message sent again",
                    subject: id, source: context.remote))
        }
        return Self.redirect(form["all"] == "1" ? "/followups?all=1" : "/followups")
    }

    /// "Done", and "not done after all".
    func handleFollowUp(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = try await Form(of: request)
        guard let id = context.parameters.get("id"), Self.isFollowUpID(id),
            let name = context.visitor?.account.displayName
        else { throw HTTPError(.notFound) }
        let isDone = form["done"] == "1"
        guard try await store.setHandled(followUp: id, by: isDone ? name : nil, at: Store.wallClock()) else {
            throw HTTPError(.notFound)
        }
        try await store.append(
            AuditEntry(
                at: Store.wallClock(), actor: context.visitor?.account.name,
                action: isDone ? "follow-up done" : "follow-up reopened", subject: id, source: context.remote))
        return Self.redirect(form["all"] == "1" ? "/followups?all=1" : "/followups")
    }

    func messageSound(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let id = context.parameters.get("id"), Self.isFollowUpID(id) else { throw HTTPError(.notFound) }
        return try await sound(id, by: switchboard.message, request, context)
    }

    /// A contact's id, a hyphen and a number.
    static func isFollowUpID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 && isContactID(parts[0]) && (1...3).contains(parts[1].utf8.count)
            && parts[1].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
