import Hummingbird
import ServiceKit
import WireProtocol

/// Accounts, for administrators.
struct UserRoutes: Sendable {
    private static let list = "users"

    let administration: UserAdministration

    var routes: [Route] {
        [
            Route(.get, "/auth/users", .role(.admin), all),
            Route(
                .post, "/auth/users", .role(.admin), body: .buffered(limit: AccountRoutes.bodyLimit), create),
            Route(.get, "/auth/users/{id}", .role(.admin), one),
            Route(
                .patch, "/auth/users/{id}", .role(.admin), body: .buffered(limit: AccountRoutes.bodyLimit), change),
            Route(.delete, "/auth/users/{id}", .role(.admin), delete),
        ]
    }

    @Sendable private func all(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = UserFilter(text: query.string("q"), role: query.choice("role"))
        let page = query.page(of: Self.list, by: String.self)
        try query.finish()
        let directory = administration.directory
        let users = try await directory.users(filter, limit: page.limit, after: page.after)
        let total = page.countsExactly ? try await directory.count(filter) : nil
        let found = try Page(users, for: page, list: Self.list, total: total, key: \.email)
        return try .json(found.map(UserAnswer.init))
    }

    private struct Creation: Decodable {
        var email: String
        var password: String?
        var displayName: String?
        var locale: LanguageTag?
        var role: String

        enum CodingKeys: String, CodingKey {
            case email, password, locale, role
            case displayName = "display_name"
        }
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let actor = try context.requireCaller().userID
        let body = try await request.decode(Creation.self)
        var validation = Validation()
        let email = validation.email(body.email)
        let role = validation.role(body.role)
        if let password = body.password { validation.newPassword(password, email: body.email) }
        validation.displayName(body.displayName)
        try validation.finish()
        guard let email, let role else { throw HTTPProblem.internalError() }
        let user = try await administration.create(
            email, password: body.password, Profile(displayName: body.displayName, locale: body.locale), role: role,
            by: actor, from: Origin(request, context))
        return try .created(
            UserAnswer(user), at: "/auth/users/\(user.id)", headers: [.eTag: user.etag.description])
    }

    @Sendable private func one(_ request: Request, _ context: APIContext) async throws -> Response {
        let user = try await user(context)
        return try .resource(UserAnswer(user), etag: user.etag, for: request)
    }

    private struct Change: Decodable {
        var role: String?
        var disabled: Bool?
        var displayName: FieldChange<String>

        enum CodingKeys: String, CodingKey {
            case role, disabled
            case displayName = "display_name"
        }
    }

    @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let actor = try context.requireCaller().userID
        let user = try await user(context)
        try request.requireMatch(user.etag)
        let body = try await request.decode(Change.self)
        let name = body.displayName.applied(to: user.displayName)
        var validation = Validation()
        let role = body.role.flatMap { validation.role($0) }
        validation.displayName(name)
        try validation.finish()
        let change = UserChange(role: role, isDisabled: body.disabled, displayName: .some(name))
        let changed = try await administration.change(user, change, by: actor, from: Origin(request, context))
        return try .changed(changed)
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let actor = try context.requireCaller().userID
        let user = try await user(context)
        var version: Int?
        if request.headers[.ifMatch] != nil {
            try request.requireMatch(user.etag)
            version = user.version
        }
        try await administration.delete(user.id, version: version, by: actor, from: Origin(request, context))
        return .noContent
    }

    private func user(_ context: APIContext) async throws -> User {
        guard let user = try await administration.directory.user(try context.parameter("id")) else {
            throw AuthError.notFound
        }
        return user
    }
}

extension Validation {
    fileprivate mutating func role(_ text: String) -> Role? {
        let role = Role(rawValue: text)
        check(role != nil, "role", "must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
        return role
    }
}
