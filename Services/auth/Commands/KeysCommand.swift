import ArgumentParser
import FoundationEssentials
import ServiceKit

/// `auth keys`: the keys that sign access tokens.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List or rotate the keys that sign access tokens.",
        subcommands: [List.self, Rotate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the published keys, the newest first.")

        func run() async throws {
            try await AuthService.withDatabase { settings, database, _ in
                let store = PostgresTokenState(database: database, tokenLifetime: settings.lifetimes.verifiableFor)
                let keys = try await store.signingKeys()
                let now = Date()
                let current = keys.current(at: now)?.id
                for key in keys { print("\(key.id)  \(key.state(isCurrent: key.id == current, at: now))") }
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key and retire the old one; nothing has to be restarted.",
            discussion: """
                The new key is published at once and signs after a while, when the gateway and every service know it. The \
                old one is published until the last token that it signed has expired.
                """)

        @Option(help: "Seconds until the new key signs, 10 to 86400; services look for keys every 2 s.")
        var lead = 60

        func validate() throws {
            guard (10...86_400).contains(lead) else { throw ValidationError("--lead must be from 10 to 86400.") }
        }

        func run() async throws {
            try await AuthService.withDatabase { settings, database, _ in
                let store = PostgresTokenState(database: database, tokenLifetime: settings.lifetimes.verifiableFor)
                let key = try await store.rotate(lead: lead, AuditEntry(action: .keyRotated, origin: .commandLine))
                print("\(key.id)  signs in \(lead) s")
            }
        }
    }
}

extension SigningKey {
    fileprivate func state(isCurrent: Bool, at now: Date) -> String {
        if let retiredAt, retiredAt <= now { return "retired \(retiredAt.formatted(.iso8601))" }
        return isCurrent ? "signs" : "signs from \(activeAt.formatted(.iso8601)) on"
    }
}
