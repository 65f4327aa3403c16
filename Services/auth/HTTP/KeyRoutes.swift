import Hummingbird
import ServiceKit
import WireProtocol

/// What others need to judge our tokens: the public keys for everybody, the revocations for Lyceum's own services.
struct KeyRoutes: Sendable {
    let store: any TokenStateStore

    var routes: [Route] {
        [
            Route(
                .get, "/auth/.well-known/jwks.json", .anyone,
                produces: ["application/json", "application/jwk-set+json"], keys),
            Route(.get, "/internal/revocations", .service, revocations),
        ]
    }

    /// RFC 7517 §5.
    private struct KeySet: Encodable {
        var keys: [Key]
    }

    /// RFC 7518 §6.2.
    private struct Key: Encodable {
        var kty = "EC"
        var crv = "P-256"
        var use = "sig"
        var alg = "ES256"
        var kid: String
        var x: String
        var y: String
    }

    @Sendable private func keys(_ request: Request, _ context: APIContext) async throws -> Response {
        let keys = try await store.signingKeys()
        return try .json(KeySet(keys: keys.map { Key(kid: $0.id, x: $0.publicPoint.x, y: $0.publicPoint.y) }))
    }

    @Sendable private func revocations(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(RevocationList(revocations: try await store.revocations()))
    }
}
