import Postgres
import WireProtocol

extension ContentStore: ContentLibrary {
    func item(_ id: Int, seesDrafts: Bool) async throws -> ContentItem {
        if !seesDrafts { return try await published.item(id) }
        return try await database.query(Self.itemByID, [id]).item()
    }

    func head(_ id: Int, seesDrafts: Bool) async throws -> ContentHead {
        let rows = try await database.query(
            "SELECT" + Self.headColumns
                + " FROM edtech_content c WHERE c.id = $1 AND ($2 OR " + ContentItem.isPublished + ")",
            [id, seesDrafts])
        guard let row = rows.only else { throw ContentError.noSuchContent }
        return try ContentHead(row)
    }

    func head(of lesson: LessonRequest) async throws -> ContentHead {
        let rows = try await database.query(
            "SELECT" + Self.headColumns + """

                  FROM edtech_content c
                  JOIN knowledge k ON k.id = c.knowledge_id
                 WHERE c.knowledge_id = $1
                   AND c.chapter_id = $2
                   AND c.content_type = $3
                   AND ($5 OR
                """ + ContentItem.isPublished + """
                    )
                     ORDER BY array_position($4::text[], c.language) NULLS LAST,
                           EXISTS (SELECT FROM unnest($6::text[]) AS r (tag)
                                    WHERE c.language = r.tag OR starts_with(c.language, r.tag || '-')),
                           c.language = k.default_language DESC, c.language
                     LIMIT 1
                    """,
            [
                lesson.knowledgeID, lesson.chapterID, lesson.contentType,
                lesson.languages.preferred.map(\.description), lesson.seesDrafts,
                lesson.languages.refused.map(\.description),
            ])
        guard let row = rows.only else { throw ContentError.noSuchContent }
        return try ContentHead(row)
    }

    private static let itemByID: SQL = "SELECT" + ContentItem.columns + " FROM edtech_content c WHERE c.id = $1"

    /// None of them is kept beside the row, as long texts are.
    private static let headColumns: SQL =
        """
         c.id, c.language, c.version, c.created_by, c.updated_at,
        """ + ContentItem.status + " AS status, CASE WHEN " + ContentItem.isDue
        + " THEN c.publish_at END AS published_at"
}

extension ContentHead {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            id: try row["id"], language: try row["language"], status: try row["status"], version: try row["version"],
            createdBy: Identifier(rawValue: try row["created_by"]), updatedAt: try row["updated_at"],
            publishedAt: try row["published_at"])
    }
}
