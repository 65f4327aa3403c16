import ArgumentParser
import ServiceKit

/// `content graph`.
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Work on the knowledge graph as a whole.",
        subcommands: [GraphCopyCommand.self])
}

/// `content graph copy`.
struct GraphCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Move the graph between PostgreSQL and Neo4j, and compare the two after.",
        discussion: """
            Both are those of the settings: DATABASE_URL and GRAPH_URL. The source stays as it is. Nobody should write \
            to it meanwhile; if somebody does, the comparison fails, and another run with --resume catches up.
            """)

    enum Place: String, ExpressibleByArgument, CaseIterable {
        case postgres, bolt
    }

    @Option(help: "Where the graph is: postgres or bolt.")
    var from: Place

    @Option(help: "Where it is to go: postgres or bolt.")
    var to: Place

    @Flag(help: "Go on with a copy that was interrupted; what the target holds already is put in again.")
    var resume = false

    @Flag(help: "Delete what the target holds first.")
    var replace = false

    func validate() throws {
        guard from != to else { throw ValidationError("--from and --to must differ.") }
        guard !resume || !replace else { throw ValidationError("--resume and --replace exclude each other.") }
    }

    func run() async throws {
        try await ContentService.withDatabase { settings, database, logger in
            guard let bolt = settings.graph.bolt else {
                throw ValidationError("GRAPH_URL names no graph database to copy \(to == .bolt ? "to" : "from").")
            }
            let digest = try await BoltClient.withClient(bolt, logger: logger) { client in
                try await copy(PostgresGraph(database: database), client, PostgresChapterTitles(database: database))
            }
            print("both hold \(digest)")
        }
    }

    private func copy(
        _ postgres: PostgresGraph, _ client: BoltClient, _ titles: PostgresChapterTitles
    ) async throws -> GraphDigest {
        let graph = BoltGraph(client: client, titles: titles)
        _ = try await graph.migrate()
        let copy =
            from == .postgres
            ? GraphCopy(source: postgres, target: graph, titles: titles)
            : GraphCopy(source: graph, target: postgres, titles: titles)
        return try await copy.run(replace ? .isReplaced : resume ? .resumes : .mustBeEmpty) { print($0) }
    }
}

extension GraphCopy.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .targetNotEmpty(let count):
            "The target holds \(count) concepts already: --replace deletes them, --resume goes on with a copy."
        case .differs(let from, let to):
            """
            The copy differs. The source holds \(from),
            the target \(to).
            Was something written meanwhile, or did the target hold something else? --resume or --replace tries again.
            """
        }
    }
}
