import AsyncHTTPClient
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceKit
import ServiceLifecycle

/// Keeps the event loops told of every service's endpoints: resolves their names again and again, and asks each on
/// `/ready` whether it can serve.
final class EndpointDirectory: ServiceLifecycle.Service {
    struct Timing: Sendable {
        var interval = Duration.seconds(2)
        /// While an endpoint is not up.
        var impatientInterval = Duration.milliseconds(500)
        /// How long an answer may take. On a host that is short of processor time all services answer late at once; were they
        /// all taken for down, every request would be refused that they go on to serve.
        var patience = TimeAmount.seconds(3)
    }

    /// Finds every address of a name.
    typealias Resolve = @Sendable (UpstreamAddress) async throws -> [SocketAddress]

    private typealias Records = [SocketAddress: HealthRecord]

    /// What a name stood for when it could last be resolved.
    private struct Resolution {
        var addresses: [SocketAddress] = []
        var isFailing = false
    }

    private let upstreams: NIOLockedValueBox<[[UpstreamAddress]]>
    private let loops: ProxyLoops
    private let client: HTTPClient
    private let timing: Timing
    private let logger: Logger
    private let resolve: Resolve
    private let resolutions = NIOLockedValueBox<[UpstreamAddress: Resolution]>([:])
    private let metrics = EndpointMetrics()
    private let records = NIOLockedValueBox<[Backend: Records]>([:])

    init(
        _ configuration: Configuration, loops: ProxyLoops, client: HTTPClient, timing: Timing = Timing(),
        resolve: Resolve? = nil, logger: Logger
    ) {
        upstreams = NIOLockedValueBox(configuration.services.map(\.upstreams))
        self.loops = loops
        self.client = client
        self.timing = timing
        let resolver = HostResolver()
        self.resolve =
            resolve
            ?? {
                try await resolver.addresses(
                    of: $0.host, port: $0.port, on: MultiThreadedEventLoopGroup.singleton.any()
                ).get()
            }
        self.logger = logger
    }

    /// Looks for every service where this says, from the next look on.
    func use(_ configuration: Configuration) {
        upstreams.withLockedValue { $0 = configuration.services.map(\.upstreams) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for backend in Backend.allCases { group.addTask { await self.watch(backend) } }
            }
        }
    }

    /// Each service by itself, so that one that answers late keeps no news of another.
    private func watch(_ backend: Backend) async {
        while !Task.isCancelled {
            await check(backend)
            let areAllUp = records.withLockedValue { $0[backend]?.values.allSatisfy(\.isUp) ?? true }
            // Interrupted by shutdown only, and then the loop ends.
            try? await Task.sleep(for: areAllUp ? timing.interval : timing.impatientInterval)
        }
    }

    /// Every known endpoint, in a steady order.
    func states(_ backend: Backend) -> [EndpointState] {
        records.withLockedValue { $0[backend] ?? [:] }
            .map { EndpointState(address: $0.key, health: $0.value.health) }
            .sorted { $0.address.description < $1.address.description }
    }

    private func check(_ backend: Backend) async {
        let addresses = await addresses(of: backend)
        var current = records.withLockedValue { $0[backend] ?? [:] }.filter { addresses.contains($0.key) }
        for address in addresses where current[address] == nil { current[address] = HealthRecord() }
        publish(current, of: backend)
        let results = await withTaskGroup(of: (SocketAddress, Bool).self) { group in
            for address in addresses {
                group.addTask { (address, await self.isReady(address)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        guard !Task.isCancelled else { return }
        for (address, isReady) in results {
            let before = current[address]?.health
            current[address]?.note(success: isReady)
            if let after = current[address]?.health, after != before {
                logger.notice(
                    "endpoint is \(after)", metadata: ["backend": "\(backend.name)", "address": "\(address)"])
            }
        }
        publish(current, of: backend)
        do {
            metrics.record(states(backend), ejected: try await loops.ask { $0.ejected(backend) }, of: backend)
        } catch {
            logger.debug("the event loops have been shut down", metadata: ["error": "\(error)"])
        }
    }

    /// While a name can't be resolved, what it stood for goes on: the checks tell which of it still serves.
    private func addresses(of backend: Backend) async -> Set<SocketAddress> {
        var addresses: Set<SocketAddress> = []
        for upstream in upstreams.withLockedValue({ $0[backend.rawValue] }) {
            var resolution = resolutions.withLockedValue { $0[upstream] } ?? Resolution()
            do {
                resolution = Resolution(addresses: try await resolve(upstream))
            } catch {
                if !resolution.isFailing {
                    logger.warning(
                        "name can't be resolved; the addresses known stay", metadata: ["error": "\(error)"])
                }
                resolution.isFailing = true
            }
            addresses.formUnion(resolution.addresses)
            resolutions.withLockedValue { [resolution] in $0[upstream] = resolution }
        }
        return addresses
    }

    private func isReady(_ address: SocketAddress) async -> Bool {
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: "\(address.url)/ready"), timeout: timing.patience)
            for try await _ in response.body {}
            return response.status == .ok
        } catch {
            return false
        }
    }

    private func publish(_ current: Records, of backend: Backend) {
        records.withLockedValue { $0[backend] = current }
        let states = states(backend)
        loops.tell { $0.use(states, of: backend) }
    }
}

extension HealthRecord {
    fileprivate var isUp: Bool { health == .up }
}

extension SocketAddress {
    /// `http://` with host and port.
    var url: String { "http://\(hostAndPort)" }

    /// `127.0.0.1:8081`, `[::1]:8081`.
    var hostAndPort: String {
        let host = ipAddress ?? ""
        return "\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
    }
}
