import ArgumentParser
import FoundationEssentials
import Glibc

struct ConfigCommand<Service: LyceumService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "config",
            abstract: "Print the effective settings, secrets masked; exit with 78 when one is missing or invalid.")
    }

    func run() async throws {
        var reader = SettingsReader(environment: ProcessInfo.processInfo.environment)
        _ = Service.Settings(from: &reader)
        print("# Instead of NAME, NAME_FILE can name a file that holds the value, such as a mounted secret.")
        for variable in reader.variables {
            print("\(variable.name)=\(variable.shown)")
            print("    \(variable.meaning) (\(variable.source.rawValue))")
        }
        // Faults go to standard error, which has no buffer to wait in.
        fflush(nil)
        try reader.requireFaultless()
    }
}
