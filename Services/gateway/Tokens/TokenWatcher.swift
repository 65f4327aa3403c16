import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import ServiceKit
import ServiceLifecycle
import WireProtocol

/// Keeps the event loops told of auth's public keys and revocations. While auth is down, what is known stays in force:
/// tokens already issued keep working until they expire, and nothing is opened.
final class TokenWatcher: ServiceLifecycle.Service {
    struct Timing: Sendable {
        var keys = Duration.seconds(60)
        var revocations = Duration.seconds(2)
        /// Between two looks at the keys, whoever asks for them.
        var keysAtMost = Duration.seconds(1)
        var patience = TimeAmount.seconds(2)
    }

    private let loops: ProxyLoops
    private let directory: EndpointDirectory
    private let serviceTokens: ServiceTokens
    private let client: HTTPClient
    private let timing: Timing
    private let logger: Logger
    private let age = TokenStateAge()
    private let requests: AsyncStream<Void>
    private let request: AsyncStream<Void>.Continuation

    init(
        loops: ProxyLoops, directory: EndpointDirectory, serviceTokens: ServiceTokens, client: HTTPClient,
        timing: Timing = Timing(), logger: Logger
    ) {
        self.loops = loops
        self.directory = directory
        self.serviceTokens = serviceTokens
        self.client = client
        self.timing = timing
        self.logger = logger
        (requests, request) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has the keys looked at soon, because a token names one that is not known.
    func requestKeys() {
        request.yield()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.watchKeys() }
                group.addTask { await self.watchRevocations() }
                group.addTask { await self.requestKeysRegularly() }
            }
        }
    }

    private func watchKeys() async {
        var known = KeyRing()
        var wasReached = true
        for await _ in requests {
            let began = ContinuousClock.now
            do {
                let keys = try KeyRing(json: try await get("/auth/.well-known/jwks.json"))
                if keys != known {
                    known = keys
                    loops.tell { $0.use(keys) }
                }
                wasReached = true
            } catch {
                report(error, after: wasReached, "auth's keys can't be read; those known stay in force")
                wasReached = false
            }
            let isReached = wasReached
            loops.tell { $0.keysLookedUp(isReached: isReached) }
            await pause(timing.keysAtMost - (ContinuousClock.now - began))
            // Until the first success there is nothing to judge by.
            if known.isEmpty { requestKeys() }
        }
    }

    private func requestKeysRegularly() async {
        while !Task.isCancelled {
            requestKeys()
            await pause(timing.keys)
        }
    }

    private func watchRevocations() async {
        var known = Revocations()
        var wasReached = true
        while !Task.isCancelled {
            do {
                try await age.measure {
                    let list = try WireJSON.decode(
                        RevocationList.self,
                        from: try await get("/internal/revocations", bearer: try await serviceTokens.make()))
                    let revocations = Revocations(list)
                    if revocations != known {
                        known = revocations
                        loops.tell { $0.use(revocations) }
                    }
                }
                wasReached = true
            } catch {
                report(error, after: wasReached, "auth's revocations can't be read; those known stay in force")
                wasReached = false
            }
            await pause(timing.revocations)
        }
    }

    private func get(_ path: String, bearer: String? = nil) async throws -> Data {
        let states = directory.states(.auth)
        guard let endpoint = states.first(where: { $0.health == .up }) ?? states.first else { throw Unreachable() }
        var request = HTTPClientRequest(url: endpoint.address.url + path)
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        let response = try await client.execute(request, timeout: timing.patience)
        let body = try await response.body.collect(upTo: 8 << 20)
        guard response.status == .ok else { throw Unreachable(status: Int(response.status.code)) }
        return Data(body.readableBytesView)
    }

    /// Cut short by shutdown only, which ends the loop that pauses.
    private func pause(_ duration: Duration) async {
        try? await Task.sleep(for: duration)
    }

    private func report(_ error: any Error, after wasReached: Bool, _ message: Logger.Message) {
        guard wasReached, !Task.isCancelled else { return }
        logger.warning(message, metadata: ["error": "\(error)"])
    }
}

/// A service gave no answer that could be used.
struct Unreachable: Error, CustomStringConvertible {
    var status: Int?

    var description: String { status.map { "it answered \($0)" } ?? "no endpoint is known" }
}
