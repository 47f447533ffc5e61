// Every address that is answered, and who may use it. The test of rights walks this list.

import Hummingbird

/// One line of the list.
struct Route: Sendable {
    var method: HTTPRequest.Method
    var path: RouterPath
    var access: Access
    var answer: @Sendable (Site, Request, PageContext) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: RouterPath, _ access: Access,
        _ answer: @escaping @Sendable (Site, Request, PageContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.answer = answer
    }

    static func all(_ configuration: WebConfiguration) -> [Route] {
        [
            Route(.get, "/health", .files) { site, _, _ in site.health() },
            Route(.get, "/assets/bootstrap/**", .files) { try await $0.bootstrap($1, $2) },
            Route(.get, "/assets/codemirror/**", .files) { try await $0.codemirror($1, $2) },
            Route(.get, "/assets/**", .files) { try await $0.asset($1, $2) },

            Route(.get, "/login", .everyone) { $0.loginPage($1, $2) },
            Route(.post, "/login", .everyone) { try await $0.logIn($1, $2) },
            Route(.post, "/logout", .everyone) { try await $0.logOut($1, $2) },
            Route(.post, "/language", .everyone) { try await $0.chooseLanguage($1, $2) },
            Route(.get, "/password", .account) { $0.passwordPage($1, $2) },
            Route(.post, "/password", .account) { try await $0.changePassword($1, $2) },
            Route(.get, "/", .anyRole) { $0.home($1, $2) },

            Route(.get, "/consultant", .consultants) { $0.consultantPage($1, $2) },
            Route(.get, "/board", .overseers) { $0.boardPage($1, $2) },
            Route(.get, "/api/board", .overseers) { site, _, _ in await site.board() },
            Route(.get, "/recordings", .supervisors) { try await $0.recordingsPage($1, $2) },
            Route(.get, "/recordings/{contact}/{format}", .supervisors) { try await $0.recording($1, $2) },
            Route(.get, "/followups", .supervisors) { try await $0.followUpsPage($1, $2) },
            Route(.post, "/followups/{id}", .supervisors) { try await $0.handleFollowUp($1, $2) },
            Route(.post, "/followups/{id}/send", .supervisors) { try await $0.sendAgain($1, $2) },
            Route(.get, "/messages/{id}/{format}", .supervisors) { try await $0.messageSound($1, $2) },
            Route(.get, "/staff", .overseers) { try await $0.staffPage($1, $2) },
            Route(.post, "/staff/{account}", .overseers) { try await $0.changeStaff($1, $2) },
            Route(.get, "/hotlines", .administrators) { try await $0.hotlinesPage($1, $2) },
            Route(.get, "/hotlines/{file}", .administrators) { try await $0.hotlinePage($1, $2) },
            Route(.post, "/newhotline", .administrators) { try await $0.makeHotline($1, $2) },
            Route(.get, "/hotlines/{file}/delete", .administrators) { try await $0.hotlineDeletionPage($1, $2) },
            Route(.post, "/hotlines/{file}/delete", .administrators) { try await $0.deleteHotline($1, $2) },
            Route(.post, "/hotlines/{file}/back", .administrators) { try await $0.bringBackHotline($1, $2) },
            Route(.get, "/api/hotlines/{file}", .administrators) { try await $0.hotlineFile($1, $2) },
            Route(.post, "/api/hotlines/{file}/{question}", .administrators) { try await $0.hotlineQuestion($1, $2) },
            Route(.get, "/api/hotlines/{file}/versions", .administrators) { try await $0.hotlineVersions($1, $2) },
            Route(.get, "/api/hotlines/{file}/versions/{number}", .administrators) {
                try await $0.hotlineVersion($1, $2)
            },
            Route(.get, "/contacts/{contact}", .supervisors) { try await $0.contactPage($1, $2) },
            Route(.get, "/prompts", .administrators) { try await $0.promptsPage($1, $2) },
            Route(.get, "/prompts/script", .administrators) { try await $0.promptScript($1, $2) },
            Route(.get, "/prompts/sound", .administrators) { try await $0.promptSound($1, $2) },
            Route(.get, "/prompts/prompt", .administrators) { try await $0.promptPage($1, $2) },
            Route(.post, "/prompts/prompt", .administrators) { try await $0.changeTakes($1, $2) },
            Route(.get, "/prompts/phone", .administrators) { try await $0.phoneStudioPage($1, $2) },
            Route(.post, "/prompts/phone", .administrators) { try await $0.changePIN($1, $2) },
            Route(.post, "/api/prompts/takes", .administrators) { try await $0.addTake($1, $2) },
            Route(.post, "/api/prompts/use", .administrators) { try await $0.useTakes($1, $2) },
            Route(.get, "/call", configuration.publicCallPage ? .everyone : .anyRole) { await $0.callPage($1, $2) },
        ]
    }
}
