import FoundationEssentials
import Postgres
import WireProtocol

extension PostgresCatalogue {
    func items(_ filter: MediaFilter, limit: Int, after: MediaPosition?) async throws -> [MediaItem] {
        try await database.query(
            "SELECT " + MediaItem.columns
                + """
                  FROM media
                 WHERE deleted_at IS NULL
                   AND status = 'available'
                """ + filter.condition
                + (after == nil
                    ? """

                       AND $4::timestamptz IS NULL AND $5::uuid IS NULL
                    """
                    : """

                       AND (created_at, id) < ($4::timestamptz, $5::uuid)
                    """)
                    + """

                     ORDER BY created_at DESC, id DESC
                     LIMIT $6
                    """,
            filter.parameters + [after?.createdAt, after?.id.rawValue, limit + 1]
        ).map(MediaItem.init)
    }

    func count(_ filter: MediaFilter) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(*) AS total
              FROM media
             WHERE deleted_at IS NULL
               AND status = 'available'
            """ + filter.condition, filter.parameters)
        return try rows.only?["total"] ?? 0
    }
}

extension MediaFilter {
    /// $1 to $3. A filter that isn't set still names its parameter, but leaves the planner nothing to weigh.
    fileprivate var condition: SQL {
        let byScope: SQL =
            switch scope {
            case .all: " AND $1::text IS NULL"
            case .owned: " AND owner_id = $1::uuid"
            case .visible: " AND visibility = $1::text"
            }
        let byKnowledge: SQL = knowledgeID == nil ? " AND $2::integer IS NULL" : " AND knowledge_id = $2::integer"
        let byType: SQL = contentType == nil ? " AND $3::text IS NULL" : " AND content_type = $3::text"
        return byScope + byKnowledge + byType
    }

    fileprivate var parameters: [any PostgresEncodable] {
        let scoped: String? =
            switch scope {
            case .all: nil
            case .owned(let owner): owner.description
            case .visible(let visibility): visibility.rawValue
            }
        return [scoped, knowledgeID, contentType]
    }
}
