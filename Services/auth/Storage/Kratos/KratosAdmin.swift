import WireProtocol

/// What auth does to identities itself, through Kratos's admin API.
struct KratosAdmin: Sendable {
    /// How many identities one page has at most.
    static let pageSize = 250

    let client: KratosClient
    var pageSize = Self.pageSize

    func identity(_ id: Identifier) async throws -> KratosIdentity? {
        let answer = try await client.call(.GET, .admin, "/admin/identities/\(id)")
        switch answer.status {
        case 200: return try client.read(KratosIdentity.self, from: answer, "identity")
        case 404: return nil
        default: throw client.unexpected(answer, "GET identity")
        }
    }

    /// The identity that came from here as `user`.
    func identity(of user: Identifier) async throws -> KratosIdentity? {
        let answer = try await client.call(.GET, .admin, "/admin/identities/by/external/\(user)")
        switch answer.status {
        case 200: return try client.read(KratosIdentity.self, from: answer, "identity")
        case 404: return nil
        default: throw client.unexpected(answer, "GET identity by external id")
        }
    }

    /// - Throws: ``AuthError/emailTaken``, also when `externalID` is.
    func create(_ new: NewIdentity) async throws -> KratosIdentity {
        let answer = try await client.call(
            .POST, .admin, "/admin/identities", body: new.body(schema: client.address.schema))
        switch answer.status {
        case 201: return try client.read(KratosIdentity.self, from: answer, "identity")
        case 409: throw AuthError.emailTaken
        default: throw client.unexpected(answer, "POST identity")
        }
    }

    /// Whether there is such an identity to change.
    ///
    /// - Parameter patch: JSON Patch (RFC 6902).
    func change(_ id: Identifier, _ patch: [JSONValue]) async throws -> Bool {
        let answer = try await client.call(.PATCH, .admin, "/admin/identities/\(id)", body: .array(patch))
        switch answer.status {
        case 200: return true
        case 404: return false
        default: throw client.unexpected(answer, "PATCH identity")
        }
    }

    /// One that is gone already counts as deleted.
    func delete(_ id: Identifier) async throws {
        let answer = try await client.call(.DELETE, .admin, "/admin/identities/\(id)")
        guard [204, 404].contains(answer.status) else { throw client.unexpected(answer, "DELETE identity") }
    }

    /// Ends every Kratos session of an identity.
    func endSessions(of id: Identifier) async throws {
        let answer = try await client.call(.DELETE, .admin, "/admin/identities/\(id)/sessions")
        guard [204, 404].contains(answer.status) else { throw client.unexpected(answer, "DELETE sessions") }
    }

    /// A code that lets its bearer into the account, for a minute; nobody is mailed.
    func recoveryCode(for id: Identifier) async throws -> KratosRecoveryCode? {
        let answer = try await client.call(
            .POST, .admin, "/admin/recovery/code",
            body: .object([
                "identity_id": .string(id.description), "flow_type": .string("api"), "expires_in": .string("1m"),
            ]))
        switch answer.status {
        case 201:
            guard
                let code = KratosRecoveryCode(
                    try client.read(KratosRecoveryCode.Answer.self, from: answer, "recovery code"))
            else {
                throw client.unexpected(answer, "POST recovery code")
            }
            return code
        case 404: return nil
        default: throw client.unexpected(answer, "POST recovery code")
        }
    }

    /// A page of all identities with their password hashes, and the token of the next page.
    func page(after token: String?) async throws -> (identities: [KratosIdentity], next: String?) {
        var path = "/admin/identities?page_size=\(pageSize)&include_credential=password"
        if let token { path += "&page_token=\(token)" }
        let answer = try await client.call(.GET, .admin, path)
        guard answer.status == 200 else { throw client.unexpected(answer, "GET identities") }
        return (try client.read([KratosIdentity].self, from: answer, "identities"), answer.nextPage)
    }
}

/// An identity that is to be made.
struct NewIdentity: Sendable {
    enum Password: Sendable {
        case plain(String)
        case hashed(BcryptHash)
    }

    var email: EmailAddress
    var password: Password?
    var displayName: String?
    var role: Role
    var isEmailVerified = false
    var isDisabled = false
    /// The user's id here, when there is one already.
    var user: Identifier?

    func body(schema: String) -> JSONValue {
        var fields: [String: JSONValue] = [
            "schema_id": .string(schema), "traits": KratosFlows.traits(email, displayName),
            "state": .string(isDisabled ? "inactive" : "active"),
            "metadata_public": .object(["role": .string(role.rawValue)]),
            "verifiable_addresses": .array([
                .object([
                    "value": .string(email.description), "verified": .bool(isEmailVerified), "via": .string("email"),
                    "status": .string(isEmailVerified ? "completed" : "pending"),
                ])
            ]),
        ]
        if let user { fields["external_id"] = .string(user.description) }
        if let password {
            let config: [String: JSONValue] =
                switch password {
                case .plain(let text): ["password": .string(text)]
                case .hashed(let hash): ["hashed_password": .string(hash.description)]
                }
            fields["credentials"] = .object(["password": .object(["config": .object(config)])])
        }
        return .object(fields)
    }
}
