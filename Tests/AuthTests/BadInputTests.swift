import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Bad input", .enabled(if: TestDatabase.isAvailable))
struct BadInputTests {
    /// Every call that takes a body, with one that is right.
    static let calls: [(method: HTTPRequest.Method, path: String, fields: [String])] = [
        (.post, "/auth/signup", ["email", "password", "display_name", "locale"]),
        (.post, "/auth/login", ["email", "password"]),
        (.post, "/auth/refresh", ["refresh_token"]),
        (.patch, "/auth/me", ["display_name", "locale"]),
        (.post, "/auth/password/change", ["current_password", "password"]),
        (.post, "/auth/password/forgot", ["email"]),
        (.post, "/auth/password/reset", ["token", "password"]),
        (.post, "/auth/email/verify", ["token"]),
        (.post, "/auth/users", ["email", "role", "password", "display_name", "locale"]),
        (.patch, "/auth/users/{id}", ["role", "display_name"]),
    ]

    private func send(
        _ auth: AuthFixture, _ account: Account, _ call: Int, _ body: String, type: String = "application/json"
    ) async throws -> Answer {
        let path = Self.calls[call].path.replacing("{id}", with: account.id.description)
        return try await auth.send(
            Self.calls[call].method, path, token: account.accessToken, headers: [.ifMatch: "*", .contentType: type],
            body: body)
    }

    @Test("gets a clear refusal, whatever call it is for", arguments: calls.indices)
    func refused(call: Int) async throws {
        try await withAuth { auth in
            let account = try await auth.account(.admin)
            for broken in ["", "{", "nonsense", "{\"email\": }", "\u{FEFF}", "[[[["] {
                #expect(try await send(auth, account, call, broken).status == .badRequest, "\(broken)")
            }
            let deep = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
            #expect(try await send(auth, account, call, deep).status == .badRequest)
            for wrong in ["[]", "1", "\"text\"", "null"] {
                #expect(try await send(auth, account, call, wrong).status == .unprocessableContent, "\(wrong)")
            }
            let large = "{\"email\": \"\(String(repeating: "x", count: 70_000))\"}"
            #expect(try await send(auth, account, call, large).status == .contentTooLarge)
            #expect(try await send(auth, account, call, "{}", type: "text/plain").status == .unsupportedMediaType)
        }
    }

    @Test("of a wrong type, in every field, is named", arguments: calls.indices)
    func wrongTypes(call: Int) async throws {
        try await withAuth { auth in
            let account = try await auth.account(.admin)
            for field in Self.calls[call].fields {
                for wrong: JSONValue in [.integer(1), .bool(true), .array([]), .object([:])] {
                    var fields: [String: JSONValue] = [:]
                    for other in Self.calls[call].fields { fields[other] = .string("someone") }
                    fields[field] = wrong
                    let answer = try await send(auth, account, call, try fields.text)
                    #expect(answer.status == .unprocessableContent, "\(field) \(wrong)")
                    #expect(answer.invalidFields == [field], "\(field) \(wrong)")
                }
            }
        }
    }

    @Test("with SQL or NUL in every string breaks nothing", arguments: calls.indices)
    func hostileText(call: Int) async throws {
        try await withAuth { auth in
            let account = try await auth.account(.admin)
            for text in ["'; DROP TABLE users; --", "\0", "a\0b", "\u{202E}", "%00", "${jndi:ldap://x}", "\\"] {
                var fields: [String: JSONValue] = [:]
                for field in Self.calls[call].fields { fields[field] = .string(text) }
                let answer = try await send(auth, account, call, try fields.text)
                #expect((400..<500).contains(answer.status.code) || answer.status == .ok, "\(text)")
            }
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .ok)
        }
    }

    @Test("has nowhere to go on paths and methods that don't exist")
    func unknownPaths() async throws {
        try await withAuth { auth in
            #expect(try await auth.send(.get, "/auth/nothing").status == .notFound)
            #expect(try await auth.send(.post, "/auth/password/guess", body: "{}").status == .notFound)
            let answer = try await auth.send(.put, "/auth/me")
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow]?.contains("PATCH") == true)
        }
    }
}
