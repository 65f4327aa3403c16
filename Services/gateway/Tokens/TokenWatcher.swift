import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOConcurrencyHelpers
import NIOCore
import ServiceKit
import ServiceLifecycle
import WireProtocol

/// Keeps the event loops told of every issuer's public keys and of auth's revocations. While one can't be reached, what
/// is known stays in force: tokens already issued keep working until they expire, and nothing is opened.
///
/// What ServiceKit's `TokenStateWatcher` does for one verifier, one address and one issuer; here keys are looked for when
/// a token names an unknown one, at any endpoint of auth, and handed to loops that share no lock.
final class TokenWatcher: ServiceLifecycle.Service {
    struct Timing: Sendable {
        /// Between two looks at what auth has: its keys, and its revocations.
        var auth = Duration.seconds(2)
        /// Between two looks at another issuer's keys.
        var keysElsewhere = Duration.seconds(60)
        /// Between two looks that tokens with unknown keys cause, and after a first look that failed; twice as long
        /// after each further one.
        var keysAtMost = Duration.seconds(1)
        var patience = TimeAmount.seconds(2)
    }

    private static let largestKeySet = 1 << 20

    private let loops: ProxyLoops
    private let directory: EndpointDirectory
    private let serviceTokens: ServiceTokens
    private let client: HTTPClient
    private let timing: Timing
    private let logger: Logger
    private let age = TokenStateAge()
    private let changes: AsyncStream<[TrustedIssuer]>
    private let change: AsyncStream<[TrustedIssuer]>.Continuation
    /// By issuer that is watched: asks for a look at its keys.
    private let requests = NIOLockedValueBox<[TrustedIssuer: AsyncStream<Void>.Continuation]>([:])

    init(
        _ issuers: [TrustedIssuer], loops: ProxyLoops, directory: EndpointDirectory, serviceTokens: ServiceTokens,
        client: HTTPClient, timing: Timing = Timing(), logger: Logger
    ) {
        self.loops = loops
        self.directory = directory
        self.serviceTokens = serviceTokens
        self.client = client
        self.timing = timing
        self.logger = logger
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        use(issuers)
    }

    /// Watches these issuers in place of those before.
    func use(_ issuers: [TrustedIssuer]) {
        change.yield(issuers)
    }

    /// Has an issuer's keys looked at soon, because a token names one that is not known.
    @Sendable func requestKeys(of issuer: TrustedIssuer) {
        _ = requests.withLockedValue { $0[issuer] }?.yield()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.watchRevocations() }
                for await issuers in self.changes {
                    for (issuer, requests) in self.arrange(for: issuers) {
                        group.addTask { await self.watchKeys(of: issuer, requests) }
                    }
                }
            }
        }
    }

    /// Ends what watches other issuers.
    ///
    /// - Returns: those that nobody watches yet, with the requests for their keys.
    private func arrange(for issuers: [TrustedIssuer]) -> [(TrustedIssuer, AsyncStream<Void>)] {
        requests.withLockedValue { requests in
            for (issuer, request) in requests where !issuers.contains(issuer) {
                request.finish()
                requests[issuer] = nil
            }
            return issuers.filter { requests[$0] == nil }.map { issuer in
                let (stream, request) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                requests[issuer] = request
                return (issuer, stream)
            }
        }
    }

    private func watchKeys(of issuer: TrustedIssuer, _ requests: AsyncStream<Void>) async {
        let interval = issuer.origin == .auth ? timing.auth : timing.keysElsewhere
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await RecurringWork(
                    whenFailing: "the keys of \(issuer.name) can't be read; those known stay in force",
                    retryAfter: self.timing.keysAtMost...max(interval, self.timing.keysAtMost), logger: self.logger
                ) {
                    try await self.lookUpKeys(of: issuer)
                    return interval
                }.run()
            }
            for await _ in requests {
                do {
                    try await lookUpKeys(of: issuer)
                } catch {
                    // Who waits for it has been told, and the operator is by the regular look.
                    logger.debug("keys can't be read", metadata: ["issuer": "\(issuer.name)", "error": "\(error)"])
                }
                // Cut short by shutdown only, which ends the loop.
                try? await Task.sleep(for: timing.keysAtMost)
            }
            group.cancelAll()
        }
    }

    private func lookUpKeys(of issuer: TrustedIssuer) async throws {
        do {
            let keys = try KeyRing(json: try await keySet(of: issuer))
            loops.tell {
                $0.use(keys, of: issuer)
                $0.keysLookedUp(of: issuer, isReached: true)
            }
        } catch {
            loops.tell { $0.keysLookedUp(of: issuer, isReached: false) }
            throw error
        }
    }

    private func keySet(of issuer: TrustedIssuer) async throws -> Data {
        switch issuer.origin {
        case .auth: try await get(try authURL("/auth/.well-known/jwks.json"), upTo: Self.largestKeySet)
        case .elsewhere(let url, _): try await get(url, upTo: Self.largestKeySet)
        }
    }

    private func watchRevocations() async {
        let known = NIOLockedValueBox(Revocations())
        await RecurringWork(
            every: timing.auth, whenFailing: "auth's revocations can't be read; those known stay in force",
            logger: logger
        ) {
            try await self.age.measure {
                let list = try await self.get(
                    try self.authURL("/internal/revocations"), bearer: try await self.serviceTokens.make(),
                    upTo: 8 << 20)
                let revocations = Revocations(try WireJSON.decode(RevocationList.self, from: list))
                let isNew = known.withLockedValue { known in
                    defer { known = revocations }
                    return revocations != known
                }
                if isNew { self.loops.tell { $0.use(revocations) } }
            }
        }.run()
    }

    private func authURL(_ path: String) throws -> String {
        let states = directory.states(.auth)
        guard let endpoint = states.first(where: { $0.health == .up }) ?? states.first else { throw Unreachable() }
        return endpoint.address.url + path
    }

    private func get(_ url: String, bearer: String? = nil, upTo limit: Int) async throws -> Data {
        var request = HTTPClientRequest(url: url)
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        let response = try await client.execute(request, timeout: timing.patience)
        let body = try await response.body.collect(upTo: limit)
        guard response.status == .ok else { throw Unreachable(status: Int(response.status.code)) }
        return Data(body.readableBytesView)
    }
}

/// A service gave no answer that could be used.
struct Unreachable: Error, CustomStringConvertible {
    var status: Int?

    var description: String { status.map { "it answered \($0)" } ?? "no endpoint is known" }
}
