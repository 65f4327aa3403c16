import AsyncHTTPClient
import FoundationEssentials
import Hummingbird
import Logging
import Postgres
import ServiceKit
import WireProtocol

/// The media service: files for lessons.
@main
enum MediaService: DataService {
    static let name = "media"
    static let summary = "Files for lessons: upload, download with ranges, signed URLs, maintenance."

    static let migrations = [
        KitMigrations.idempotency, KitMigrations.outbox,
        Migration(resource: "0010_media.sql", PackageResources._010_media_sql),
    ]

    static func database(_ settings: Settings) -> DatabaseSettings { settings.database }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        let database = PostgresClient(settings.database.options(applicationName: name), logger: logger)
        let tokens = TokenVerifier(issuer: settings.tokens.issuer, audience: settings.tokens.audience)
        let serviceTokens = await ServiceTokens(service: name, secret: settings.tokens.internalSecret)
        let objects = FolderStore(root: settings.storage, logger: logger)
        let library = MediaLibrary(
            catalogue: PostgresCatalogue(database: database), objects: objects, rules: settings.intake, logger: logger)
        let client = HTTPClient.shared
        return serviceApplication(
            library, settings.process, database: database, tokens: tokens, serviceTokens: serviceTokens
        ).build(
            services: [
                database,
                TokenStateWatcher(
                    tokens, serviceTokens: serviceTokens, authURL: settings.tokens.authURL, client: client,
                    logger: logger),
                OutboxRelay(
                    to: "analytics", at: settings.analyticsURL, database: database, serviceTokens: serviceTokens,
                    client: client, logger: logger),
            ], logger: logger)
    }

    static func serviceApplication(
        _ library: MediaLibrary, _ process: ProcessSettings, database: PostgresClient, tokens: TokenVerifier,
        serviceTokens: ServiceTokens
    ) -> ServiceApplication {
        ServiceApplication(
            service: name, process: process, contract: PackageResources.openapi_yaml, routes: routes(library),
            tokens: tokens, serviceTokens: serviceTokens, idempotency: IdempotencyStore(database),
            readiness: [.postgres(database), .store(library.objects)])
    }

    static func routes(_ library: MediaLibrary) -> [Route] {
        MediaRoutes(library: library).routes
            + UploadRoutes(library: library).routes
            + ContentRoutes(library: library).routes
    }

    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws {
        let catalogue = PostgresCatalogue(database: database)
        let library = MediaLibrary(
            catalogue: catalogue, objects: FolderStore(root: settings.storage, logger: logger),
            rules: settings.intake, logger: logger)
        try await library.addDemoFiles(except: catalogue.present(of: DemoFile.all.map(\.id)))
    }
}
