import Hummingbird
import Logging
import ServiceLifecycle

/// Runs an application until SIGTERM or SIGINT, then gives what runs `grace` to finish.
struct ServiceRun {
    private let group: ServiceGroup

    init(_ application: any ApplicationProtocol, grace: Duration, logger: Logger) {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: application)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = grace
        configuration.maximumCancellationDuration = .seconds(5)
        group = ServiceGroup(configuration: configuration)
    }

    func run() async throws {
        try await group.run()
    }
}
