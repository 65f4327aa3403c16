import ArgumentParser
import Logging
import Postgres

struct SeedCommand<Service: DataService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "seed", abstract: "Put the demonstration data in place; twice is the same as once.")
    }

    func run() async throws {
        let settings = try Service.Settings.fromEnvironment()
        let logger = Observability.bootstrap(service: Service.name, settings.process)
        guard settings.process.mode != .production else { throw SeedRefused() }
        let options = Service.database(settings).options(applicationName: Service.name)
        try await PostgresClient.withClient(options, logger: logger) { client in
            try await Service.seed(settings, client, logger: logger)
        }
        print("\(Service.name): the demonstration data is in place")
    }
}
