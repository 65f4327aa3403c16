import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// Refreshing, logging out, and the list of one's sessions.
struct SessionRoutes: Sendable {
    private static let list = "sessions"

    let sessions: Sessions
    let grants: Grants

    var routes: [Route] {
        [
            Route(
                .post, "/auth/refresh", .anyone, body: .buffered(limit: AccountRoutes.bodyLimit), refresh),
            Route(.post, "/auth/logout", .user, body: .buffered(limit: AccountRoutes.bodyLimit), logOut),
            Route(.get, "/auth/sessions", .user, all),
            Route(.delete, "/auth/sessions/{id}", .user, end),
        ]
    }

    private struct Refresh: Decodable {
        var refreshToken: String

        enum CodingKeys: String, CodingKey {
            case refreshToken = "refresh_token"
        }
    }

    @Sendable private func refresh(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(Refresh.self)
        return try await grants.answer(try await sessions.refresh(body.refreshToken, from: Origin(request, context)))
    }

    private enum Scope: String, CaseIterable {
        case session, all
    }

    @Sendable private func logOut(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        var query = QueryReader(request)
        let scope: Scope? = query.choice("scope")
        try query.finish()
        let origin = Origin(request, context)
        if scope == .all {
            try await sessions.endAll(of: caller.userID, from: origin)
        } else {
            try await sessions.end(caller.sessionID, of: caller.userID, from: origin)
        }
        return .noContent
    }

    private struct SessionAnswer: Encodable {
        var id: Identifier
        @ExplicitNull var userAgent: String?
        @ExplicitNull var ip: String?
        var createdAt: Date
        var lastUsedAt: Date
        /// The one of the request's own token.
        var current: Bool

        enum CodingKeys: String, CodingKey {
            case id, ip, current
            case userAgent = "user_agent"
            case createdAt = "created_at"
            case lastUsedAt = "last_used_at"
        }
    }

    @Sendable private func all(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        var query = QueryReader(request)
        let page = query.page(of: Self.list, by: Int.self)
        try query.finish()
        let found = try await sessions.store.sessions(of: caller.userID, limit: page.limit, before: page.after)
        let total = page.countsExactly ? try await sessions.store.countSessions(of: caller.userID) : nil
        let numbered = try Page(found, for: page, list: Self.list, total: total, key: \.number)
        return try .json(
            numbered.map { session in
                SessionAnswer(
                    id: session.id, userAgent: session.userAgent, ip: session.address, createdAt: session.createdAt,
                    lastUsedAt: session.lastUsedAt, current: session.id == caller.sessionID)
            })
    }

    @Sendable private func end(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let session: Identifier = try context.parameter("id")
        try await sessions.end(session, of: caller.userID, from: Origin(request, context))
        return .noContent
    }
}
