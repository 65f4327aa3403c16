import ArgumentParser
import Logging
import Postgres

/// Reads one row by its primary key, again and again, from many tasks: what `pgbench -S -M prepared` does, on its tables.
@main
struct PostgresBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postgres-benchmark", abstract: "Measures one-row look-ups per second through Shared/Postgres.")

    @Option(help: "The database that pgbench -i has filled.")
    var url: String

    @Option(help: "How many tasks ask at the same time.")
    var tasks = 64

    @Option(help: "How many connections they share.")
    var connections = 8

    @Option(help: "How long to measure, in seconds, after one second of warming up.")
    var seconds = 5

    @Option(help: "Rows in pgbench_accounts: 100,000 times pgbench's scale.")
    var rows = 100_000

    func run() async throws {
        var logger = Logger(label: "postgres-benchmark")
        logger.logLevel = .warning
        let options = PostgresOptions(url: url, maximumConnections: connections)
        try await PostgresClient.withClient(options, logger: logger) { client in
            _ = try await lookUps(client, for: .seconds(1))
            let (count, elapsed) = try await lookUps(client, for: .seconds(seconds))
            print(Int(Double(count) / (elapsed / .seconds(1))))
        }
    }

    private func lookUps(_ client: PostgresClient, for duration: Duration) async throws -> (Int, Duration) {
        let start = ContinuousClock.now
        let end = start + duration
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<tasks {
                group.addTask { try await lookUps(client, until: end) }
            }
            return try await group.reduce(0, +)
        }
        return (count, ContinuousClock.now - start)
    }

    private func lookUps(_ client: PostgresClient, until end: ContinuousClock.Instant) async throws -> Int {
        var random = Xorshift(state: .random(in: 1 ... .max))
        var count = 0
        while ContinuousClock.now < end {
            let key = Int.random(in: 1...rows, using: &random)
            let row = try await client.query("SELECT abalance FROM pgbench_accounts WHERE aid = $1", [key]).only
            guard let row else { throw ValidationError("pgbench_accounts has no row \(key)") }
            let _: Int = try row["abalance"]
            count += 1
        }
        return count
    }
}

/// A generator that costs next to nothing, as pgbench's does (Marsaglia, "Xorshift RNGs", 2003).
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
