import NIOCore
import WireProtocol

/// Sums up the platform from what the directory and the event loops know.
struct HealthReport: Sendable {
    let directory: EndpointDirectory
    let loops: ProxyLoops

    /// - Parameter showsAddresses: for admins only.
    /// - Throws: when an event loop has been shut down.
    func make(showsAddresses: Bool) async throws -> PlatformHealth {
        var services: [String: PlatformHealth.Service] = [:]
        var status = Health.Status.ok
        for backend in Backend.allCases {
            let outstanding = try await loops.ask { $0.outstanding(backend) }
            let ejected = try await loops.ask { $0.ejected(backend) }
            let instances = directory.states(backend).map { state in
                PlatformHealth.Instance(
                    address: showsAddresses ? state.address.hostAndPort : nil, healthy: state.health == .up,
                    ejected: ejected.contains { $0.contains(state.address) },
                    outstanding: outstanding.reduce(0) { $0 + ($1[state.address] ?? 0) })
            }
            let service = Self.status(of: instances)
            services[backend.name] = .init(status: service, instances: instances)
            if service == .down, backend.isVital {
                status = .down
            } else if service != .ok, status == .ok {
                status = .degraded
            }
        }
        return PlatformHealth(status: status, services: services)
    }

    private static func status(of instances: [PlatformHealth.Instance]) -> Health.Status {
        guard instances.contains(where: \.healthy) else { return .down }
        return instances.allSatisfy { $0.healthy && !$0.ejected } ? .ok : .degraded
    }
}
