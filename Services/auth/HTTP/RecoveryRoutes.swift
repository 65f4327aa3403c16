import Hummingbird
import ServiceKit

/// Forgotten passwords.
struct RecoveryRoutes: Sendable {
    let recovery: PasswordRecovery

    var routes: [Route] {
        [
            Route(.post, "/auth/password/forgot", .anyone, body: .buffered(limit: AccountRoutes.bodyLimit), forgot),
            Route(.post, "/auth/password/reset", .anyone, body: .buffered(limit: AccountRoutes.bodyLimit), reset),
        ]
    }

    private struct Forgotten: Decodable {
        var email: String
    }

    @Sendable private func forgot(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Forgotten.self)
        var validation = Validation()
        let email = validation.email(body.email)
        try validation.finish()
        guard let email else { throw HTTPProblem.internalError() }
        try await recovery.forgot(email, language: request.wantedLanguage, from: Origin(request, context))
        return Response(status: .accepted)
    }

    private struct Reset: Decodable {
        var token: String
        var password: String
    }

    @Sendable private func reset(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Reset.self)
        let (token, user) = try await recovery.account(of: body.token)
        var validation = Validation()
        validation.newPassword(body.password, email: user.email)
        try validation.finish()
        try await recovery.reset(user, by: token, to: body.password, from: Origin(request, context))
        return .noContent
    }
}
