import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

/// What the operator's commands work with: the same parts as the service's, without the service.
struct Console: Sendable {
    let administration: UserAdministration
    let audit: any AuditLog
    /// For the audit log.
    let origin: Origin

    private let accounts: any AccountStore

    /// - Throws: what `body` throws, for people to read.
    static func run(_ body: @Sendable @escaping (Console) async throws -> Void) async throws {
        do {
            try await AuthService.withDatabase { settings, database, logger in
                let parts = AuthParts(settings, database: database, logger: logger)
                try await body(
                    Console(
                        administration: parts.administration, audit: PostgresAuditLog(database: database),
                        origin: Origin(
                            address: "console", userAgent: nil, requestID: "console-\(Identifier())"),
                        accounts: parts.accounts.store))
            }
        } catch let error as AuthError {
            throw CommandRefused(description: error.consoleMessage)
        }
    }

    /// - Parameter text: an e-mail address or an id.
    /// - Throws: ``AuthError/notFound``.
    func user(_ text: String) async throws -> User {
        let user =
            if let id = Identifier(text) {
                try await accounts.user(id)
            } else {
                try await accounts.credentials(email: text, address: origin.address)?.user
            }
        guard let user else { throw AuthError.notFound }
        return user
    }
}

extension AuthError {
    fileprivate var consoleMessage: String {
        switch self {
        case .emailTaken: "there is an account with this e-mail address already"
        case .notFound: "there is no such account"
        case .changedMeanwhile: "somebody else changed the account at the same time; try again"
        default: "refused: \(self)"
        }
    }
}
