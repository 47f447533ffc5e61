// Pages that a script keeps alive: the consultant's phone, the board, the call from a browser; and the home page.

import Calls
import Hummingbird
import Store

extension Site {
    func home(_ request: Request, _ context: PageContext) -> Response {
        let account = context.visitor?.account
        if account?.role == .consultant { return Self.redirect("/consultant") }
        let tiles = Renderer.pages(for: account).map { page in
            ["path": page.path, "label": text("nav_" + page.name, context), "text": text("home_" + page.name, context)]
        }
        let greeting = text("home_greeting", context, ["name": account?.displayName ?? ""])
        return page(
            .init(template: "home", title: "home_title", values: ["tiles": tiles, "greeting": greeting]), request,
            context)
    }

    func consultantPage(_ request: Request, _ context: PageContext) -> Response {
        page(.init(template: "consultant", title: "consultant_title", script: "consultant"), request, context)
    }

    func boardPage(_ request: Request, _ context: PageContext) -> Response {
        page(.init(template: "board", title: "board_title", script: "board"), request, context)
    }

    func board() async -> Response { Self.json(.ok, await switchboard.board()) }

    func callPage(_ request: Request, _ context: PageContext) async -> Response {
        let hotlines = await switchboard.hotlines().compactMap { hotline -> [String: Any]? in
            guard let number = hotline.numbers.first else { return ["title": hotline.title, "number": hotline.name] }
            return ["title": hotline.title, "number": number]
        }
        let values: [String: Any] = [
            "hotlines": hotlines, "hasHotlines": !hotlines.isEmpty, "firstNumber": hotlines.first?["number"] ?? "",
        ]
        return page(
            .init(template: "call", title: "call_page_title", script: "call", values: values), request, context)
    }

    /// For a load balancer or a watchman: answers while requests are served.
    func health() -> Response { Self.json(.ok, ["status": "ok"]) }
}
