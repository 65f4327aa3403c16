import ArgumentParser

extension LyceumService {
    public static func main() async {
        await ServiceCommand<Self>.main()
    }
}

extension DataService {
    public static func main() async {
        await DataServiceCommand<Self>.main()
    }
}

/// The root command of a process without a database.
struct ServiceCommand<Service: LyceumService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Service.name, abstract: Service.summary,
            discussion: "Settings come from the environment; `\(Service.name) config` lists them.",
            subcommands: [
                ServeCommand<Service>.self, HealthcheckCommand<Service>.self, ConfigCommand<Service>.self,
            ] + Service.commands)
    }
}

/// The root command of a data service.
struct DataServiceCommand<Service: DataService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Service.name, abstract: Service.summary,
            discussion: "Settings come from the environment; `\(Service.name) config` lists them.",
            subcommands: [
                ServeCommand<Service>.self, MigrateCommand<Service>.self, SeedCommand<Service>.self,
                HealthcheckCommand<Service>.self, ConfigCommand<Service>.self,
            ] + Service.commands)
    }
}
