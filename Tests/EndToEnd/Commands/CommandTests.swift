import Foundation
import Testing

extension EndToEnd {
    /// What an operator types.
    @Suite(.local) struct Commands {
        /// Each as it would be without any setting.
        static let nothingSet = Dictionary(
            uniqueKeysWithValues: ["DATABASE_URL", "INTERNAL_SECRET"].flatMap { [($0, ""), ($0 + "_FILE", "")] })

        let platform: LocalPlatform

        init() throws {
            platform = try .current
        }

        @Test("--help names the commands", arguments: Platform.Service.allCases)
        func help(service: Platform.Service) async throws {
            let text = try await Command(service.program, "--help").output()
            let ofData = Platform.Service.withData.contains(service) ? ["migrate", "seed"] : []
            for command in ["serve", "healthcheck", "config"] + ofData {
                #expect(text.contains("\n  \(command)"), "\(text)")
            }
        }

        @Test(
            "serve without its settings tells all that are missing, and ends with 78",
            arguments: Platform.Service.allCases)
        func missing(service: Platform.Service) async throws {
            let outcome = try await Command(service.program, "serve", environment: Self.nothingSet).run()
            #expect(outcome.status == 78, "\(outcome)")
            #expect(outcome.output.contains("INTERNAL_SECRET"))
            let needsDatabase = Platform.Service.withData.contains(service)
            #expect(outcome.output.contains("DATABASE_URL") == needsDatabase, "\(outcome)")
        }

        @Test("config shows what a service works with, and no secret", arguments: Platform.Service.allCases)
        func config(service: Platform.Service) async throws {
            let settings = [
                "INTERNAL_SECRET": "this must never be shown to anybody", "PORT": "12345",
                "DATABASE_URL": "postgres://somebody:hidden-word@127.0.0.1/lyceum",
            ]
            let text = try await Command(service.program, "config", environment: settings).output()
            #expect(text.contains("PORT=12345"))
            #expect(!text.contains("never be shown") && !text.contains("hidden-word"))
        }

        @Test("A setting that can't be right is named with what would be", arguments: Platform.Service.allCases)
        func invalid(service: Platform.Service) async throws {
            let settings = ["PORT": "many", "LOG_FORMAT": "xml", "INTERNAL_SECRET": "short"]
            let outcome = try await Command(service.program, "config", environment: settings).run()
            #expect(outcome.status == 78)
            for (name, _) in settings { #expect(outcome.output.contains("\(name): must"), "\(outcome)") }
        }

        @Test("healthcheck tells whether the service on this host can serve", arguments: Platform.Service.allCases)
        func healthcheck(service: Platform.Service) async throws {
            let running = platform.operationsPorts(of: service)
            let healthy = try await Command(service.program, "healthcheck", environment: running).run()
            #expect(healthy.status == 0, "\(healthy)")
            #expect(healthy.output.contains(#""status":"ok""#), "\(healthy)")

            let nobody = ["PORT": "1", "METRICS_PORT": "1"]
            #expect(try await Command(service.program, "healthcheck", environment: nobody).run().status == 1)
        }

        @Test(
            "Ten replicas that migrate at once migrate once; later there is nothing to do",
            arguments: Platform.Service.withData)
        func migrate(service: Platform.Service) async throws {
            try await withFreshDatabase(for: service) { environment in
                let announced = try await Command(
                    service.program, "migrate", "--dry-run", "--sql", environment: environment
                ).output()
                #expect(announced.contains("pending") && announced.contains("CREATE TABLE"), "\(announced)")
                let outputs = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 1...10 {
                        group.addTask {
                            try await Command(service.program, "migrate", environment: environment).output()
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outputs.filter { $0.contains("applied") }.count == 1, "\(outputs)")
                let again = try await Command(service.program, "migrate", environment: environment).output()
                #expect(again.contains("up to date"), "\(again)")
            }
        }

        @Test("Seeding twice is the same as once; production refuses it", arguments: Platform.Service.withData)
        func seed(service: Platform.Service) async throws {
            try await withFreshDatabase(for: service) { environment in
                _ = try await Command(service.program, "migrate", environment: environment).output()
                let production = environment.merging(["LYCEUM_MODE": "production"]) { _, new in new }
                let refusal = try await Command(service.program, "seed", environment: production).run()
                #expect(refusal.status != 0)
                #expect(refusal.output.contains("production"), "\(refusal)")

                _ = try await Command(service.program, "seed", environment: environment).output()
                let once = try await contents(service, environment)
                _ = try await Command(service.program, "seed", environment: environment).output()
                #expect(try await contents(service, environment) == once)
            }
        }

        /// A database where only this service's role may do anything.
        private func withFreshDatabase(
            for service: Platform.Service, _ body: ([String: String]) async throws -> Void
        ) async throws {
            let name = "fresh_\(service.rawValue)_\(UInt32.random(in: 0...(.max)))"
            _ = try await platform.query("CREATE DATABASE \(name)", in: "postgres")
            for sql in [
                "CREATE EXTENSION citext", "CREATE EXTENSION pg_trgm", "CREATE EXTENSION unaccent",
                "CREATE SCHEMA \(service.rawValue) AUTHORIZATION \(service.rawValue)",
            ] {
                _ = try await platform.query(sql, in: name)
            }
            let password = try platform.secret("\(service.rawValue.uppercased())_DATABASE_PASSWORD")
            let address = "127.0.0.1:\(platform.firstPort + 5)"
            try await body([
                "DATABASE_URL": "postgres://\(service.rawValue):\(password)@\(address)/\(name)",
                "INTERNAL_SECRET": try platform.secret("INTERNAL_SECRET"), "PORT": "0",
                "STORAGE_URL": "file:\(platform.folder.path)/fresh-media",
                "MAIL_URL": "file:\(platform.folder.path)/fresh-mail", "MAIL_FROM": "lyceum@example.org",
                "FRONTEND_URL": platform.url(of: .gateway),
            ])
            _ = try await platform.query("DROP DATABASE \(name) WITH (FORCE)", in: "postgres")
        }

        /// All rows of the service's schema.
        private func contents(_ service: Platform.Service, _ environment: [String: String]) async throws -> String {
            let dump = try await Command(
                "pg_dump", "--data-only", "--schema", service.rawValue, environment["DATABASE_URL"] ?? ""
            ).output()
            // Newer pg_dump guards its output with a random key; numbers that a sequence skips are not data; rows come in
            // the order in which they lie on the disk.
            return dump.split(separator: "\n").filter { !$0.contains("restrict") && !$0.contains("setval(") }
                .sorted().joined(separator: "\n")
        }
    }
}

extension Platform.Service {
    var program: String { Workspace.products.appending(path: rawValue).path }
}
