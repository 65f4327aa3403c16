import Foundation
import Hummingbird
import HummingbirdTesting
import NIOConcurrencyHelpers
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// Users of an issuer beside auth, who have no account here.
    @Suite(.local) struct ForeignTokens {
        private static let paths: [(Platform.Service, String)] = [
            (.content, "/knowledge"), (.media, "/media"), (.analytics, "/analytics/me"),
        ]
        private static let believing: [Platform.Service] = [.gateway, .content, .media, .analytics]

        let platform: LocalPlatform
        private let school = TestSigner("https://school.test")

        init() throws {
            platform = try .current
        }

        private func token(_ signer: TestSigner, _ changes: [String: JSON] = [:]) throws -> String {
            let now = Int64(Date().timeIntervalSince1970)
            let claims: [String: JSON] = [
                "iss": .string(signer.name), "aud": [.string(signer.audience)], "sub": .string(UUID().uuidString),
                "iat": .integer(now), "exp": .integer(now + 300), "groups": ["staff"],
            ]
            return try signer.token(.edDSA, claims: claims.merging(changes) { $1 })
        }

        /// Statuses through the gateway and at each service itself.
        private func statuses(_ token: String) async throws -> Set<Int> {
            var statuses: Set<Int> = []
            for (service, path) in Self.paths {
                for base in [platform.url(of: .gateway), platform.url(of: service)] {
                    statuses.insert(try await APIClient(base: base, token: token).get(path).status)
                }
            }
            return statuses
        }

        private func restart(_ settings: [String: String]) async throws {
            for service in Self.believing {
                try await platform.stop(service)
                try await platform.start(service, settings: settings)
            }
            try await eventually("health is restored") { try await platform.visitor.get("/health").status == 200 }
        }

        @Test("Another issuer's token opens every service but auth in the role that its own stands for")
        func accepted() async throws {
            let (school, platform) = (school, platform)
            var successor = TestSigner(school.name)
            successor.keyID = "newer"
            let later = successor
            let keySet = NIOLockedValueBox(school.keySet(.edDSA))
            let router = Router()
            router.get("keys") { _, _ in keySet.withLockedValue { $0 } }
            try await Application(router: router).test(.live) { server async throws in
                let issuers = """
                    [{"issuer": "\(school.name)", "audience": "\(school.audience)", "algorithms": ["EdDSA"],
                    "keys": "http://localhost:\(server.port ?? 0)/keys", "role_claim": "groups",
                    "roles": {"staff": "teacher", "pupils": "student"}}]
                    """
                try await restart(["TOKEN_ISSUERS": issuers])
                let teacher = try token(school)
                #expect(try await statuses(teacher) == [200])
                let course: JSON = ["title": "Owls", "subject": "biology", "default_language": "en"]
                let made = try await platform.visitor.with(token: teacher).post("/knowledge", course)
                #expect(made.status == 201, "\(made)")
                let pupil = try token(school, ["groups": "pupils"])
                #expect(try await statuses(pupil) == [200])
                #expect(try await platform.visitor.with(token: pupil).post("/knowledge", course).status == 403)
                // Auth has no such user, and believes itself alone.
                #expect(try await platform.visitor.with(token: teacher).get("/auth/me").isProblem(401))

                let strangers = TestSigner(school.name)
                for bad in [
                    try token(strangers), try token(school, ["groups": "admin"]), try token(school, ["groups": []]),
                    try token(school, ["aud": "elsewhere"]), try token(school, ["exp": 1]),
                    try token(school, ["iss": "https://nobody.test"]), try token(school, ["sub": "17"]),
                ] {
                    #expect(try await statuses(bad) == [401])
                }

                // The first token that names a new key is good everywhere, at once.
                #expect(try await statuses(try token(later)) == [401])
                keySet.withLockedValue { $0 = later.keySet(.edDSA) }
                let newer = try token(later)
                try await eventually("the new key is known", within: .seconds(30)) {
                    try await statuses(newer) == [200]
                }
                #expect(try await statuses(teacher) == [401])
            }
            try await restart([:])
            #expect(try await statuses(try token(later)) == [401])
        }
    }
}
