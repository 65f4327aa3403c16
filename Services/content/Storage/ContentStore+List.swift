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

    /// What belongs to a page of `limit` items, and whether there is another.
    func page(limit: Int) -> (items: ArraySlice<ContentItem>, hasMore: Bool) {
        let count = isCut ? max(items.count - 1, 1) : min(items.count, limit)
        return (items.prefix(count), isCut || items.count > count)
    }
}

extension ContentStore {
    /// By id.
    func list(_ filter: ContentFilter, _ page: PageRequest<Int>) async throws -> ContentSlice {
        let clauses = Self.clauses(filter)
        let rows = try await database.query(
            "SELECT" + ContentItem.columns + """
                , c.found
                  FROM (SELECT *, count(*) OVER () AS found, sum(octet_length(body)) OVER (ORDER BY id) AS bytes
                          FROM (
                """ + (filter.isOfPublished ? Self.published(clauses) : Self.page(clauses)) + """
                    ) AS page) AS c
                     WHERE c.bytes - octet_length(c.body) < $8
                     ORDER BY c.id
                    """, filter.parameters + [page.after ?? 0, page.limit + 1, ContentSlice.maximumBytes])
        return try ContentSlice(rows)
    }

    /// What is published has two indexes: its own, and that of the drafts whose time has come, which are few.
    private static func published(_ clauses: SQL) -> SQL {
        "SELECT * FROM ((" + page(" AND c.status = 'published'" + clauses) + ") UNION ALL ("
            + page(" AND " + ContentItem.isDue + clauses) + ")) AS p ORDER BY id LIMIT $7"
    }

    private static func page(_ clauses: SQL) -> SQL {
        "SELECT * FROM edtech_content c WHERE id > $6" + clauses + " ORDER BY id LIMIT $7"
    }

    func count(_ filter: ContentFilter) async throws -> Int {
        let rows = try await database.query(
            "SELECT count(*) FROM edtech_content c WHERE true" + Self.clauses(filter), filter.parameters)
        return try rows.only?[0] ?? 0
    }

    /// Of the knowledge items that have the chapter `$2`: content has no index of its chapters alone.
    private static let withSuchChapter: SQL =
        " AND c.knowledge_id = ANY (ARRAY(SELECT h.knowledge_id FROM chapters h WHERE h.chapter_id = $2))"

    /// An absent filter still names its parameter, so that its type is known.
    static func clauses(_ filter: ContentFilter) -> SQL {
        let knowledge: SQL = filter.knowledgeID == nil ? " AND $1::integer IS NULL" : " AND c.knowledge_id = $1"
        let chapter: SQL =
            switch (filter.chapterID, filter.knowledgeID) {
            case (nil, _): " AND $2::text IS NULL"
            case (_, nil): " AND c.chapter_id = $2" + Self.withSuchChapter
            case (_, _): " AND c.chapter_id = $2"
            }
        let language: SQL = filter.language == nil ? " AND $3::text IS NULL" : " AND c.language = $3"
        let contentType: SQL = filter.contentType == nil ? " AND $4::text IS NULL" : " AND c.content_type = $4"
        // By literals, which the indexes of the published and of the others name too.
        let named: SQL = " AND $5::text IS NOT NULL"
        let status: SQL =
            switch filter.status {
            case nil: " AND $5::text IS NULL"
            case .published: named + " AND " + ContentItem.isPublished
            case .draft: named + " AND c.status = 'draft' AND (c.publish_at IS NULL OR c.publish_at > now())"
            case .generating: named + " AND c.status = 'generating'"
            case .failed: named + " AND c.status = 'failed'"
            case .archived: named + " AND c.status = 'archived'"
            }
        let published: SQL = filter.seesDrafts ? "" : " AND " + ContentItem.isPublished
        return knowledge + chapter + language + contentType + status + published
    }
}

extension ContentFilter {
    fileprivate var isOfPublished: Bool { status == .published || (status == nil && !seesDrafts) }

    /// `$1` to `$5`.
    var parameters: [any PostgresEncodable] {
        [knowledgeID, chapterID, language?.description, contentType, status?.rawValue]
    }
}

extension ContentSlice {
    /// From rows that end with a column which counts what would be there without the bound on bytes.
    init(_ rows: PostgresRows) throws {
        items = try rows.map(ContentItem.init)
        let found: Int = try rows.first?[ContentItem.columnCount] ?? 0
        isCut = found > rows.count
    }
}
