import Postgres

/// The graph in tables of content's own schema; see `Migrations/0011_graph.sql`.
struct PostgresGraph: GraphStore {
    let database: PostgresClient
}

extension ConceptSlug: PostgresEncodable, PostgresArrayEncodable, PostgresDecodable {
    var postgresParameter: PostgresParameter { description.postgresParameter }

    static func decode(_ cell: PostgresCell) throws -> ConceptSlug {
        let text = try String.decode(cell)
        guard let slug = ConceptSlug(text) else { throw GraphCorruption.slug(text) }
        return slug
    }
}

/// The store holds what the graph's rules exclude, or lacks what they demand.
enum GraphCorruption: Error {
    case slug(String)
    case missingOrigin(ConceptSlug)
    /// `content migrate` has not prepared this graph database.
    case noLock
}
