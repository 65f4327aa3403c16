import Hummingbird
import ServiceKit
import WireProtocol

/// Sign-up, login, and one's own account.
struct AccountRoutes: Sendable {
    /// No body here is longer: 64 KiB.
    static let bodyLimit = 1 << 16

    let accounts: Accounts
    let grants: Grants

    var routes: [Route] {
        [
            Route(.post, "/auth/signup", .anyone, body: .buffered(limit: Self.bodyLimit), signUp),
            Route(.post, "/auth/login", .anyone, body: .buffered(limit: Self.bodyLimit), logIn),
            Route(.get, "/auth/me", .user, me),
            Route(.patch, "/auth/me", .user, body: .buffered(limit: Self.bodyLimit), changeMe),
            Route(
                .post, "/auth/password/change", .user, body: .buffered(limit: Self.bodyLimit), changePassword),
        ]
    }

    private struct SignUp: Decodable {
        var email: String
        var password: String
        var displayName: String?
        var locale: LanguageTag?

        enum CodingKeys: String, CodingKey {
            case email, password, locale
            case displayName = "display_name"
        }
    }

    @Sendable private func signUp(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(SignUp.self)
        var validation = Validation()
        let email = validation.email(body.email)
        validation.newPassword(body.password, email: body.email)
        validation.displayName(body.displayName)
        try validation.finish()
        guard let email else { throw HTTPProblem.internalError() }
        let profile = Profile(displayName: body.displayName, locale: body.locale ?? request.wantedLanguage)
        let outcome = try await accounts.signUp(
            email, password: body.password, profile, from: Origin(request, context))
        return try await grants.answer(outcome, status: .created)
    }

    private struct LogIn: Decodable {
        var email: String
        var password: String
    }

    @Sendable private func logIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(LogIn.self)
        var validation = Validation()
        validation.text(body.email, "email", in: 1...EmailAddress.maximumLength)
        validation.knownPassword(body.password)
        try validation.finish()
        let outcome = try await accounts.logIn(
            email: body.email, password: body.password, from: Origin(request, context))
        return try await grants.answer(outcome)
    }

    @Sendable private func me(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await accounts.account(try context.requireCaller().userID)
        return try .resource(UserAnswer(user), etag: user.etag, for: request)
    }

    private struct ProfileChange: Decodable {
        var displayName: FieldChange<String>
        var locale: FieldChange<LanguageTag>

        enum CodingKeys: String, CodingKey {
            case locale
            case displayName = "display_name"
        }
    }

    @Sendable private func changeMe(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await accounts.account(try context.requireCaller().userID)
        try request.requireMatch(user.etag)
        let body = try await request.decode(ProfileChange.self)
        let profile = Profile(
            displayName: body.displayName.applied(to: user.displayName), locale: body.locale.applied(to: user.locale))
        var validation = Validation()
        validation.displayName(profile.displayName)
        try validation.finish()
        let changed =
            profile == user.profile
            ? user : try await accounts.changeProfile(of: user, to: profile, from: Origin(request, context))
        return try .changed(changed)
    }

    private struct PasswordChange: Decodable {
        var currentPassword: String
        var password: String

        enum CodingKeys: String, CodingKey {
            case password
            case currentPassword = "current_password"
        }
    }

    @Sendable private func changePassword(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let user = try await accounts.account(caller.userID)
        let body = try await request.decode(PasswordChange.self)
        var validation = Validation()
        validation.knownPassword(body.currentPassword, "current_password")
        validation.newPassword(body.password, email: user.email)
        try validation.finish()
        try await accounts.changePassword(
            of: user, from: body.currentPassword, to: body.password, keeping: caller.sessionID,
            from: Origin(request, context))
        return .noContent
    }
}
