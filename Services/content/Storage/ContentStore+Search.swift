import Postgres
import ServiceKit

extension ContentStore {
    /// The sort key of search results.
    struct Rank: Sendable, Codable {
        let rank: Double
        let id: Int
    }

    /// Those whose title or body has the words, as their language inflects them; the best match first, then by id.
    ///
    /// - Parameter words: in the syntax of `websearch_to_tsquery`; nothing in it is an error.
    func search(
        _ words: String, _ filter: ContentFilter, _ page: PageRequest<Rank>
    ) async throws -> (slice: ContentSlice, ranks: [Int: Double]) {
        let rows = try await database.query(
            "SELECT" + ContentItem.columns + """
                , c.found, c.rank
                  FROM (SELECT p.rank, count(*) OVER () AS found,
                               sum(octet_length(e.body)) OVER (ORDER BY p.rank DESC, p.id) AS bytes, e.*
                          FROM (SELECT c.id, ts_rank(c.search, q.query) AS rank
                """ + Self.matches + Self.clauses(filter) + """

                                       AND ($7::real IS NULL OR ts_rank(c.search, q.query) < $7
                                            OR (ts_rank(c.search, q.query) = $7 AND c.id > $8))
                                     ORDER BY rank DESC, id
                                     LIMIT $9) AS p
                              JOIN edtech_content e USING (id)) AS c
                     WHERE c.bytes - octet_length(c.body) < $10
                     ORDER BY c.rank DESC, c.id
                    """,
            filter.parameters + [
                words, page.after?.rank, page.after?.id ?? 0, page.limit + 1, ContentSlice.maximumBytes,
            ])
        let slice = try ContentSlice(rows)
        let ranks = try rows.map { row in (try row[0] as Int, try row[15] as Double) }
        return (slice, Dictionary(ranks, uniquingKeysWith: { first, _ in first }))
    }

    func count(_ filter: ContentFilter, matching words: String) async throws -> Int {
        let rows = try await database.query(
            "SELECT count(*)" + Self.matches + Self.clauses(filter), filter.parameters + [words])
        return try rows.only?[0] ?? 0
    }

    /// One look-up in the index for each text search configuration, or for that of the one language asked for.
    private static let matches: SQL =
        """
         FROM search_queries($6, $3) AS q
         JOIN edtech_content c ON c.search @@ q.query AND search_config(c.language) = q.config
        WHERE true
        """
}
