import Postgres
import WireProtocol

extension ContentItem {
    /// In the order in which ``init(_:)`` reads them.
    static let columns: SQL =
        """
         c.id, c.knowledge_id, c.chapter_id, c.language, c.content_type, c.title, c.body, c.format, c.metadata,
         c.status, c.version, c.created_by, c.created_at, c.updated_at
        """

    /// By position, since this is what most requests wait for.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row[0], fields: try ContentFields(row, from: 1), version: try row[10],
            createdBy: Identifier(rawValue: try row[11]), createdAt: try row[12], updatedAt: try row[13])
    }
}

extension ContentFields {
    /// From nine columns, the first of them at `start`.
    init(_ row: PostgresRow, from start: Int) throws {
        self.init(
            place: ContentPlace(
                knowledgeID: try row[start], chapterID: try row[start + 1], language: try row[start + 2],
                contentType: try row[start + 3]),
            title: try row[start + 4], body: try row[start + 5], format: try row[start + 6],
            metadata: JSONObjectText(text: try row[start + 7]), status: try row[start + 8])
    }
}

extension ContentStatus: PostgresDecodable {}
extension ContentFormat: PostgresDecodable {}
