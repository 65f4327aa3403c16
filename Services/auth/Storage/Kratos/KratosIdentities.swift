import Logging
import WireProtocol

/// Accounts that an Ory Kratos keeps, with their passwords: whoever proves one there gets auth's own sessions and tokens.
struct KratosIdentities: IdentityStore {
    let flows: KratosFlows
    let admin: KratosAdmin
    let shadows: any Shadows
    let logger: Logger

    init(_ client: KratosClient, shadows: any Shadows, logger: Logger) {
        flows = KratosFlows(client: client)
        admin = KratosAdmin(client: client)
        self.shadows = shadows
        self.logger = logger
    }

    func register(_ email: EmailAddress, password: String, displayName: String?) async throws -> NewUser {
        try await refuseOwn(email)
        let identity = try await flows.register(email, password: password, displayName: displayName)
        return try await newUser(identity)
    }

    func prove(_ password: String, email: String, _ known: Credentials?) async throws -> PasswordProof? {
        guard let session = try await flows.logIn(email, password: password) else { return nil }
        try await flows.end(session.token)
        do {
            return PasswordProof(user: try await adopted(session.identity), passwordHash: nil)
        } catch AuthError.emailTaken, AuthError.accountGone {
            return nil
        }
    }

    func isRight(_ password: String, of user: User) async throws -> Bool {
        guard let session = try await session(of: user, password) else { return false }
        try await flows.end(session.token)
        return true
    }

    /// Kratos does so itself.
    func renew(_ proof: PasswordProof, _ password: String) {}

    func changePassword(of user: User, from current: String, to password: String) async throws -> PasswordChange? {
        guard let session = try await session(of: user, current) else { return nil }
        try await flows.setPassword(password, by: session.token)
        try await admin.endSessions(of: session.identity.id)
        return PasswordChange(old: nil, new: nil)
    }

    /// By a recovery of Kratos's own, whose code is shown here instead of being mailed: the owner has shown auth's.
    func setPassword(of user: User, to password: String) async throws -> BcryptHash? {
        guard let identity = try await identity(of: user), let code = try await admin.recoveryCode(for: identity.id)
        else { throw AuthError.accountGone }
        let recovery = try await flows.recover(code)
        try await flows.setPassword(password, by: recovery.session, in: recovery.settings)
        try await admin.endSessions(of: identity.id)
        return nil
    }

    func create(_ email: EmailAddress, password: String?, displayName: String?, role: Role) async throws -> NewUser {
        try await refuseOwn(email)
        let new = NewIdentity(
            email: email, password: password.map { .plain($0) }, displayName: displayName, role: role)
        return try await newUser(try await admin.create(new))
    }

    /// A Kratos session that `password` opens, of this very user: the address may have gone to somebody else there.
    private func session(of user: User, _ password: String) async throws -> KratosFlows.Session? {
        guard let session = try await flows.logIn(user.email, password: password) else { return nil }
        guard session.identity.account?.user == user.id else {
            try await flows.end(session.token)
            return nil
        }
        return session
    }

    private func identity(of user: User) async throws -> KratosIdentity? {
        if let identity = try await admin.identity(user.id) { return identity }
        return try await admin.identity(of: user.id)
    }

    private func newUser(_ identity: KratosIdentity) async throws -> NewUser {
        let account = try account(of: identity)
        try await makeRoom(for: account)
        return NewUser(
            id: account.user, email: account.email, displayName: account.displayName, role: account.role,
            isEmailVerified: account.isEmailVerified, identity: account.identity)
    }

    private func adopted(_ identity: KratosIdentity) async throws -> User {
        let account = try account(of: identity)
        do {
            return try await shadows.adopt(account)
        } catch AuthError.emailTaken {
            try await makeRoom(for: account)
            return try await shadows.adopt(account)
        }
    }

    /// - Throws: ``AuthError/emailTaken`` when the address is that of an account that only auth has.
    private func refuseOwn(_ email: EmailAddress) async throws {
        if let holder = try await shadows.holder(of: email.description), holder.identity == nil {
            throw AuthError.emailTaken
        }
    }

    /// Kratos alone says whose an address is: whoever has it here beside that has another one there by now, or is gone.
    ///
    /// - Throws: ``AuthError/emailTaken`` when it belongs to an account that Kratos has never had.
    private func makeRoom(for account: OutsideAccount) async throws {
        guard let holder = try await shadows.holder(of: account.email.description), holder.identity != account.identity
        else { return }
        guard let former = holder.identity else {
            logger.error(
                "an account of auth's own has the address of one in Kratos; `auth export kratos` moves such accounts",
                metadata: ["user": .string(holder.user.description)])
            throw AuthError.emailTaken
        }
        if let identity = try await admin.identity(former) {
            _ = try await shadows.adopt(try self.account(of: identity))
        } else {
            try await shadows.drop(holder.user)
        }
    }

    private func account(of identity: KratosIdentity) throws -> OutsideAccount {
        guard let account = identity.account else {
            logger.error(
                "an identity in Kratos has no trait `email`", metadata: ["identity": .string(identity.id.description)])
            throw AuthError.identityServerDown
        }
        return account
    }
}
