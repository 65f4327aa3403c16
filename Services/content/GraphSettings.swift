import ServiceKit

/// Where the knowledge graph is kept.
struct GraphSettings: Sendable {
    /// `nil` when it is kept in content's own schema.
    let bolt: BoltOptions?

    init(from reader: inout SettingsReader) {
        let url = reader.string(
            "GRAPH_URL", default: "",
            "Neo4j, as bolt://user:password@host:7687/database, or neo4j:// for a cluster, with +s for TLS; when empty, "
                + "the graph is in PostgreSQL.")
        let connections = reader.integer(
            "GRAPH_CONNECTIONS", default: 16, in: 1...500, "Connections to each server of Neo4j at most, per replica.")
        guard !url.isEmpty else {
            bolt = nil
            return
        }
        do {
            var options = BoltOptions(url: try BoltURL(url))
            options.maximumConnections = connections
            bolt = options
        } catch {
            reader.note("GRAPH_URL", "\(error)")
            bolt = nil
        }
    }
}
