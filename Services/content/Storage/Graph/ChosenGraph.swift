import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// The graph where the settings say that it is, with what has to run for it.
struct ChosenGraph: Sendable {
    let store: any GraphStore
    private let client: BoltClient?

    /// Connects to nothing yet.
    init(_ settings: GraphSettings, database: PostgresClient, logger: Logger) throws {
        if let options = settings.bolt {
            let client = try BoltClient(options, logger: logger)
            self.client = client
            store = BoltGraph(client: client, titles: PostgresChapterTitles(database: database))
        } else {
            client = nil
            store = PostgresGraph(database: database)
        }
    }

    var services: [any Service] { client.map { [$0] } ?? [] }

    /// Lessons are served without a graph.
    var readiness: [ReadinessCheck] {
        guard let client else { return [] }
        return [
            ReadinessCheck("graph") {
                await client.isReady
                    ? .init(status: .ok)
                    : .init(
                        status: .degraded,
                        detail: "Neo4j does not answer, so that there is no graph; see GRAPH_URL and the server's log")
            }
        ]
    }
}
