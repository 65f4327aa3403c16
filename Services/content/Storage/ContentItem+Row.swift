import Postgres
import WireProtocol

extension ContentItem {
    /// In the order in which ``init(_:)`` reads them. A draft whose time has come is shown as what it is by then, and
    /// keeps that time until its status says so.
    static let columns: SQL =
        """
         c.id, c.knowledge_id, c.chapter_id, c.language, c.content_type, c.title, c.body, c.format, c.metadata,
        """ + status + """
            , CASE WHEN c.status = 'draft' THEN c.publish_at END,
             c.version, c.created_by, c.created_at, c.updated_at
            """

    static let columnCount = 15

    /// Whether anyone may read it: of the table or row `c`.
    static let isPublished: SQL = "(c.status = 'published' OR " + isDue + ")"

    /// Whether it is a draft whose time has come, of the table or row `c`.
    static let isDue: SQL = "(c.status = 'draft' AND c.publish_at <= now())"

    /// What it is for readers: of the table or row `c`.
    static let status: SQL = "CASE WHEN " + isDue + " THEN 'published' ELSE c.status END"

    /// The time of a change of the row `c`: in a later second than all that it was before, since `Last-Modified` tells no
    /// less. So the last of many changes within a second is told as of a time still to come.
    static let timeOfChange: SQL =
        """
        greatest(clock_timestamp(),
                 date_trunc('second', greatest(c.updated_at, CASE WHEN c.publish_at <= now() THEN c.publish_at END))
                 + interval '1 second')
        """

    /// By position, since this is what most requests wait for.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row[0], fields: try ContentFields(row, from: 1), version: try row[11],
            createdBy: Identifier(rawValue: try row[12]), createdAt: try row[13], updatedAt: try row[14])
    }
}

extension ContentFields {
    /// From ten columns, the first of them at `start`.
    init(_ row: PostgresRow, from start: Int) throws {
        self.init(
            place: ContentPlace(
                knowledgeID: try row[start], chapterID: try row[start + 1], language: try row[start + 2],
                contentType: try row[start + 3]),
            title: try row[start + 4], body: try row[start + 5], format: try row[start + 6],
            metadata: JSONObjectText(text: try row[start + 7]), status: try row[start + 8],
            publishAt: try row[start + 9])
    }
}

extension ContentStatus: PostgresDecodable {}
extension ContentFormat: PostgresDecodable {}
