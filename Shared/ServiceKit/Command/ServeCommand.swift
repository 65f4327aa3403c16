import ArgumentParser
import Hummingbird
import Logging

struct ServeCommand<Service: LyceumService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve", abstract: "Run until SIGTERM or SIGINT; running requests are finished first.")
    }

    func run() async throws {
        let settings = try Service.Settings.fromEnvironment()
        let logger = Observability.bootstrap(service: Service.name, settings.process)
        let application = try await Service.application(settings, logger: logger)
        try await ServiceRun(application, grace: settings.process.shutdownGrace, logger: logger).run()
    }
}
