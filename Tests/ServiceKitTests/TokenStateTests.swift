import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOConcurrencyHelpers
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@Suite("What a service knows of auth's tokens")
struct TokenStateTests {
    private let verifier = TokenVerifier(issuer: TestTokens.issuer, audience: TestTokens.audience)

    private func readiness(of check: ReadinessCheck) async throws -> (status: HTTPResponse.Status, Readiness) {
        try await Fixture().application(readiness: [check]).test(.live) { client in
            let answer = try await client.get("/ready")
            return (answer.status, try WireJSON.decode(Readiness.self, from: Data(answer.body.readableBytesView)))
        }
    }

    @Test("Without keys it is not ready; after a while it is, for what is public; with them all is well")
    func keysCountInReadiness() async throws {
        let patient = ReadinessCheck.authKeys(verifier)
        let starting = try await readiness(of: patient)
        #expect(starting.status == .serviceUnavailable && starting.1.dependencies["auth"]?.status == .down)
        let alone = try await readiness(of: .authKeys(verifier, patience: .zero))
        #expect(alone.status == .ok && alone.1.dependencies["auth"]?.status == .degraded)
        try verifier.use(try await TestTokens().keySet)
        let whole = try await readiness(of: patient)
        #expect(whole.status == .ok && whole.1.dependencies["auth"] == .init(status: .ok))
    }

    @Test("Keys are of no use before revocations are known")
    func revocationsComeFirst() async throws {
        let issuer = try await TestTokens()
        let user = Identifier()
        let revoked = try await issuer.token(.student, user: user)
        let revocations = NIOLockedValueBox<RevocationList?>(nil)
        let refusals = NIOLockedValueBox(0)
        let router = Router()
        let keySet = String(decoding: try JSONEncoder().encode(issuer.keySet), as: UTF8.self)
        router.get("auth/.well-known/jwks.json") { _, _ in keySet }
        router.get("internal/revocations") { _, _ in
            guard let list = revocations.withLockedValue({ $0 }) else {
                refusals.withLockedValue { $0 += 1 }
                throw HTTPError(.serviceUnavailable)
            }
            return String(decoding: try WireJSON.encode(list), as: UTF8.self)
        }
        try await Application(router: router).test(.live) { client in
            let watcher = TokenStateWatcher(
                verifier,
                serviceTokens: await ServiceTokens(service: "fixture", secret: TestTokens.internalSecret),
                authURL: "http://localhost:\(client.port ?? 0)", client: .shared,
                logger: Logger(label: "fixture") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup { group in
                group.addTask { try await watcher.run() }
                // When it asks again, it has done with the first answer.
                try await eventually("revocations are asked for again") { refusals.withLockedValue { $0 } >= 2 }
                #expect(!verifier.hasKeys)
                let revocation = Revocation(scope: .user, id: user, issuedUntil: Int(Date().timeIntervalSince1970))
                revocations.withLockedValue { $0 = RevocationList(revocations: [revocation]) }
                try await eventually { verifier.hasKeys }
                await #expect(throws: HTTPProblem.self) { try await verifier.verify(revoked) }
                _ = try await verifier.verify(try await issuer.token(.student))
                group.cancelAll()
            }
        }
    }
}
