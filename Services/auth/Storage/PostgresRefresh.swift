import Crypto
import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

/// Refreshing, in one transaction: whatever is killed when, either the presented token is still good or the client has
/// its successor, or gets it by presenting the token again.
struct PostgresRefresh: Sendable {
    let database: PostgresClient
    let lifetimes: Lifetimes
    let policy: TwoFactorPolicy

    func refresh(_ token: RefreshToken, from origin: Origin) async throws -> RefreshOutcome {
        try await database.withTransaction(retries: 3) { transaction in
            // Locks are taken in the same order everywhere: the user, then sessions.
            guard let user = try await lockUser(of: token, transaction),
                let session = try await lockSession(of: token, transaction),
                let (facts, now) = try await facts(of: token, session, user, transaction)
            else { return .refused }
            switch RefreshDecision(facts, at: now, grace: lifetimes.refreshGrace) {
            case .refuse:
                return .refused
            case .revokeSession:
                try await revoke(session.id, of: user, origin, transaction)
                return .reused
            case .repeatSuccessor(let nonce):
                return .repeated(
                    SessionGrant(
                        user: user, sessionID: session.id, authentication: session.authentication,
                        refreshToken: token.successor(nonce: nonce),
                        issuedAt: try await transaction.issueTime(for: user.id)))
            case .rotate:
                let nonce = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
                let successor = token.successor(nonce: nonce)
                try await use(token, nonce: nonce, transaction)
                try await transaction.insert(successor, session: session.id, lifetime: lifetimes.refreshToken)
                try await touch(session.id, origin, transaction)
                return .rotated(
                    SessionGrant(
                        user: user, sessionID: session.id, authentication: session.authentication,
                        refreshToken: successor,
                        issuedAt: try await transaction.issueTime(for: user.id)))
            }
        }
    }

    private struct LockedSession {
        let id: Identifier
        let isRevoked: Bool
        let authentication: Authentication
    }

    private func lockUser(of token: RefreshToken, _ transaction: PostgresTransaction) async throws -> User? {
        let rows = try await transaction.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = (SELECT user_id
                           FROM sessions
                           JOIN refresh_tokens ON refresh_tokens.session_id = sessions.id
                          WHERE hash = $1)
               FOR SHARE
            """, [token.hash])
        return try rows.only.map(User.init)
    }

    private func lockSession(of token: RefreshToken, _ transaction: PostgresTransaction) async throws
        -> LockedSession?
    {
        let rows = try await transaction.query(
            """
            SELECT id, revoked_at IS NOT NULL AS is_revoked, methods
              FROM sessions
             WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $1)
               FOR UPDATE
            """, [token.hash])
        return try rows.only.map { row in
            let id: UUID = try row["id"]
            return LockedSession(
                id: Identifier(id), isRevoked: try row["is_revoked"],
                authentication: try Authentication(column: try row["methods"]))
        }
    }

    /// Read only when the session is locked, so that of two uses at once the later sees the earlier.
    private func facts(
        of token: RefreshToken, _ session: LockedSession, _ user: User, _ transaction: PostgresTransaction
    ) async throws -> (RefreshDecision.Facts, now: Date)? {
        let rows = try await transaction.query(
            """
            SELECT expires_at, used_at, successor_nonce, clock_timestamp() AS now
              FROM refresh_tokens
             WHERE hash = $1
            """, [token.hash])
        return try rows.only.map { row in
            let facts = RefreshDecision.Facts(
                expiresAt: try row["expires_at"], usedAt: try row["used_at"],
                successorNonce: try row["successor_nonce"],
                isSessionLive: !session.isRevoked && !user.isDisabled
                    && policy.admits(session.authentication, to: user.role))
            return (facts, try row["now"])
        }
    }

    private func use(_ token: RefreshToken, nonce: [UInt8], _ transaction: PostgresTransaction) async throws {
        try await transaction.query(
            """
            UPDATE refresh_tokens
               SET used_at = clock_timestamp(), successor_nonce = $2
             WHERE hash = $1
            """, [token.hash, nonce])
    }

    private func touch(_ session: Identifier, _ origin: Origin, _ transaction: PostgresTransaction) async throws {
        try await transaction.query(
            """
            UPDATE sessions
               SET last_used_at = now(), expires_at = now() + make_interval(secs => $2), user_agent = $3, ip = $4
             WHERE id = $1
            """, [session.rawValue, lifetimes.refreshToken.seconds, origin.userAgent, origin.address])
    }

    private func revoke(
        _ session: Identifier, of user: User, _ origin: Origin, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.revokeSession(session, of: user.id)
        try await transaction.append(
            AuditEntry(
                action: .refreshReused, target: user.id, origin: origin,
                detail: ["session": .string(session.description)]))
    }
}
