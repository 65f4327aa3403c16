import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

/// Which files content items link to, and which of these are gone.
struct MediaLinkStore: Sendable {
    let database: PostgresClient

    /// One more than asked for when there are more.
    func dangling(in knowledgeID: Int?, _ page: PageRequest<DanglingMedia.Key>) async throws -> [DanglingMedia] {
        let rows = try await database.query(
            """
            SELECT c.id, l.media_id, c.knowledge_id, c.chapter_id, c.language, c.content_type, c.title, d.deleted_at
              FROM deleted_media d
              JOIN content_media l USING (media_id)
              JOIN edtech_content c ON c.id = l.content_id
             WHERE ($1::integer IS NULL OR c.knowledge_id = $1)
               AND ($2::bigint IS NULL OR (c.id, l.media_id) > ($2, $3::uuid))
             ORDER BY c.id, l.media_id
             LIMIT $4
            """, [knowledgeID, page.after?.contentID, page.after?.mediaID.rawValue, page.limit + 1])
        return try rows.map(DanglingMedia.init)
    }

    func danglingCount(in knowledgeID: Int?) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(*)
              FROM deleted_media d
              JOIN content_media l USING (media_id)
              JOIN edtech_content c ON c.id = l.content_id
             WHERE $1::integer IS NULL OR c.knowledge_id = $1
            """, [knowledgeID])
        return try rows.only?[0] ?? 0
    }

    static func forget(_ file: MediaDeleted, in transaction: PostgresTransaction) async throws {
        try await transaction.query(
            "INSERT INTO deleted_media (media_id, deleted_at) VALUES ($1, now()) ON CONFLICT DO NOTHING",
            [file.id.rawValue])
    }
}

extension DanglingMedia {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            key: Key(contentID: try row["id"], mediaID: Identifier(rawValue: try row["media_id"])),
            place: try ContentPlace(row), title: try row["title"], deletedAt: try row["deleted_at"])
    }
}
