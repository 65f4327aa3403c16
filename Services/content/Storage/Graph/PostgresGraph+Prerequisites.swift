import Postgres

extension PostgresGraph {
    /// Two prerequisites that close a cycle only together must not both go in, and neither transaction sees the row of
    /// the other. So whoever adds one waits for the graph's lock first; at READ COMMITTED each later statement sees
    /// all that earlier holders committed, which makes the check exact. SERIALIZABLE would do too, but it tracks every
    /// row and index page that the recursion reads, aborts writers that merely passed by the same concepts, and needs
    /// retries; here writers queue for the milliseconds that one check takes, and readers never wait. Deleting needs
    /// no lock, it can't close a cycle.
    static func lock(in transaction: PostgresTransaction) async throws {
        try await transaction.query(
            "SELECT pg_advisory_xact_lock(hashtextextended('graph/' || current_schema(), 0))")
    }

    func add(_ prerequisite: Prerequisite) async throws {
        guard prerequisite.concept != prerequisite.needs else { throw GraphError.cycle([prerequisite.concept]) }
        do {
            try await database.withTransaction { transaction in
                try await Self.lock(in: transaction)
                let back = try await Self.graph(from: prerequisite.needs, along: .prerequisites, in: transaction)
                if let path = back.shortestPath(to: prerequisite.concept) {
                    throw GraphError.cycle([prerequisite.concept] + path.dropLast())
                }
                let inserted = try await transaction.query(
                    """
                    INSERT INTO prerequisites (concept_id, needs_id)
                    SELECT c.id, n.id
                      FROM concepts c, concepts n
                     WHERE c.slug = $1
                       AND n.slug = $2
                        ON CONFLICT (concept_id, needs_id) DO UPDATE SET needs_id = excluded.needs_id
                    """, [prerequisite.concept, prerequisite.needs])
                guard inserted.affectedRows == 1 else { throw GraphError.conceptNotFound(prerequisite.concept) }
            }
        } catch let error as PostgresError {
            switch error.constraintViolated {
            case "prerequisites_concept_id_fkey": throw GraphError.conceptNotFound(prerequisite.concept)
            case "prerequisites_needs_id_fkey": throw GraphError.conceptNotFound(prerequisite.needs)
            default: throw error
            }
        }
    }

    func remove(_ prerequisite: Prerequisite) async throws {
        let rows = try await database.query(
            """
            DELETE FROM prerequisites p
             USING concepts c, concepts n
             WHERE c.slug = $1
               AND n.slug = $2
               AND p.concept_id = c.id
               AND p.needs_id = n.id
            """, [prerequisite.concept, prerequisite.needs])
        guard rows.affectedRows == 1 else { throw GraphError.prerequisiteNotFound(prerequisite) }
    }
}
