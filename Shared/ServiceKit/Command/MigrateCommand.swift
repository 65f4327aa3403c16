import ArgumentParser
import Logging
import Postgres

struct MigrateCommand<Service: DataService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "migrate",
            abstract: "Bring the schema up to date; safe to run from many replicas at once.")
    }

    @Flag(help: "Only list what would be applied.")
    var dryRun = false

    @Flag(help: "Print the SQL of what is applied, or would be.")
    var sql = false

    func run() async throws {
        let settings = try Service.Settings.fromEnvironment()
        let logger = Observability.bootstrap(service: Service.name, settings.process)
        let database = Service.database(settings)
        let options = database.options(applicationName: Service.name)
        let (migrations, prepared) = try await PostgresClient.withClient(options, logger: logger) { client in
            let migrator = Migrator(client, schema: database.schema, logger: logger)
            if dryRun { return (try await migrator.pending(Service.migrations), [String]()) }
            let applied = try await migrator.migrate(Service.migrations)
            return (applied, try await Service.prepareStores(settings, client, logger: logger))
        }
        for migration in migrations {
            print("\(dryRun ? "pending" : "applied") \(migration.name)")
            if sql { print(migration.sql) }
        }
        for name in prepared { print("in place \(name)") }
        if migrations.isEmpty { print("\(Service.name): the schema is up to date") }
    }
}
