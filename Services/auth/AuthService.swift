import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import Logging
import Postgres
import ServiceKit

@main
enum AuthService: DataService {
    static let name = "auth"
    static let summary = "Accounts, sessions and tokens."

    static let migrations = [
        KitMigrations.idempotency,
        Migration(resource: "0010_auth.sql", PackageResources._010_auth_sql),
        Migration(resource: "0011_locale.sql", PackageResources._011_locale_sql),
        KitMigrations.late(KitMigrations.outbox, version: 12),
        Migration(resource: "0013_identities.sql", PackageResources._013_identities_sql),
        Migration(resource: "0014_mail.sql", PackageResources._014_mail_sql),
        Migration(resource: "0015_two_factor.sql", PackageResources._015_two_factor_sql),
        Migration(resource: "0016_key_activation.sql", PackageResources._016_key_activation_sql),
        Migration(resource: "0017_identity_news.sql", PackageResources._017_identity_news_sql),
        Migration(resource: "0018_password_cost.sql", PackageResources._018_password_cost_sql),
        Migration(resource: "0019_identity_enabling.sql", PackageResources._019_identity_enabling_sql),
    ]

    static let commands: [any ParsableCommand.Type] = [
        UserCommand.self, AuditCommand.self, KeysCommand.self, ImportCommand.self, ExportCommand.self,
    ]

    static func database(_ settings: Settings) -> DatabaseSettings { settings.database }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        let database = PostgresClient(settings.database.options(applicationName: name), logger: logger)
        return try await application(
            settings, AuthParts(settings, database: database, logger: logger), logger: logger)
    }

    static func application(_ settings: Settings, _ parts: AuthParts, logger: Logger) async throws
        -> any ApplicationProtocol
    {
        let database = parts.database
        let serviceTokens = await ServiceTokens(service: name, secret: settings.tokens.internalSecret)
        let application = ServiceApplication(
            service: name, process: settings.process, contract: PackageResources.openapi_yaml, routes: parts.routes,
            tokens: parts.verifier, serviceTokens: serviceTokens,
            idempotency: IdempotencyStore(database, seal: AnswerSeal(secret: settings.tokens.internalSecret)),
            readiness: [.postgres(database), .keys(parts.verifier)])
        let relays = settings.receivers.map { receiver in
            OutboxRelay(
                to: receiver.name, at: receiver.url, database: settings.database.options(applicationName: name),
                serviceTokens: serviceTokens, client: .shared, logger: logger)
        }
        return application.build(
            services: [
                database,
                TokenStateFeed(state: parts.tokenState, logger: logger),
                try parts.mailSender(settings.mail, logger: logger),
                Housekeeping(
                    database: database, tokenLifetime: parts.tokenStore.tokenLifetime, lifetimes: settings.lifetimes,
                    outbox: parts.outbox, logger: logger),
            ] + relays + [parts.follower].compactMap(\.self), logger: logger)
    }

    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws {
        try await DemoAccounts(database: database, cost: settings.hashing.cost).put()
    }
}

extension ReadinessCheck {
    /// Without keys no token can be judged; they are read, or the first one made, right after the start.
    fileprivate static func keys(_ verifier: TokenVerifier) -> ReadinessCheck {
        ReadinessCheck("signing_keys") {
            verifier.hasKeys ? .init(status: .ok) : .init(status: .down, detail: "not read from PostgreSQL yet")
        }
    }
}
