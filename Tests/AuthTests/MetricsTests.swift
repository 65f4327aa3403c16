import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("At /metrics", .enabled(if: TestDatabase.isAvailable))
struct MetricsTests {
    private static let storm = [
        "HASH_THREADS": "1", "HASH_QUEUE": "3", "BCRYPT_COST": "9", "LOGIN_FAILURES_PER_ACCOUNT": "1000000",
        "LOGIN_FAILURES_FROM_ANYWHERE": "1000000", "LOGIN_FAILURES_PER_ADDRESS": "1000000",
    ]

    @Test("logins are counted, failures by their cause")
    func logins() async throws {
        try await withAuth { auth in
            let (mira, una, second) = (try await auth.account(), try await auth.account(), try await auth.account())
            _ = try await auth.enrol(second)
            try await auth.database.query("UPDATE users SET disabled_at = now() WHERE id = $1", [una.id.rawValue])
            try await auth.withServer(["LOGIN_FAILURES_PER_ACCOUNT": "2"]) { server in
                #expect(try await server.logIn(mira.email).status == 200)
                #expect(try await server.logIn(mira.email, "wrong password").status == 401)
                #expect(try await server.logIn(una.email).status == 401)
                for status: UInt in [401, 401, 429] {
                    #expect(try await server.logIn("nobody@example.org").status == status)
                }
                let challenged = try await server.logIn(second.email)
                #expect(challenged.status == 403)
                let wrong = try await server.call(
                    .POST, "/auth/login/two-factor",
                    ["challenge_token": try challenged.body["challenge"]["token"], "code": "aaaa-aaaa-aaaa-aaaa"])
                #expect(wrong.status == 401)
                let counts = [
                    "success": 1, "wrong_password": 1, "disabled": 1, "unknown_account": 2, "limited": 1,
                    "challenged": 1, "wrong_code": 1,
                ]
                for (outcome, count) in counts {
                    let counted = try await server.metric("auth_logins_total{outcome=\"\(outcome)\"}")
                    #expect(counted == Double(count), "\(outcome)")
                }
            }
        }
    }

    @Test("the passwords that wait to be hashed are told, how long hashes take, and logins that found no room")
    func hashing() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            try await auth.withServer(Self.storm) { server in
                let storm = Task {
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<8 {
                            group.addTask {
                                while !Task.isCancelled { _ = try await server.logIn("nobody@example.org") }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                try await eventually { try await server.metric("auth_hash_queue_depth") ?? 0 > 1 }
                try await eventually { try await server.metric("auth_logins_total{outcome=\"busy\"}") ?? 0 > 0 }
                storm.cancel()
                _ = await storm.result
                try await eventually { try await server.logIn(account.email).status == 200 }
                try await eventually { try await server.metric("auth_hash_queue_depth") == 0 }
                #expect(try await server.metric("auth_hash_seconds_count") ?? 0 > 0)
            }
        }
    }

    @Test("revocations in force and refreshes are told")
    func revocations() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            try await auth.withServer([:]) { server in
                #expect(try await server.metric("auth_revocations") == 0)
                let token = JSONValue.string(account.refreshToken)
                let refreshed = try await server.call(.POST, "/auth/refresh", ["refresh_token": token])
                #expect(refreshed.status == 200)
                let answer = try await server.call(
                    .POST, "/auth/logout", token: try refreshed.body["access_token"].string)
                #expect(answer.status == 204)
                #expect(try await server.metric("auth_revocations") == 1)
                #expect(try await server.metric("auth_refreshes_total{outcome=\"rotated\"}") == 1)
            }
        }
    }
}
