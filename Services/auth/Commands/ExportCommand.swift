import ArgumentParser
import Logging
import Postgres
import ServiceKit

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Bring accounts to another system.", subcommands: [Kratos.self])

    struct Kratos: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "kratos",
            abstract: "Bring accounts to an Ory Kratos, with their bcrypt hashes.",
            discussion: "Accounts that are there already stay as they are; it can be interrupted and run again.")

        @OptionGroup var server: KratosOption

        func run() async throws {
            try await AuthService.withDatabase { settings, database, logger in
                let move = KratosExport(admin: try server.admin(settings, logger: logger), database: database)
                try await MovePrinter.follow {
                    try await move.run { MovePrinter.tell($0) }
                }
            }
        }
    }
}
