import Postgres
import ServiceKit

extension ContentStore {
    /// Those whose title or body has the words, as their language inflects them; where none has, those whose title has
    /// words that are spelt alike. The best match first, then by id.
    ///
    /// Of many matches only ``candidates`` are ranked, and counted, so that a word which is everywhere costs no more than
    /// another: each is a row to be read. Those with all words in the title come first, which weigh most, then the first
    /// that the database comes upon.
    ///
    /// - Parameter words: in the syntax of `websearch_to_tsquery`; nothing in it is an error.
    func search(
        _ words: String, _ filter: ContentFilter, _ page: PageRequest<SearchHit.Key>
    ) async throws -> SearchSlice {
        switch page.after?.match {
        case .words: return try await withWords(words, filter, page)
        case .similar: return try await withSimilarTitle(words, filter, page)
        case nil:
            let slice = try await withWords(words, filter, page)
            return try await slice.hits.isEmpty ? withSimilarTitle(words, filter, page) : slice
        }
    }

    private static let candidates = 1_000
    private static let similarWords = 5
    /// Of the trigrams of a word: 0.45 forgives two letters in a long word, one in a short one.
    private static let leastSimilarity = "0.45"

    func count(_ filter: ContentFilter, matching words: String, as match: SearchHit.Match) async throws -> Int {
        switch match {
        case .words:
            let rows = try await database.query(
                "WITH" + Self.matches(filter) + " SELECT count(*) FROM matches",
                filter.parameters + [words, Self.candidates])
            return try rows.only?[0] ?? 0
        case .similar:
            let rows = try await comparing { transaction in
                try await transaction.query(
                    "SELECT count(*) FROM (SELECT FROM edtech_content c WHERE c.title %> ANY ($6::text[])"
                        + Self.clauses(filter) + " LIMIT $7) AS m",
                    filter.parameters + [Self.termsToCompare(words), Self.candidates])
            }
            return try rows.only?[0] ?? 0
        }
    }

    private func withWords(
        _ words: String, _ filter: ContentFilter, _ page: PageRequest<SearchHit.Key>
    ) async throws -> SearchSlice {
        let rows = try await database.query(
            "WITH" + Self.matches(filter) + " SELECT" + ContentItem.columns + """
                , c.found, c.rank,
                       CASE WHEN NOT c.is_literal THEN ts_headline(
                           search_config(c.language), search_escaped('plain', c.title), c.query,
                           'HighlightAll=true, StartSel=<mark>, StopSel=</mark>') END,
                       CASE WHEN NOT c.is_literal THEN ts_headline(
                           search_config(c.language), search_escaped(c.format, left(c.body, 20000)), c.query,
                           'MaxFragments=2, MinWords=8, MaxWords=25, StartSel=<mark>, StopSel=</mark>') END
                  FROM (SELECT p.rank, p.query, search_config(e.language) = 'pg_catalog.simple'::regconfig AS is_literal,
                               count(*) OVER () AS found,
                               sum(octet_length(e.body)) OVER (ORDER BY p.rank DESC, p.id) AS bytes, e.*
                          FROM (SELECT *
                                  FROM matches AS m
                                 WHERE $8::real IS NULL OR m.rank < $8 OR (m.rank = $8 AND m.id > $9)
                                 ORDER BY m.rank DESC, m.id
                                 LIMIT $10) AS p
                          JOIN edtech_content e USING (id)) AS c
                 WHERE c.bytes - octet_length(c.body) < $11
                 ORDER BY c.rank DESC, c.id
                """, filter.parameters + [words] + Self.bounds(page))
        return try SearchSlice(rows, .words, Highlighter(words: words))
    }

