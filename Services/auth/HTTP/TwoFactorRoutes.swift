import Hummingbird
import ServiceKit
import WireProtocol

/// One's own second factor, and an administrator's help for who has lost it.
struct TwoFactorRoutes: Sendable {
    let twoFactor: TwoFactor
    /// What apps show as the name of this installation.
    let issuer: String

    var routes: [Route] {
        let body = Route.Body.buffered(limit: AccountRoutes.bodyLimit)
        return [
            Route(.get, "/auth/two-factor", .user, state),
            Route(.post, "/auth/two-factor", .user, body: body, begin),
            Route(.post, "/auth/two-factor/confirm", .user, body: body, confirm),
            Route(.post, "/auth/two-factor/recovery-codes", .user, body: body, replaceRecoveryCodes),
            Route(.post, "/auth/two-factor/disable", .user, body: body, disable),
            Route(.delete, "/auth/users/{id}/two-factor", .role(.admin), reset),
        ]
    }

    @Sendable private func state(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await twoFactor.accounts.account(try context.requireCaller().userID)
        let state = try await twoFactor.store.state(of: user.id)
        return try .json(
            TwoFactorAnswer(
                enabled: state.confirmedAt != nil, required: twoFactor.policy.requires(of: user.role),
                confirmedAt: state.confirmedAt, recoveryCodesLeft: state.recoveryCodesLeft))
    }

    private struct Beginning: Decodable {
        var currentPassword: String

        enum CodingKeys: String, CodingKey {
            case currentPassword = "current_password"
        }
    }

    @Sendable private func begin(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await twoFactor.accounts.account(try context.requireCaller().userID)
        let body = try await request.decode(Beginning.self)
        var validation = Validation()
        validation.knownPassword(body.currentPassword, "current_password")
        try validation.finish()
        let authenticator = try await twoFactor.begin(
            for: user, password: body.currentPassword, from: Origin(request, context))
        return try .secret(AuthenticatorAnswer(authenticator, account: user.email, issuer: issuer))
    }

    private struct Confirmation: Decodable {
        var code: String
    }

    @Sendable private func confirm(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let user = try await twoFactor.accounts.account(caller.userID)
        let code = try SecondFactor(valid: try await request.decode(Confirmation.self).code)
        let codes = try await twoFactor.confirm(
            code, of: user, keeping: caller.sessionID, from: Origin(request, context))
        return try .secret(RecoveryCodesAnswer(codes))
    }

    @Sendable private func replaceRecoveryCodes(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await twoFactor.accounts.account(try context.requireCaller().userID)
        let proof = try await proof(request)
        return try .secret(
            RecoveryCodesAnswer(
                try await twoFactor.replaceRecoveryCodes(of: user, proof, from: Origin(request, context))))
    }

    @Sendable private func disable(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await twoFactor.accounts.account(try context.requireCaller().userID)
        let proof = try await proof(request)
        try await twoFactor.disable(for: user, proof, from: Origin(request, context))
        return .noContent
    }

    @Sendable private func reset(_ request: Request, _ context: APIContext) async throws -> Response {
        try await twoFactor.reset(
            try context.parameter("id"), by: try context.requireCaller().userID, from: Origin(request, context))
        return .noContent
    }

    private struct ProofBody: Decodable {
        var code: String?
        var currentPassword: String?

        enum CodingKeys: String, CodingKey {
            case code
            case currentPassword = "current_password"
        }
    }

    private func proof(_ request: Request) async throws -> TwoFactor.Proof {
        let body = try await request.decode(ProofBody.self)
        if let code = body.code { return .code(try SecondFactor(valid: code)) }
        guard let password = body.currentPassword else {
            throw HTTPProblem.invalid("code", "is missing; current_password would do as well")
        }
        var validation = Validation()
        validation.knownPassword(password, "current_password")
        try validation.finish()
        return .password(password)
    }
}
