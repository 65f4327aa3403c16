import FoundationEssentials
import JWTKit
import WireProtocol

/// Makes and checks the tokens with which services call each other's `/internal/*`: JWT, HS256 under the shared
/// secret, valid for a minute.
public struct ServiceTokens: Sendable {
    private let service: String
    private let keys: JWTKeyCollection
    private let now: @Sendable () -> Date

    /// - Parameter secret: at least 32 bytes, the same in all services.
    public init(service: String, secret: String, now: @escaping @Sendable () -> Date = { Date() }) async {
        self.service = service
        self.now = now
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    /// - Throws: what jwt-kit can't encode; not in practice.
    public func make() async throws -> String {
        let issuedAt = Int(now().timeIntervalSince1970)
        return try await keys.sign(
            Payload(claims: ServiceClaims(issuer: service, issuedAt: issuedAt, expiresAt: issuedAt + 60)))
    }

    /// The calling service's name.
    ///
    /// - Throws: 401.
    @discardableResult
    public func verify(_ token: String) async throws -> String {
        let refusal = HTTPProblem.unauthorized("Only Lyceum's own services may call this.", invalidToken: true)
        let claims: ServiceClaims
        do {
            claims = try await keys.verify(token, as: Payload.self).claims
        } catch {
            throw refusal
        }
        guard claims.audience == ServiceClaims.audience, Double(claims.expiresAt) > now().timeIntervalSince1970 else {
            throw refusal
        }
        return claims.issuer
    }

    private struct Payload: JWTPayload {
        let claims: ServiceClaims

        init(claims: ServiceClaims) {
            self.claims = claims
        }

        init(from decoder: any Decoder) throws {
            claims = try ServiceClaims(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try claims.encode(to: encoder)
        }

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }
}
