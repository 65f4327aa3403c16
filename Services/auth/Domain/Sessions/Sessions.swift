import Metrics
import WireProtocol

/// What becomes of sessions after they were opened.
struct Sessions: Sendable {
    let store: any SessionStore
    let state: TokenState

    /// - Throws: ``AuthError/refreshRefused``.
    func refresh(_ text: String, from origin: Origin) async throws -> SessionGrant {
        guard let token = RefreshToken(text) else {
            Self.count("refused")
            throw AuthError.refreshRefused
        }
        switch try await store.refresh(token, from: origin) {
        case .rotated(let grant):
            Self.count("rotated")
            return grant
        case .repeated(let grant):
            Self.count("repeated")
            return grant
        case .reused:
            Self.count("reused")
            await state.follow()
            throw AuthError.refreshRefused
        case .refused:
            Self.count("refused")
            throw AuthError.refreshRefused
        }
    }

    /// - Throws: ``AuthError/notFound`` when the user has no such session.
    func end(_ session: Identifier, of user: Identifier, from origin: Origin) async throws {
        let entry = AuditEntry(
            action: .loggedOut, actor: user, target: user, origin: origin,
            detail: ["session": .string(session.description)])
        guard try await store.revoke(session, of: user, entry) else { throw AuthError.notFound }
        await state.follow()
    }

    func endAll(of user: Identifier, from origin: Origin) async throws {
        let entry = AuditEntry(action: .loggedOutEverywhere, actor: user, target: user, origin: origin)
        try await store.revokeAll(of: user, entry)
        await state.follow()
    }

    private static func count(_ outcome: String) {
        Counter(label: "auth_refreshes_total", dimensions: [("outcome", outcome)]).increment()
    }
}
