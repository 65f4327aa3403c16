import FoundationEssentials
import WireProtocol

/// An account, without its password.
struct User: Sendable, Equatable {
    static let maximumDisplayNameLength = 200

    let id: Identifier
    var email: String
    var displayName: String?
    /// The language that its owner reads.
    var locale: LanguageTag?
    var role: Role
    var isEmailVerified: Bool
    var isDisabled: Bool
    /// Another after every change that a reader can see.
    var version: Int
    let createdAt: Date
    var updatedAt: Date
}

/// What is needed to judge a login.
struct Credentials: Sendable {
    let user: User
    /// `nil` when no password was set yet.
    let passwordHash: BcryptHash?
    /// The account was logged in to from this same address before.
    let knowsAddress: Bool
}

/// An account that is to be made.
struct NewUser: Sendable {
    var id = Identifier()
    var email: EmailAddress
    var passwordHash: BcryptHash?
    var displayName: String?
    var locale: LanguageTag?
    var role = Role.student
    var isEmailVerified = false
    /// What the identity server calls it, if one keeps it.
    var identity: Identifier?
}
