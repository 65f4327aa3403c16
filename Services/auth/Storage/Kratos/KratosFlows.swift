import Logging
import WireProtocol

/// What users do at Kratos, through its self-service flows for API clients.
struct KratosFlows: Sendable {
    enum Kind: String {
        case login, registration, recovery, settings
    }

    struct Session: Sendable {
        let token: String
        let identity: KratosIdentity
    }

    /// Numbers of messages, from `text/id.go` in Kratos's sources.
    private static let wrongCredentials: Set = [4_000_006]
    private static let disabled: Set = [4_010_011]
    private static let duplicate: Set = [4_000_007, 4_000_028]

    let client: KratosClient

    /// - Throws: ``AuthError/emailTaken``, ``AuthError/passwordRefused(_:)``.
    func register(_ email: EmailAddress, password: String, displayName: String?) async throws -> KratosIdentity {
        let answer = try await submit(
            .registration,
            [
                "method": .string("password"), "password": .string(password),
                "traits": Self.traits(email, displayName),
            ])
        switch answer.status {
        case 200:
            let registered = try client.read(Registered.self, from: answer, "registration")
            if let token = registered.sessionToken { try await end(token) }
            return registered.identity
        case 400:
            throw refusal(answer, "registration")
        default:
            throw client.unexpected(answer, "registration")
        }
    }

    /// `nil` for an unknown address, a wrong password and a disabled identity.
    func logIn(_ email: String, password: String) async throws -> Session? {
        let answer = try await submit(
            .login,
            ["method": .string("password"), "identifier": .string(email), "password": .string(password)])
        if answer.status == 200 {
            let login = try client.read(LoggedIn.self, from: answer, "login")
            guard let token = login.sessionToken, let identity = login.session.identity else {
                throw client.unexpected(answer, "login")
            }
            guard login.session.active != false, identity.state != "inactive" else {
                try await end(token)
                return nil
            }
            return Session(token: token, identity: identity)
        }
        guard [400, 401, 403].contains(answer.status), let flow = try? answer.decode(KratosFlow.self),
            flow.has(Self.wrongCredentials.union(Self.disabled))
        else { throw client.unexpected(answer, "login") }
        return nil
    }

    /// Ends `session` when that fails.
    ///
    /// - Parameter flow: of settings, that Kratos has begun already.
    /// - Throws: ``AuthError/passwordRefused(_:)``.
    func setPassword(_ password: String, by session: String, in flow: String? = nil) async throws {
        do {
            try await submitPassword(password, by: session, in: flow)
        } catch {
            try await end(session)
            throw error
        }
    }

    private func submitPassword(_ password: String, by session: String, in flow: String?) async throws {
        let fields: [String: JSONValue] = ["method": .string("password"), "password": .string(password)]
        let answer = try await submit(.settings, fields, session: session, in: flow)
        switch answer.status {
        case 200: return
        case 400: throw refusal(answer, "settings")
        default: throw client.unexpected(answer, "settings")
        }
    }

    /// Opens a session by a code that an administrator got, and begins the settings flow that recovery leads to.
    func recover(_ code: KratosRecoveryCode) async throws -> (session: String, settings: String) {
        let answer = try await send(
            .recovery, ["method": .string("code"), "code": .string(code.code)], in: code.flow)
        guard answer.status == 200 else { throw client.unexpected(answer, "recovery") }
        let steps = try client.read(KratosFlow.self, from: answer, "recovery").continueWith ?? []
        guard let session = steps.lazy.compactMap(\.sessionToken).first,
            let settings = steps.first(where: { $0.action == "show_settings_ui" })?.flow?.id
        else { throw client.unexpected(answer, "recovery") }
        return (session, settings)
    }

    /// Ends a Kratos session: nobody but auth has ever seen its token. One that is gone already, of which Kratos says 403,
    /// has ended.
    func end(_ session: String) async throws {
        let answer = try await client.call(
            .DELETE, .open, "/self-service/logout/api", body: .object(["session_token": .string(session)]))
        guard [204, 403].contains(answer.status) else { throw client.unexpected(answer, "logout") }
    }

    static func traits(_ email: EmailAddress, _ displayName: String?) -> JSONValue {
        var traits: [String: JSONValue] = ["email": .string(email.description)]
        if let displayName { traits["name"] = .string(displayName) }
        return .object(traits)
    }

    private func begin(_ kind: Kind, session: String? = nil) async throws -> String {
        let answer = try await client.call(.GET, .open, "/self-service/\(kind.rawValue)/api", session: session)
        guard answer.status == 200 else { throw client.unexpected(answer, kind.rawValue) }
        return try client.read(KratosFlow.self, from: answer, kind.rawValue).id
    }

    private func send(_ kind: Kind, _ fields: [String: JSONValue], session: String? = nil, in flow: String) async throws
        -> KratosAnswer
    {
        try await client.call(
            .POST, .open, "/self-service/\(kind.rawValue)?flow=\(flow)", session: session, body: .object(fields))
    }

    /// A flow that runs out between its beginning and its end (410) is begun once more.
    private func submit(
        _ kind: Kind, _ fields: [String: JSONValue], session: String? = nil, in flow: String? = nil
    ) async throws -> KratosAnswer {
        if let flow { return try await send(kind, fields, session: session, in: flow) }
        let answer = try await send(kind, fields, session: session, in: try await begin(kind, session: session))
        guard answer.status == 410 else { return answer }
        return try await send(kind, fields, session: session, in: try await begin(kind, session: session))
    }

    private func refusal(_ answer: KratosAnswer, _ what: String) -> AuthError {
        guard let flow = try? answer.decode(KratosFlow.self) else { return client.unexpected(answer, what) }
        if flow.has(Self.duplicate) { return .emailTaken }
        if let fault = flow.passwordFault { return .passwordRefused(fault) }
        return client.unexpected(answer, what)
    }
}

private struct Registered: Decodable {
    var identity: KratosIdentity
    var sessionToken: String?

    enum CodingKeys: String, CodingKey {
        case identity
        case sessionToken = "session_token"
    }
}

private struct LoggedIn: Decodable {
    struct Session: Decodable {
        var active: Bool?
        var identity: KratosIdentity?
    }

    var session: Session
    var sessionToken: String?

    enum CodingKeys: String, CodingKey {
        case session
        case sessionToken = "session_token"
    }
}
