public import AsyncHTTPClient
import FoundationEssentials
import JWTKit
public import Logging
import NIOCore
public import ServiceLifecycle
import WireProtocol

/// Keeps a ``TokenVerifier`` up to date with auth's public keys and revocations.
///
/// Both are read every ``interval``, so that a revocation takes effect within 5 s. While auth is down what is known
/// stays in force: tokens already issued keep working until they expire, and nothing is opened.
public struct TokenStateWatcher: Service {
    static let interval: Duration = .seconds(2)

    private let verifier: TokenVerifier
    private let serviceTokens: ServiceTokens
    private let authURL: String
    private let client: HTTPClient
    private let logger: Logger
    private let age = TokenStateAge()

    public init(
        _ verifier: TokenVerifier, serviceTokens: ServiceTokens, authURL: String, client: HTTPClient, logger: Logger
    ) {
        self.verifier = verifier
        self.serviceTokens = serviceTokens
        self.authURL = authURL
        self.client = client
        self.logger = logger
    }

    public func run() async throws {
        await RecurringWork(
            every: Self.interval,
            whenFailing: "auth does not answer; what is known of keys and revocations stays in force", logger: logger
        ) {
            try await age.measure(refresh)
        }
        .run()
    }

    private func refresh() async throws {
        let keySet = try await get("/auth/.well-known/jwks.json", as: JWKS.self)
        try await verifier.use(keySet)
        let token = try await serviceTokens.make()
        verifier.use(try await get("/internal/revocations", as: RevocationList.self, bearer: token))
    }

    private func get<Value: Decodable>(_ path: String, as type: Value.Type, bearer: String? = nil) async throws
        -> Value
    {
        var request = HTTPClientRequest(url: authURL + path)
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        let response = try await client.execute(request, timeout: .seconds(2))
        guard response.status == .ok else { throw UnexpectedAnswer(path: path, status: Int(response.status.code)) }
        return try WireJSON.decode(type, from: Data(try await response.body.collect(upTo: 4 << 20).readableBytesView))
    }
}

/// Another service answered, but not as agreed.
struct UnexpectedAnswer: Error, CustomStringConvertible {
    let path: String
    let status: Int

    var description: String { "\(path) answered \(status)" }
}
