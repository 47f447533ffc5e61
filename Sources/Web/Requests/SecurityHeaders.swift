// Headers that every answer carries, so that a browser helps to keep intruders out.

import Hummingbird

/// Added to pages, files and errors alike.
struct SecurityHeaders: RouterMiddleware {
    let isSecure: Bool

    /// No inline script or style, nothing from elsewhere, nobody may frame us. Bootstrap's icons are `data:` images.
    static let contentSecurityPolicy = [
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self' blob:",
        "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ]
    .joined(separator: "; ")

    func handle(
        _ request: Request, context: PageContext, next: @concurrent (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        set("Referrer-Policy", "same-origin", &response)
        set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(), payment=()", &response)
        set("Cross-Origin-Opener-Policy", "same-origin", &response)
        set("Cross-Origin-Resource-Policy", "same-origin", &response)
        set("X-Frame-Options", "DENY", &response)
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func set(_ name: String, _ value: String, _ response: inout Response) {
        guard let name = HTTPFields.Element.Name(name) else { return }
        response.headers[name] = value
    }
}

/// What no route answers, as a page.
struct ErrorPages: RouterMiddleware {
    let site: Site

    func handle(
        _ request: Request, context: PageContext, next: @concurrent (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            var context = context
            context.language = Language.choose(
                cookie: Sessions.cookie(Language.cookie, in: request.headers[values: .cookie]), account: nil,
                acceptLanguage: request.headers[.acceptLanguage])
            return site.failure(error, request, context)
        }
    }
}
