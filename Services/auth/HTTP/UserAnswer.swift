import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// A user as clients see one.
struct UserAnswer: Encodable {
    var id: Identifier
    var email: String
    @ExplicitNull var displayName: String?
    @ExplicitNull var locale: LanguageTag?
    var role: Role
    var emailVerified: Bool
    var disabled: Bool
    var createdAt: Date
    var updatedAt: Date

    init(_ user: User) {
        id = user.id
        email = user.email
        displayName = user.displayName
        locale = user.locale
        role = user.role
        emailVerified = user.isEmailVerified
        disabled = user.isDisabled
        createdAt = user.createdAt
        updatedAt = user.updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, email, locale, role, disabled
        case displayName = "display_name"
        case emailVerified = "email_verified"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension User {
    var etag: ETag { ETag(version) }
}

extension Response {
    /// An account after a change, with its new tag.
    static func changed(_ user: User) throws -> Response {
        try .json(UserAnswer(user), headers: [.eTag: user.etag.description])
    }
}
