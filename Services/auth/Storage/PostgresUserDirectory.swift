import Postgres
import ServiceKit
import WireProtocol

struct PostgresUserDirectory: UserDirectory {
    let database: PostgresClient
    let outbox: Outbox
    let news: IdentityNews

    func users(_ filter: UserFilter, limit: Int, after email: String?) async throws -> [User] {
        let rows = try await database.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE ($1::text IS NULL OR role = $1)
               AND ($2::text IS NULL OR email::text ILIKE $2 OR display_name ILIKE $2)
               AND email > coalesce($3::citext, '')
             ORDER BY email
             LIMIT $4
            """, [filter.role?.rawValue, filter.pattern, email, limit + 1])
        return try rows.map(User.init)
    }

    func count(_ filter: UserFilter) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(*) AS total
              FROM users
             WHERE ($1::text IS NULL OR role = $1)
               AND ($2::text IS NULL OR email::text ILIKE $2 OR display_name ILIKE $2)
            """, [filter.role?.rawValue, filter.pattern])
        return try rows[0]["total"]
    }

    func user(_ id: Identifier) async throws -> User? {
        try await database.user(id)
    }

    func create(_ user: NewUser, _ entry: AuditEntry) async throws -> User {
        try await database.withTransaction { transaction in
            let made = try await transaction.insert(user)
            try await transaction.append(entry)
            return made
        }
    }

    func change(
        _ user: Identifier, version: Int, _ change: UserChange, by actor: Identifier?, from origin: Origin
    ) async throws -> User {
        try await database.withTransaction(retries: 3) { transaction in
            let old = try await transaction.lock(user, for: actor)
            guard old.version == version else { throw AuthError.changedMeanwhile }
            let name = change.displayName ?? old.displayName
            let role = change.role ?? old.role
            let isDisabled = change.isDisabled ?? old.isDisabled
            let rows = try await transaction.query(
                """
                UPDATE users
                   SET display_name = $2, role = $3,
                       disabled_at = CASE WHEN $4::boolean THEN coalesce(disabled_at, now()) END,
                       version = version + 1, updated_at = clock_timestamp()
                 WHERE id = $1
                RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version,
                          created_at, updated_at
                """, [user.rawValue, name, role.rawValue, isDisabled])
            if role != old.role || isDisabled && !old.isDisabled { try await transaction.revokeTokens(of: user) }
            if isDisabled && !old.isDisabled { try await transaction.revokeSessions(of: user) }
            let new = try User(rows[0])
            for entry in AuditEntry.entries(from: old, to: new, by: actor, from: origin) {
                try await transaction.append(entry)
            }
            try await news.append(user, enabling: old.isDisabled && !isDisabled, in: transaction)
            return new
        }
    }

    func setPassword(of user: Identifier, to hash: BcryptHash?, _ entry: AuditEntry) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            let user = try await transaction.lock(user, for: nil)
            try await transaction.replacePassword(of: user, with: hash, entry)
        }
    }

    func delete(_ user: Identifier, version: Int?, by actor: Identifier?, _ entry: AuditEntry) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            let old = try await transaction.lock(user, for: actor)
            guard version == nil || version == old.version else { throw AuthError.changedMeanwhile }
            try await transaction.append(entry)
            try await news.append(user, in: transaction)
            try await transaction.erase(user, telling: outbox)
        }
    }
}

extension PostgresTransaction {
    /// Locks an account for a change by an administrator, who must still be one: two who demote each other at once
    /// would otherwise leave none.
    ///
    /// - Throws: ``AuthError/notFound``, ``AuthError/noLongerAdmin``.
    fileprivate func lock(_ user: Identifier, for actor: Identifier?) async throws -> User {
        let rows = try await query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id IN ($1, $2)
             ORDER BY id
               FOR UPDATE
            """, [user.rawValue, actor?.rawValue])
        let users = try rows.map(User.init)
        if let actor {
            guard let actor = users.first(where: { $0.id == actor }), actor.role == .admin, !actor.isDisabled else {
                throw AuthError.noLongerAdmin
            }
        }
        guard let user = users.first(where: { $0.id == user }) else { throw AuthError.notFound }
        return user
    }
}

extension UserFilter {
    /// For ILIKE, with the text's own wildcards escaped.
    fileprivate var pattern: String? {
        text.map { text in
            let escaped = text.replacing(#"\"#, with: #"\\"#).replacing("%", with: #"\%"#).replacing("_", with: #"\_"#)
            return "%\(escaped)%"
        }
    }
}
