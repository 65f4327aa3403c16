import FoundationEssentials
import Logging
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

/// The Bolt server that tests may use, and the databases on it that they may empty.
enum TestGraph {
    static let environment = ProcessInfo.processInfo.environment

    /// For `.enabled(if: TestGraph.isAvailable)`.
    static var isAvailable: Bool { environment["TEST_GRAPH_URL"] != nil && !databases.isEmpty }

    static let databases = (environment["TEST_GRAPH_DATABASES"] ?? "").split(separator: " ").map(String.init)

    /// As a service has them, but for retries: what loses against another transaction in a test is tried again soon, and for
    /// as long as a busy machine may need.
    static func options(database: String? = nil) throws -> BoltOptions {
        guard let server = environment["TEST_GRAPH_URL"] else { throw Unavailable() }
        var options = BoltOptions(url: try BoltURL(database.map { "\(server)/\($0)" } ?? server))
        options.retry.firstDelay = .milliseconds(20)
        options.retry.longest = .seconds(60)
        options.acquisitionTimeout = .seconds(60)
        return options
    }

    static var quiet: Logger { Logger(label: "graph") { _ in SwiftLogNoOpLogHandler() } }

    /// Runs `body` with a database of its own, empty but for what `content migrate` makes.
    @discardableResult
    static func withDatabase<Value: Sendable>(
        _ body: @Sendable (BoltOptions) async throws -> Value
    ) async throws -> Value {
        try await TestGraphGate.shared.pass { name in
            let options = try options(database: name)
            try await BoltClient.withClient(options, logger: quiet) { client in
                let graph = BoltGraph(client: client, titles: NoTitles())
                _ = try await graph.migrate()
                try await graph.removeAll()
            }
            return try await body(options)
        }
    }

    struct Unavailable: Error {}

    private struct NoTitles: ChapterTitles {
        func titles(
            of chapters: Set<ChapterReference>, in languages: ReaderLanguages
        ) async throws -> [ChapterReference: ChapterTitle] { [:] }
        func contains(_ chapter: ChapterReference) async throws -> Bool { false }
    }
}

/// Hands each database to one test at a time.
private actor TestGraphGate {
    static let shared = TestGraphGate()

    private var free = TestGraph.databases
    private var waiting: [CheckedContinuation<String, Never>] = []

    nonisolated func pass<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let name = await enter()
        do {
            let value = try await body(name)
            await leave(name)
            return value
        } catch {
            await leave(name)
            throw error
        }
    }

    private func enter() async -> String {
        if let name = free.popLast() { return name }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func leave(_ name: String) {
        if waiting.isEmpty { free.append(name) } else { waiting.removeFirst().resume(returning: name) }
    }
}

/// The stores that pass the same tests.
enum GraphBackend: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case postgres, bolt

    /// Those that can be tested here; see ``BoltGraphTests`` for the word about the others.
    static var available: [GraphBackend] { TestGraph.isAvailable ? [.postgres, .bolt] : [.postgres] }

    var testDescription: String { rawValue }

    /// Runs `body` with an empty store of this kind.
    func withStore(
        _ database: PostgresClient, _ body: @Sendable (any GraphTransfer) async throws -> Void
    ) async throws {
        switch self {
        case .postgres: try await body(PostgresGraph(database: database))
        case .bolt:
            try await TestGraph.withDatabase { options in
                try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                    try await body(
                        BoltGraph(client: client, titles: PostgresChapterTitles(database: database)))
                }
            }
        }
    }
}