    private func withSimilarTitle(
        _ words: String, _ filter: ContentFilter, _ page: PageRequest<SearchHit.Key>
    ) async throws -> SearchSlice {
        let rows = try await comparing { transaction in
            try await transaction.query(
                "SELECT" + ContentItem.columns + """
                    , c.found, c.rank, NULL::text, NULL::text
                      FROM (SELECT p.rank, count(*) OVER () AS found,
                                   sum(octet_length(e.body)) OVER (ORDER BY p.rank DESC, p.id) AS bytes, e.*
                              FROM (SELECT m.*
                                      FROM (SELECT c.id, (SELECT sum(word_similarity(word, c.title))::real
                                                            FROM unnest($6::text[]) AS word) AS rank
                                              FROM edtech_content c
                                             WHERE c.title %> ANY ($6::text[])
                    """ + Self.clauses(filter) + """

                                                 LIMIT $7) AS m
                                         WHERE $8::real IS NULL OR m.rank < $8 OR (m.rank = $8 AND m.id > $9)
                                         ORDER BY m.rank DESC, m.id
                                         LIMIT $10) AS p
                                  JOIN edtech_content e USING (id)) AS c
                         WHERE c.bytes - octet_length(c.body) < $11
                         ORDER BY c.rank DESC, c.id
                        """, filter.parameters + [Self.termsToCompare(words)] + Self.bounds(page))
        }
        return try SearchSlice(rows, .similar, Highlighter(words: ""))
    }

    /// Runs `body` where `%>` holds for words that have ``leastSimilarity`` in common.
    private func comparing(
        _ body: @Sendable (PostgresTransaction) async throws -> PostgresRows
    ) async throws -> PostgresRows {
        try await database.withTransaction(readOnly: true) { transaction in
            try await transaction.query(
                "SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)", [Self.leastSimilarity])
            return try await body(transaction)
        }
    }

    /// `$7` to `$11`.
    private static func bounds(_ page: PageRequest<SearchHit.Key>) -> [any PostgresEncodable] {
        [
            candidates, page.after.map { Double($0.rank) }, page.after?.id ?? 0, page.limit + 1,
            ContentSlice.maximumBytes,
        ]
    }

    private static func termsToCompare(_ words: String) -> [String] {
        let terms = words.split { !$0.isLetter && !$0.isNumber }.filter { $0.lowercased() != "or" }
        return terms.prefix(similarWords).map(String.init)
    }

    /// The candidates, as a table `matches` of `WITH`: ids, ranks and queries.
    ///
    /// One look-up in each index for each query that differs between the text search configurations, or for that of the
    /// one language asked for. They are grouped as text, since to tsquery's equality a prefix is the word itself. What must
    /// not be there is left out for the rank, which would be nought by it.
    private static func matches(_ filter: ContentFilter) -> SQL {
        """
         queries AS MATERIALIZED (
            SELECT query, configs,
                   CASE WHEN querytree(query) IN ('', 'T') THEN query ELSE querytree(query)::tsquery END AS wanted
              FROM (SELECT query::text::tsquery AS query, array_agg(config) AS configs
                      FROM search_queries(search_folded($6), $3)
                     GROUP BY query::text) AS q),
         titled AS MATERIALIZED (
            SELECT c.id, ts_rank(c.search, q.wanted) AS rank, q.query
              FROM queries q
              JOIN edtech_content c ON ts_filter(c.search, '{a}') @@ q.query
               AND search_config(c.language) = ANY (q.configs)
             WHERE (c.search @@ q.query) IS TRUE
        """ + clauses(filter) + """

                 LIMIT $7),
             others AS (
                SELECT c.id, ts_rank(c.search, q.wanted) AS rank, q.query
                  FROM queries q
                  JOIN edtech_content c ON c.search @@ q.query AND search_config(c.language) = ANY (q.configs)
                 WHERE c.id NOT IN (SELECT id FROM titled)
            """ + clauses(filter) + """

                     LIMIT $7 - (SELECT count(*) FROM titled)),
                 matches AS (TABLE titled UNION ALL TABLE others)
                """
    }
}

extension SearchSlice {
    /// From rows of an item, how many there would be without the bound on bytes, the rank, and the highlights of title
    /// and body as far as the database has made them.
    fileprivate init(_ rows: PostgresRows, _ match: SearchHit.Match, _ highlighter: Highlighter) throws {
        hits = try rows.map { row in
            let item = try ContentItem(row)
            let (title, body): (String?, String?) = (
                try row[ContentItem.columnCount + 2], try row[ContentItem.columnCount + 3]
            )
            let highlight =
                if let title, let body {
                    Highlight(title: title, body: body)
                } else {
                    highlighter.highlight(title: item.fields.title, body: item.fields.body, format: item.fields.format)
                }
            return SearchHit(
                item: item,
                key: SearchHit.Key(
                    match: match, rank: Float(try row[ContentItem.columnCount + 1] as Double), id: item.id),
                highlight: highlight)
        }
        let found: Int = try rows.first?[ContentItem.columnCount] ?? 0
        isCut = found > rows.count
    }
}
