import Postgres
import ServiceKit

/// Which knowledge items are asked for.
struct KnowledgeFilter: Sendable {
    var subject: String?
    /// Part of the title, subject or description, in any case.
    var words: String?
}

extension KnowledgeStore {
    /// By id, one more than asked for when there are more.
    func list(_ filter: KnowledgeFilter, _ page: PageRequest<Int32>) async throws -> [Knowledge] {
        let rows = try await database.query(
            "SELECT" + Knowledge.columns + " FROM knowledge WHERE id > $3" + Self.clauses(filter)
                + " ORDER BY id LIMIT $4",
            [filter.subject, filter.words, page.after ?? 0, page.limit + 1])
        return try rows.map(Knowledge.init)
    }

    func count(_ filter: KnowledgeFilter) async throws -> Int {
        let rows = try await database.query(
            "SELECT count(*) FROM knowledge WHERE true" + Self.clauses(filter), [filter.subject, filter.words])
        return try rows.only?[0] ?? 0
    }

    /// An absent filter still names its parameter, so that its type is known.
    private static func clauses(_ filter: KnowledgeFilter) -> SQL {
        let subject: SQL = filter.subject == nil ? " AND $1::text IS NULL" : " AND subject = $1"
        let words: SQL =
            filter.words == nil
            ? " AND $2::text IS NULL"
            : #" AND words ILIKE '%' || regexp_replace($2, '([\\%_])', '\\\1', 'g') || '%'"#
        return subject + words
    }
}
