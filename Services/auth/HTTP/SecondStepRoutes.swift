import Hummingbird
import ServiceKit
import WireProtocol

/// A login's second step, by the challenge that the first one answered.
struct SecondStepRoutes: Sendable {
    let steps: SecondStep
    let grants: Grants
    /// What apps show as the name of this installation.
    let issuer: String

    var routes: [Route] {
        let body = Route.Body.buffered(limit: AccountRoutes.bodyLimit)
        return [
            Route(.post, "/auth/login/two-factor", .anyone, body: body, complete),
            Route(.post, "/auth/login/enrolment", .anyone, body: body, beginEnrolment),
            Route(.post, "/auth/login/enrolment/confirm", .anyone, body: body, completeEnrolment),
        ]
    }

    private struct Completion: Decodable {
        var challengeToken: String
        var code: String

        enum CodingKeys: String, CodingKey {
            case code
            case challengeToken = "challenge_token"
        }
    }

    @Sendable private func complete(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Completion.self)
        let code = try SecondFactor(valid: body.code)
        return try await grants.answer(
            try await steps.complete(body.challengeToken, code, from: Origin(request, context)), marking: true)
    }

    private struct Beginning: Decodable {
        var challengeToken: String

        enum CodingKeys: String, CodingKey {
            case challengeToken = "challenge_token"
        }
    }

    @Sendable private func beginEnrolment(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Beginning.self)
        let (user, authenticator) = try await steps.beginEnrolment(body.challengeToken)
        return try .secret(AuthenticatorAnswer(authenticator, account: user.email, issuer: issuer))
    }

    @Sendable private func completeEnrolment(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Completion.self)
        let code = try SecondFactor(valid: body.code)
        let (grant, codes) = try await steps.completeEnrolment(
            body.challengeToken, code, from: Origin(request, context))
        return try await grants.answer(grant, recoveryCodes: codes, marking: true)
    }
}
