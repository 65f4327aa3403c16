import Hummingbird
import ServiceKit

/// Whether an account's e-mail address is its owner's.
struct EmailRoutes: Sendable {
    let accounts: Accounts
    let verification: EmailVerification

    var routes: [Route] {
        [
            Route(.post, "/auth/email/verify", .anyone, body: .buffered(limit: AccountRoutes.bodyLimit), verify),
            Route(.post, "/auth/email/resend", .user, body: .buffered(limit: AccountRoutes.bodyLimit), resend),
        ]
    }

    private struct Proof: Decodable {
        var token: String
    }

    @Sendable private func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Proof.self)
        try await verification.verify(body.token, from: Origin(request, context))
        return .noContent
    }

    @Sendable private func resend(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await accounts.account(try context.requireCaller().userID)
        try await verification.resend(to: user, from: Origin(request, context))
        return Response(status: .accepted)
    }
}
