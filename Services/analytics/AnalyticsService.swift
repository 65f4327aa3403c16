import AsyncHTTPClient
import Hummingbird
import Logging
import Postgres
import ServiceKit

/// Learning events and what can be learnt from them.
@main
enum AnalyticsService: DataService {
    static let name = "analytics"
    static let summary = "Learning analytics: events, engagement, generation and performance reports."

    static let migrations = [
        KitMigrations.idempotency, KitMigrations.inbox,
        Migration(resource: "0010_analytics.sql", PackageResources._010_analytics_sql),
    ]

    static func database(_ settings: Settings) -> DatabaseSettings { settings.database }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        let database = PostgresClient(settings.database.options(applicationName: name), logger: logger)
        let tokens = TokenVerifier(settings.tokens)
        let serviceTokens = await ServiceTokens(service: name, secret: settings.tokens.internalSecret)
        let watcher = TokenStateWatcher(
            tokens, serviceTokens: serviceTokens, authURL: settings.tokens.authURL, client: .shared, logger: logger)
        return server(settings.process, database, tokens: tokens, serviceTokens: serviceTokens)
            .build(services: [database, watcher] + upkeep(database, logger: logger), logger: logger)
    }

    /// The HTTP side, without what runs beside it.
    static func server(
        _ process: ProcessSettings, _ database: PostgresClient, tokens: TokenVerifier, serviceTokens: ServiceTokens
    ) -> ServiceApplication {
        ServiceApplication(
            service: name, process: process, contract: PackageResources.openapi_yaml, routes: routes(database),
            tokens: tokens, serviceTokens: serviceTokens, idempotency: IdempotencyStore(database),
            readiness: [.postgres(database), .authKeys(tokens)])
    }

    static func routes(_ database: PostgresClient) -> [Route] {
        EventRoutes(log: LearningEventStore(database: database)).routes
            + GenerationRoutes(log: GenerationStore(database: database)).routes
            + EngagementRoutes(reports: EngagementStore(database: database)).routes
            + PerformanceRoutes(reports: PerformanceStore(database: database)).routes
            + ProgressRoutes(book: ProgressStore(database: database)).routes
            + CoverageRoutes(reports: CoverageStore(database: database)).routes
            + ExportRoutes(exports: ExportStore(database: database)).routes
            + IncomingEvents(sink: NewsStore(database: database)).routes
    }

    private static func upkeep(_ database: PostgresClient, logger: Logger) -> [RecurringWork] {
        let partitions = PartitionStore(database: database)
        let rollup = EngagementRollup(database: database)
        return [
            RecurringWork(
                every: .seconds(60), whenFailing: "partitions for the coming months can't be made", logger: logger
            ) {
                try await partitions.keep()
            },
            RecurringWork(
                whenFailing: "engagement reports fall behind", retryAfter: .seconds(1)...(.seconds(15)), logger: logger
            ) {
                let start = ContinuousClock.now
                try await rollup.refresh()
                // A tenth of the time at most.
                return max(.seconds(1), start.duration(to: .now) * 10)
            },
        ]
    }

    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws {
        guard settings.process.mode != .production else { throw SeedRefused() }
        try await DemoSeed(database: database).run()
    }
}
