import Foundation
import JWTKit
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

/// Several issuers side by side, whose keys even have the same name: none can speak for another.
@Suite struct IssuerTests {
    private let school = TestSigner("https://school.test")
    private let club = TestSigner("https://club.test")
    private let now = Int(Date().timeIntervalSince1970)

    /// Takes ES256 from the school and EdDSA from the club.
    private func judge() throws -> TokenJudge {
        let issuers = [school.issuer([.es256]), club.issuer([.edDSA])]
        var judge = TokenJudge(issuers: issuers, cacheCapacity: 64)
        judge.use(try KeyRing(json: Data(school.keySet(.es256).utf8)), of: issuers[0])
        judge.use(try KeyRing(json: Data(club.keySet(.edDSA).utf8)), of: issuers[1])
        return judge
    }

    private func expect(
        _ token: String, isValid: Bool, by judge: inout TokenJudge, _ location: SourceLocation = #_sourceLocation
    ) {
        let verdict = Array(token.utf8).withUnsafeBytes { judge.judge($0, now: now) }
        let isTaken = if case .valid = verdict { true } else { false }
        #expect(isTaken == isValid, sourceLocation: location)
    }

    @Test func eachIssuersOwnTokensAreTaken() throws {
        var judge = try judge()
        expect(try school.token(.es256), isValid: true, by: &judge)
        expect(try club.token(.edDSA), isValid: true, by: &judge)
    }

    @Test func noIssuersKeySignsForAnother() throws {
        var judge = try judge()
        for token in [
            try school.token(.es256, issuedBy: club.name), try club.token(.edDSA, issuedBy: school.name),
            try club.token(.es256, issuedBy: school.name), try school.token(.edDSA, issuedBy: club.name),
            try school.token(.es256, issuedBy: "https://nobody.test"), try club.token(.edDSA, issuedBy: ""),
        ] {
            expect(token, isValid: false, by: &judge)
        }
    }

    @Test func anIssuersKeyForAMethodThatItMayNotUseIsOfNoUse() throws {
        let issuer = club.issuer([.edDSA])
        var judge = TokenJudge(issuers: [issuer], cacheCapacity: 64)
        judge.use(try KeyRing(json: Data(club.keySet(.es256).utf8)), of: issuer)
        expect(try club.token(.es256), isValid: false, by: &judge)
    }

    @Test func eachIssuerHasAnAudienceOfItsOwn() throws {
        var school = school
        school.audience = "school-api"
        let issuers = [school.issuer([.es256]), club.issuer([.edDSA])]
        var judge = TokenJudge(issuers: issuers, cacheCapacity: 64)
        judge.use(try KeyRing(json: Data(school.keySet(.es256).utf8)), of: issuers[0])
        judge.use(try KeyRing(json: Data(club.keySet(.edDSA).utf8)), of: issuers[1])
        expect(try school.token(.es256), isValid: true, by: &judge)
        expect(try school.token(.es256, audience: club.audience), isValid: false, by: &judge)
        expect(try club.token(.edDSA, audience: school.audience), isValid: false, by: &judge)
    }

    @Test func whoIsNoIssuerAnyMoreIsForgottenAndTheOthersAreNot() throws {
        var judge = try judge()
        let tokens = [try school.token(.es256), try club.token(.edDSA)]
        for token in tokens { expect(token, isValid: true, by: &judge) }
        judge.use([school.issuer([.es256])])
        expect(tokens[0], isValid: true, by: &judge)
        expect(tokens[1], isValid: false, by: &judge)
        // Back with another rule, it has no keys until they are looked up again; what comes late for the old rule is nobody's.
        judge.use([school.issuer([.es256]), club.issuer([.edDSA, .rs256])])
        judge.use(try KeyRing(json: Data(club.keySet(.edDSA).utf8)), of: club.issuer([.edDSA]))
        expect(tokens[1], isValid: false, by: &judge)
        let verdict = Array(tokens[1].utf8).withUnsafeBytes { judge.judge($0, now: now) }
        guard case .noKeys(let issuer) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(issuer.name == club.name)
    }

    @Test func anotherIssuerComesAndGoesWithTheConfiguration() async throws {
        let club = club
        let keys = try await TestUpstream.answering(club.keySet(.edDSA))
        let file = URL.temporaryDirectory.appending(path: "issuers-\(UUID()).yaml")
        try "token_issuers: []".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let ask: @Sendable (TestGateway, String) async throws -> Int = { gateway, token in
            try await gateway.get("/analytics/me", fields: "authorization: Bearer \(token)\r\n").status
        }
        try await withGateway(media: keys, environment: ["GATEWAY_CONFIG": file.path()]) { gateway in
            let token = try club.token(.edDSA)
            #expect(try await ask(gateway, token) == 401)
            try """
            token_issuers:
              - {issuer: \(club.name), audience: \(club.audience), keys: "\(keys.url)/keys", algorithms: [EdDSA], roles: {student: student}}
            """.write(to: file, atomically: true, encoding: .utf8)
            gateway.reload()
            try await eventually { try await ask(gateway, token) == 200 }
            #expect(try await ask(gateway, try club.token(.edDSA, role: .admin, issuedBy: TestTokens.issuer)) == 401)
            #expect(try await ask(gateway, try await gateway.tokens.token(.admin, issuer: club.name)) == 401)
            #expect(try await ask(gateway, try await gateway.tokens.token(.student)) == 200)
            try "token_issuers: []".write(to: file, atomically: true, encoding: .utf8)
            gateway.reload()
            try await eventually { try await ask(gateway, token) == 401 }
            #expect(try await ask(gateway, try await gateway.tokens.token(.student)) == 200)
        }
    }

    @Test func anIssuerThatCantBeReachedKeepsNobodyFromAnother() async throws {
        let club = club
        let nowhere = try await TestUpstream.answering()
        await nowhere.stop()
        let file = URL.temporaryDirectory.appending(path: "issuers-\(UUID()).yaml")
        try """
        token_issuers:
          - {issuer: \(club.name), audience: \(club.audience), keys: "\(nowhere.url)/keys", algorithms: [EdDSA], roles: {student: student}}
        """.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await withGateway(environment: ["GATEWAY_CONFIG": file.path()]) { gateway in
            let token = try club.token(.edDSA)
            let refused = try await gateway.get("/analytics/me", fields: "authorization: Bearer \(token)\r\n")
            #expect(refused.status == 503)
            #expect(refused["retry-after"] != nil)
            let own = try await gateway.tokens.token(.student)
            #expect(try await gateway.get("/analytics/me", fields: "authorization: Bearer \(own)\r\n").status == 200)
        }
    }
}
