import FoundationEssentials
import Postgres
import WireProtocol

extension User {
    /// From the columns of `users`.
    init(_ row: PostgresRow) throws {
        let id: UUID = try row["id"]
        let verifiedAt: Date? = try row["email_verified_at"]
        let disabledAt: Date? = try row["disabled_at"]
        self.init(
            id: Identifier(id), email: try row["email"], displayName: try row["display_name"],
            locale: try LanguageTag(column: try row["locale"]), role: try Role(column: try row["role"]),
            isEmailVerified: verifiedAt != nil, isDisabled: disabledAt != nil, version: try row["version"],
            createdAt: try row["created_at"], updatedAt: try row["updated_at"])
    }
}

extension PostgresExecutor {
    func user(_ id: Identifier) async throws -> User? {
        let rows = try await query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = $1
            """, [id.rawValue])
        return try rows.only.map(User.init)
    }
}

extension LanguageTag {
    /// `nil` for NULL.
    fileprivate init?(column: String?) throws {
        guard let column else { return nil }
        guard let tag = LanguageTag(column) else { throw UnreadableColumn(table: "users", column: "locale") }
        self = tag
    }
}

extension Role {
    init(column: String) throws {
        guard let role = Role(rawValue: column) else { throw UnreadableColumn(table: "users", column: "role") }
        self = role
    }
}

extension BcryptHash {
    /// `nil` for NULL.
    static func from(column: String?) throws -> BcryptHash? {
        guard let column else { return nil }
        guard let hash = BcryptHash(column) else {
            throw UnreadableColumn(table: "users", column: "password_hash")
        }
        return hash
    }
}

/// Something in the database is not what this version of the service writes.
struct UnreadableColumn: Error {
    let table: String
    let column: String
}
