public import Postgres
public import WireProtocol

/// One thing that a service depends on, and how to see whether it is there.
public struct ReadinessCheck: Sendable {
    public let name: String
    let check: @Sendable () async -> Readiness.Dependency

    public init(_ name: String, _ check: @escaping @Sendable () async -> Readiness.Dependency) {
        self.name = name
        self.check = check
    }

    public static func postgres(_ client: PostgresClient) -> ReadinessCheck {
        ReadinessCheck("postgres") {
            await client.isReady
                ? .init(status: .ok)
                : .init(status: .down, detail: "PostgreSQL does not answer; see DATABASE_URL and the server's log")
        }
    }

    /// Asks all at once.
    static func all(_ checks: [ReadinessCheck]) async -> Readiness {
        await withTaskGroup(of: (String, Readiness.Dependency).self) { group in
            for check in checks {
                group.addTask { (check.name, await check.check()) }
            }
            return Readiness(dependencies: await group.reduce(into: [:]) { $0[$1.0] = $1.1 })
        }
    }
}
