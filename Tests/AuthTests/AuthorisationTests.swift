import HTTPTypes
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Who may call what", .enabled(if: TestDatabase.isAvailable))
struct AuthorisationTests {
    enum Who: String, CaseIterable {
        case anonymous, student, teacher, admin
        /// An administrator whose account was disabled after the token was issued.
        case disabled
        case service
        /// A student who names what belongs to another user.
        case stranger
    }

    struct Line: Sendable, CustomTestStringConvertible {
        let operation: String
        /// The answer to each of `Who`, in that order; 0 for anything but a refusal.
        let answers: [Int]

        init(_ operation: String, _ answers: [Int]) {
            self.operation = operation
            self.answers = answers
        }

        var testDescription: String { operation }
    }

    private static let everybody = [0, 0, 0, 0, 401, 401, 0]
    private static let users = [401, 0, 0, 0, 401, 401, 0]
    private static let admins = [401, 403, 403, 0, 401, 401, 403]
    private static let services = [401, 401, 401, 401, 401, 0, 401]
    private static let owners = [401, 0, 0, 0, 401, 401, 404]

    static let table = [
        Line("POST /auth/signup", everybody),
        Line("POST /auth/login", everybody),
        Line("POST /auth/login/two-factor", everybody),
        Line("POST /auth/login/enrolment", everybody),
        Line("POST /auth/login/enrolment/confirm", everybody),
        Line("POST /auth/refresh", everybody),
        Line("POST /auth/password/forgot", everybody),
        Line("POST /auth/password/reset", everybody),
        Line("POST /auth/email/verify", everybody),
        Line("GET /auth/.well-known/jwks.json", everybody),
        Line("POST /auth/logout", users),
        Line("GET /auth/me", users),
        Line("PATCH /auth/me", users),
        Line("DELETE /auth/me", users),
        Line("GET /auth/me/export", users),
        Line("POST /auth/password/change", users),
        Line("POST /auth/email/resend", users),
        Line("GET /auth/two-factor", users),
        Line("POST /auth/two-factor", users),
        Line("POST /auth/two-factor/confirm", users),
        Line("POST /auth/two-factor/recovery-codes", users),
        Line("POST /auth/two-factor/disable", users),
        Line("GET /auth/sessions", users),
        Line("DELETE /auth/sessions/{id}", owners),
        Line("GET /auth/users", admins),
        Line("POST /auth/users", admins),
        Line("GET /auth/users/{id}", admins),
        Line("PATCH /auth/users/{id}", admins),
        Line("DELETE /auth/users/{id}", admins),
        Line("DELETE /auth/users/{id}/two-factor", admins),
        Line("GET /auth/audit", admins),
        Line("GET /internal/revocations", services),
    ]

    @Test("is as the table says", arguments: table)
    func matrix(line: Line) async throws {
        try await withAuth { auth in
            let victim = try await auth.account()
            for (who, expected) in zip(Who.allCases, line.answers) {
                let token = try await token(of: who, auth)
                let parts = line.operation.split(separator: " ")
                let method = try #require(HTTPRequest.Method(String(parts[0])))
                let id = parts[1].contains("sessions") ? victim.claims.sessionID : victim.id
                let path = String(parts[1]).replacing("{id}", with: id.description)
                let answer = try await auth.send(
                    method, path, token: token, body: method == .get || method == .delete ? nil : "{}")
                if expected == 0 {
                    #expect(![401, 403, 405, 500].contains(answer.status.code), "\(who)")
                } else {
                    #expect(answer.status.code == expected, "\(who)")
                }
            }
        }
    }

    private func token(of who: Who, _ auth: AuthFixture) async throws -> String? {
        switch who {
        case .anonymous: return nil
        case .student, .stranger: return try await auth.account(.student).accessToken
        case .teacher: return try await auth.account(.teacher).accessToken
        case .admin: return try await auth.account(.admin).accessToken
        case .service: return try await TestTokens().serviceToken()
        case .disabled:
            let admin = try await auth.account(.admin)
            let other = try await auth.account(.admin)
            let answer = try await auth.send(
                .patch, "/auth/users/\(other.id)", token: admin.accessToken, headers: [.ifMatch: "*"],
                body: #"{"disabled":true}"#)
            try #require(answer.status == .ok)
            return other.accessToken
        }
    }
}
