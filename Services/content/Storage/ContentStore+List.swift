import Postgres
import ServiceKit
import WireProtocol

/// Which content items are asked for.
struct ContentFilter: Sendable {
    var knowledgeID: Int?
    var chapterID: String?
    var language: LanguageTag?
    var contentType: String?
    var status: ContentStatus?
    /// Whether the reader may know of what is not published.
    var seesDrafts: Bool
}

/// The items of a page, and one more when there are more.
struct ContentSlice: Sendable {
    /// The texts of one page together, in bytes; a page may be shorter than its limit for this.
    static let maximumBytes = 8 << 20

    let items: [ContentItem]
    /// Whether ``maximumBytes`` ended the page; the last item belongs to the next one then.
    let isCut: Bool
}

extension ContentStore {
    /// By id.
    func list(_ filter: ContentFilter, _ page: PageRequest<Int>) async throws -> ContentSlice {
        let rows = try await database.query(
            "SELECT" + ContentItem.columns + """
                , c.found
                  FROM (SELECT *, count(*) OVER () AS found, sum(octet_length(body)) OVER (ORDER BY id) AS bytes
                          FROM (SELECT *
                                  FROM edtech_content c
                                 WHERE id > $6
                """ + Self.clauses(filter) + """

                                     ORDER BY id
                                     LIMIT $7) AS page) AS c
                     WHERE c.bytes - octet_length(c.body) < $8
                     ORDER BY c.id
                    """, filter.parameters + [page.after ?? 0, page.limit + 1, ContentSlice.maximumBytes])
        return try ContentSlice(rows)
    }

    func count(_ filter: ContentFilter) async throws -> Int {
        let rows = try await database.query(
            "SELECT count(*) FROM edtech_content c WHERE true" + Self.clauses(filter), filter.parameters)
        return try rows.only?[0] ?? 0
    }

    /// An absent filter still names its parameter, so that its type is known.
    static func clauses(_ filter: ContentFilter) -> SQL {
        let knowledge: SQL = filter.knowledgeID == nil ? " AND $1::integer IS NULL" : " AND c.knowledge_id = $1"
        let chapter: SQL = filter.chapterID == nil ? " AND $2::text IS NULL" : " AND c.chapter_id = $2"
        let language: SQL = filter.language == nil ? " AND $3::text IS NULL" : " AND c.language = $3"
        let contentType: SQL = filter.contentType == nil ? " AND $4::text IS NULL" : " AND c.content_type = $4"
        let status: SQL = filter.status == nil ? " AND $5::text IS NULL" : " AND c.status = $5"
        let published: SQL = filter.seesDrafts ? "" : " AND c.status = 'published'"
        return knowledge + chapter + language + contentType + status + published
    }
}

extension ContentFilter {
    /// `$1` to `$5`.
    var parameters: [any PostgresEncodable] {
        [knowledgeID, chapterID, language?.description, contentType, status?.rawValue]
    }
}

extension ContentSlice {
    /// From rows whose 15th column counts what would be there without the bound on bytes.
    init(_ rows: PostgresRows) throws {
        items = try rows.map(ContentItem.init)
        let found: Int = try rows.only?[14] ?? 0
        isCut = found > rows.count
    }
}
