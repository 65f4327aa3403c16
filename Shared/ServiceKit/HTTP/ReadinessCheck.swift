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

    /// Whether auth has told its keys, without which no token can be judged.
    ///
    /// A service that just started is `down` without, so that nobody is sent to it before it knows them. When auth does not
    /// answer by the time that the images' health check gives a service to start, it is `degraded`: what is public is
    /// served.
    ///
    /// - Parameter patience: counted from this call.
    public static func authKeys(_ verifier: TokenVerifier, patience: Duration = .seconds(30)) -> ReadinessCheck {
        let deadline = ContinuousClock.now + patience
        return ReadinessCheck("auth") {
            verifier.hasKeys
                ? .init(status: .ok)
                : .init(
                    status: ContinuousClock.now < deadline ? .down : .degraded,
                    detail: "Auth has not told its keys, so that no token can be checked; see AUTH_URL and auth's log")
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
