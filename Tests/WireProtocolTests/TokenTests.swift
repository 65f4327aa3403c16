import Foundation
import Testing
import WireProtocol

@Suite("Token claims")
struct TokenTests {
    @Test("an access token carries iss aud sub sid role amr aal iat exp jti")
    func accessToken() throws {
        try expectGolden(
            TokenClaims(
                issuer: "lyceum", audience: "lyceum-api", subject: someID, sessionID: someID, role: .teacher,
                authenticationMethods: ["pwd", "otp", "mfa"], assurance: .two, issuedAt: 1_772_353_800,
                expiresAt: 1_772_354_700, tokenID: "t1"),
            #"{"aal":"aal2","amr":["pwd","otp","mfa"],"aud":"lyceum-api","exp":1772354700,"iat":1772353800,"iss":"lyceum","jti":"t1","role":"teacher","sid":"00000000-0000-4000-8000-00000000000a","sub":"00000000-0000-4000-8000-00000000000a"}"#
        )
    }

    @Test("a token that says nothing of how its session was opened counts as one of the least assurance")
    func withoutAssurance() throws {
        let id = someID.description
        let json =
            #"{"aud":"a","exp":2,"iat":1,"iss":"i","jti":"t","role":"student","sid":"\#(id)","sub":"\#(id)"}"#
        let claims = try WireJSON.decode(TokenClaims.self, from: Data(json.utf8))
        #expect(claims.assurance == .one)
        #expect(claims.authenticationMethods == [])
    }

    @Test("a service token is for the audience internal")
    func serviceToken() throws {
        try expectGolden(
            ServiceClaims(issuer: "content", issuedAt: 10, expiresAt: 70),
            #"{"aud":"internal","exp":70,"iat":10,"iss":"content"}"#)
    }

    @Test("a revocation names a session or a user, and up to when")
    func revocations() throws {
        try expectGolden(
            RevocationList(revocations: [Revocation(scope: .user, id: someID, issuedUntil: 1_772_353_800)]),
            #"{"revocations":[{"id":"00000000-0000-4000-8000-00000000000a","issued_until":1772353800,"scope":"user"}]}"#
        )
    }

    @Test("roles are ordered")
    func roles() {
        #expect(Role.student < Role.teacher)
        #expect(Role.teacher < Role.admin)
    }
}
