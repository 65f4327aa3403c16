import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import Logging
import Postgres
import ServiceKit

@main
enum ContentService: DataService {
    static let name = "content"
    static let summary = "Courses, chapters, their content in every language, and the knowledge graph."

    static let migrations = [
        KitMigrations.idempotency, KitMigrations.outbox,
        Migration(resource: "0010_content.sql", PackageResources._010_content_sql),
        Migration(resource: "0011_graph.sql", PackageResources._011_graph_sql),
        KitMigrations.late(KitMigrations.inbox, version: 12),
        Migration(resource: "0013_erasure.sql", PackageResources._013_erasure_sql),
        Migration(resource: "0014_search.sql", PackageResources._014_search_sql),
        Migration(resource: "0015_editing.sql", PackageResources._015_editing_sql),
        Migration(resource: "0016_bulk.sql", PackageResources._016_bulk_sql),
        Migration(resource: "0017_media.sql", PackageResources._017_media_sql),
        Migration(resource: "0018_search_vector.sql", PackageResources._018_search_vector_sql),
        Migration(resource: "0019_bulk_speed.sql", PackageResources._019_bulk_speed_sql),
        Migration(resource: "0020_restorable_search.sql", PackageResources._020_restorable_search_sql),
        Migration(resource: "0021_lookups.sql", PackageResources._021_lookups_sql),
        Migration(resource: "0022_index_speed.sql", PackageResources._022_index_speed_sql),
    ]

    static let contract = PackageResources.openapi_yaml
    /// Who is told of changes.
    static let outbox = Outbox(targets: ["analytics"])

    static func database(_ settings: Settings) -> DatabaseSettings { settings.database }

    static func routes(
        _ database: PostgresClient, graph: any GraphStore, progress: any LearnerProgress, maximumBulkBytes: Int
    ) -> [Route] {
        let knowledge = KnowledgeStore(database: database, outbox: outbox)
        let content = ContentStore(database: database, outbox: outbox)
        return KnowledgeRoutes(store: knowledge).routes
            + CoverageRoutes(knowledge: knowledge, coverage: LanguageCoverageStore(database: database)).routes
            + ChapterRoutes(knowledge: knowledge, store: ChapterStore(database: database, outbox: outbox)).routes
            + ReadingRoutes(library: content).routes
            + ContentListRoutes(store: content).routes
            + BulkRoutes(store: bulkStore(database), maximumBytes: maximumBulkBytes).routes
            + ExportRoutes(store: content).routes
            + ContentRoutes(store: content).routes
            + TrashRoutes(trash: TrashStore(content: content)).routes
            + MediaLinkRoutes(links: MediaLinkStore(database: database)).routes
            + VersionRoutes(content: content, versions: VersionStore(database: database)).routes
            + GraphRoutes(
                graph: graph, titles: PostgresChapterTitles(database: database), progress: progress
            ).routes
            + IncomingEvents(sink: inbox(database)).routes
    }

    static func bulkStore(_ database: PostgresClient) -> BulkStore {
        BulkStore(database: database, outbox: outbox)
    }

    static func inbox(_ database: PostgresClient) -> InboxSink {
        InboxSink(database) { payload, transaction in
            switch payload {
            case .userDeleted(let news): try await transaction.erase(news.userID)
            case .mediaDeleted(let news): try await MediaLinkStore.forget(news, in: transaction)
            default: break
            }
        }
    }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        let database = PostgresClient(settings.database.options(applicationName: name), logger: logger)
        let graph = try ChosenGraph(settings.graph, database: database, logger: logger)
        let serviceTokens = await ServiceTokens(service: name, secret: settings.tokens.internalSecret)
        let tokens = TokenVerifier(settings.tokens)
        let watcher = TokenStateWatcher(
            tokens, serviceTokens: serviceTokens, authURL: settings.tokens.authURL, client: .shared, logger: logger)
        let relay = OutboxRelay(
            to: "analytics", at: settings.analyticsURL, database: settings.database.options(applicationName: name),
            serviceTokens: serviceTokens,
            client: .shared, logger: logger)
        return ServiceApplication(
            service: name, process: settings.process, contract: contract,
            routes: routes(
                database, graph: graph.store, progress: AnalyticsProgress(url: settings.analyticsURL, client: .shared),
                maximumBulkBytes: settings.maximumBulkBytes), tokens: tokens,
            serviceTokens: serviceTokens, idempotency: IdempotencyStore(database),
            readiness: [.postgres(database), .authKeys(tokens)] + graph.readiness
        ).build(
            services: [database, watcher, relay] + graph.services + upkeep(settings, database, logger: logger),
            logger: logger)
    }

    private static func upkeep(
        _ settings: Settings, _ database: PostgresClient, logger: Logger
    ) -> [RecurringWork] {
        let content = ContentStore(database: database, outbox: outbox)
        let trash = TrashStore(content: content)
        let ledger = bulkStore(database).ledger
        return [
            RecurringWork(
                every: .seconds(1), whenFailing: "analytics does not hear of scheduled texts", logger: logger
            ) {
                try await content.publishAllDue()
            },
            RecurringWork(
                every: .seconds(3_600), whenFailing: "deleted texts and ended loads stay for now", logger: logger
            ) {
                try await trash.purge(after: settings.trashRetention)
                try await ledger.deleteExpired()
            },
        ]
    }

    static func prepareStores(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws
        -> [String]
    {
        let languages = StoredLanguages(
            knowledge: KnowledgeStore(database: database, outbox: outbox), outbox: outbox)
        for language in try await languages.canonicalise() {
            logger.notice("language renamed", metadata: ["from": "\(language.old)", "to": "\(language.canonical)"])
        }
        guard let options = settings.graph.bolt else { return [] }
        return try await BoltClient.withClient(options, logger: logger) { client in
            try await BoltGraph(client: client, titles: PostgresChapterTitles(database: database)).migrate()
        }
    }

    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws {
        let graph = try ChosenGraph(settings.graph, database: database, logger: logger)
        try await ContentSeed(
            knowledge: KnowledgeStore(database: database, outbox: outbox),
            chapters: ChapterStore(database: database, outbox: outbox),
            content: ContentStore(database: database, outbox: outbox), graph: graph.store
        ).run()
    }

    static let commands: [any ParsableCommand.Type] = [GraphCommand.self]
}
