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
        KitMigrations.late(KitMigrations.inbox, version: 11),
        Migration(resource: "0012_erasure.sql", PackageResources._012_erasure_sql),
        Migration(resource: "0013_deleted_events.sql", PackageResources._013_deleted_events_sql),
    ]

    static func database(_ settings: Settings) -> DatabaseSettings { settings.database }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        let database = PostgresClient(settings.database.options(applicationName: name), logger: logger)
        let tokens = TokenVerifier(settings.tokens)
        let serviceTokens = await ServiceTokens(service: name, secret: settings.tokens.internalSecret)
        let storeClient = StoreClient()
        let library = library(settings, database, storeClient, logger: logger)
        let signedURLs = SignedURLs(
            signer: URLSigner(secret: settings.tokens.internalSecret), publicURL: settings.publicURL)
        let client = HTTPClient.shared
        return ServiceApplication(
            service: name, process: settings.process, contract: PackageResources.openapi_yaml,
            routes: routes(library, database, settings.maintenance, signedURLs), tokens: tokens,
            serviceTokens: serviceTokens, idempotency: IdempotencyStore(database),
            readiness: [.postgres(database), .authKeys(tokens), .store(library.objects)]
        ).build(
            services: [
                database, storeClient,
                TokenStateWatcher(
                    tokens, serviceTokens: serviceTokens, authURL: settings.tokens.authURL, client: client,
                    logger: logger),
                OutboxRelay(
                    to: "analytics", at: settings.analyticsURL,
                    database: settings.database.options(applicationName: name), serviceTokens: serviceTokens,
                    client: client, logger: logger),
                OutboxRelay(
                    to: "content", at: settings.contentURL, database: settings.database.options(applicationName: name),
                    serviceTokens: serviceTokens,
                    client: client, logger: logger),
            ], logger: logger)
    }

    static func routes(
        _ library: MediaLibrary, _ database: PostgresClient, _ maintenance: MaintenanceRules, _ signedURLs: SignedURLs
    ) -> [Route] {
        let uploads = PostgresPartedUploads(
            database: database, catalogue: PostgresCatalogue(database: database))
        let desk = PartedUploadDesk(library: library, uploads: uploads, logger: library.logger)
        let records = PostgresMaintenanceRecords(database: database)
        return MediaRoutes(library: library).routes
            + UploadRoutes(library: library).routes
            + ContentRoutes(library: library, signedURLs: signedURLs).routes
            + PresignRoutes(library: library, signedURLs: signedURLs).routes
            + PartedUploadRoutes(desk: desk, signedURLs: signedURLs).routes
            + MaintenanceRoutes(objects: library.objects, records: records, rules: maintenance).routes
            + IncomingEvents(sink: inbox(database)).routes
    }

    static func inbox(_ database: PostgresClient) -> InboxSink {
        InboxSink(database) { payload, transaction in
            if case .userDeleted(let news) = payload { try await transaction.erase(news.userID) }
        }
    }

    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws {
        let present = try await PostgresCatalogue(database: database).present(of: DemoFile.all.map(\.id))
        try await StoreClient.run { storeClient in
            try await library(settings, database, storeClient, logger: logger).addDemoFiles(except: present)
        }
    }

    private static func library(
        _ settings: Settings, _ database: PostgresClient, _ storeClient: StoreClient, logger: Logger
    ) -> MediaLibrary {
        let objects: any ObjectStore =
            switch settings.storage {
            case .folder(let root): FolderStore(root: root, logger: logger)
            case .bucket(let bucket, let credentials, let publicAddress):
                S3Store(
                    client: S3Client(bucket: bucket, credentials: credentials, http: storeClient.http),
                    publicAddress: publicAddress, logger: logger)
            }
        return MediaLibrary(
            catalogue: PostgresCatalogue(database: database), objects: objects, rules: settings.intake, logger: logger)
    }
}
