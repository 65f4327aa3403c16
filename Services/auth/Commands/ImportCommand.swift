import ArgumentParser
import Logging
import Postgres
import ServiceKit

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take accounts over from another system.", subcommands: [Kratos.self])

    struct Kratos: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "kratos",
            abstract: "Take accounts over from an Ory Kratos, with their bcrypt hashes.",
            discussion: "Accounts that are here already stay as they are; it can be interrupted and run again.")

        @OptionGroup var server: KratosOption

        @Option(help: "The token of the page to begin with, as an interrupted import told it.")
        var fromPage: String?

        func run() async throws {
            try await AuthService.withDatabase { settings, database, logger in
                let move = KratosImport(admin: try server.admin(settings, logger: logger), database: database)
                try await MovePrinter.follow {
                    try await move.run(from: fromPage) { report, next in MovePrinter.tell(report, next: next) }
                }
            }
        }
    }
}
