public import AsyncHTTPClient
import FoundationEssentials
public import Logging
import NIOCore
public import ServiceLifecycle
import WireProtocol

/// Keeps a ``TokenVerifier`` up to date with the public keys of all issuers and with auth's revocations.
///
/// Auth is asked every ``interval``, so that a revocation takes effect within 5 s; other issuers once a minute, beside
/// the times when a token names a key that is not known. While one is down what is known stays in force: tokens already
/// issued keep working until they expire, and nothing is opened.
public struct TokenStateWatcher: Service {
    static let interval: Duration = .seconds(2)
    private static let intervalElsewhere: Duration = .seconds(60)

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
        await withDiscardingTaskGroup { group in
            for work in [watchingAuth] + verifier.others.map(watchingKeys) {
                group.addTask { await work.run() }
            }
        }
    }

    private var watchingAuth: RecurringWork {
        RecurringWork(
            every: Self.interval,
            whenFailing: "auth does not answer; what is known of keys and revocations stays in force", logger: logger
        ) {
            try await age.measure(refresh)
        }
    }

    private func watchingKeys(of issuer: TrustedIssuer) -> RecurringWork {
        RecurringWork(
            whenFailing: "the keys of \(issuer.name) can't be read; those known stay in force",
            retryAfter: Self.interval...Self.intervalElsewhere, logger: logger
        ) {
            try await verifier.readKeys(of: issuer)
            return Self.intervalElsewhere
        }
    }

    /// Revocations first: without keys no token is taken, without revocations one that was revoked would be.
    private func refresh() async throws {
        let revocations = try await get("/internal/revocations", bearer: try await serviceTokens.make())
        verifier.use(try WireJSON.decode(RevocationList.self, from: revocations))
        verifier.use(try KeyRing(json: try await get("/auth/.well-known/jwks.json")))
    }

    private func get(_ path: String, bearer: String? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: authURL + path)
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        let response = try await client.execute(request, timeout: .seconds(2))
        guard response.status == .ok else { throw UnexpectedAnswer(path: path, status: Int(response.status.code)) }
        return Data(try await response.body.collect(upTo: 4 << 20).readableBytesView)
    }
}

/// Another service answered, but not as agreed.
struct UnexpectedAnswer: Error, CustomStringConvertible {
    let path: String
    let status: Int

    var description: String { "\(path) answered \(status)" }
}
