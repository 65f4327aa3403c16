import Hummingbird
import ServiceKit

/// All that is held on oneself: to take along, and to have deleted.
struct PersonalDataRoutes: Sendable {
    let accounts: Accounts
    let data: OwnData

    var routes: [Route] {
        [
            Route(.get, "/auth/me/export", .user, export),
            Route(.delete, "/auth/me", .user, body: .buffered(limit: AccountRoutes.bodyLimit), erase),
        ]
    }

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await accounts.account(try context.requireCaller().userID)
        let answer = PersonalDataAnswer(try await data.export(of: user))
        return try .json(
            answer,
            headers: [
                .cacheControl: "no-store", .contentDisposition: #"attachment; filename="lyceum-account.json""#,
            ])
    }

    private struct Confirmation: Decodable {
        var currentPassword: String

        enum CodingKeys: String, CodingKey {
            case currentPassword = "current_password"
        }
    }

    @Sendable private func erase(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await accounts.account(try context.requireCaller().userID)
        let body = try await request.decode(Confirmation.self)
        var validation = Validation()
        validation.knownPassword(body.currentPassword, "current_password")
        try validation.finish()
        try await data.erase(user, password: body.currentPassword, from: Origin(request, context))
        return .noContent
    }
}
