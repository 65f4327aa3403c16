import Postgres
import ServiceKit
import WireProtocol

/// Content items that were deleted: moved aside with their versions, so that nothing that reads content meets them.
struct TrashStore: Sendable {
    let content: ContentStore

    private var database: PostgresClient { content.database }

    /// What an item has here and there.
    private static let item: SQL =
        """
         id, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status, publish_at,
         version, created_by, updated_by, created_at, updated_at
        """

    /// What a version has here and there.
    private static let version: SQL =
        """
         content_id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata,
         status, publish_at, author, created_at
        """

    /// - Throws: ``ContentError/noSuchContent``, and what `check` throws.
    func delete(_ id: Int, by author: Identifier, _ check: @Sendable (ContentItem) throws -> Void) async throws {
        try await database.withTransaction(retries: 2) { transaction in
            let item = try await content.locked(id, in: transaction)
            try check(item)
            try await transaction.query(
                "INSERT INTO deleted_content (" + Self.item + ", deleted_by) SELECT" + Self.item
                    + ", $2 FROM edtech_content WHERE id = $1", [id, author.rawValue])
            try await transaction.query(
                "INSERT INTO deleted_versions (" + Self.version + ") SELECT" + Self.version
                    + " FROM content_versions WHERE content_id = $1", [id])
            try await transaction.query("DELETE FROM edtech_content WHERE id = $1", [id])
            let place = item.fields.place
            let event = ContentDeleted(
                id: id, knowledgeID: place.knowledgeID, chapterID: place.chapterID, language: place.language,
                contentType: place.contentType)
            try await content.outbox.append([Event(.contentDeleted(event))], in: transaction)
        }
    }

    /// Puts the item back as it was, under its id. A draft whose time has come is told as a draft: the publisher tells
    /// that it is published.
    ///
    /// - Throws: ``ContentError/noSuchContent``, ``ContentError/placeTaken``, and what `check` throws.
    func restore(_ id: Int, _ check: @Sendable (ContentItem) throws -> Void) async throws -> ContentItem {
        try await database.withTransaction(retries: 2) { transaction in
            let item = try await locked(id, in: transaction)
            try check(item)
            _ = try await content.explainingPlace(item.fields.place) {
                try await transaction.query(
                    "INSERT INTO edtech_content (" + Self.item + ") OVERRIDING SYSTEM VALUE SELECT" + Self.item
                        + " FROM deleted_content WHERE id = $1", [id])
            }
            try await transaction.query(
                "INSERT INTO content_versions (" + Self.version + ") SELECT" + Self.version
                    + " FROM deleted_versions WHERE content_id = $1", [id])
            try await transaction.query("DELETE FROM deleted_content WHERE id = $1", [id])
            let status: ContentStatus = item.head.publishedAt == nil ? item.fields.status : .draft
            try await content.outbox.append([Event(.contentSaved(ContentSaved(item, as: status)))], in: transaction)
            return item
        }
    }

    /// Deletes the item for ever.
    ///
    /// - Throws: ``ContentError/noSuchContent``, and what `check` throws.
    func purge(_ id: Int, _ check: @Sendable (ContentItem) throws -> Void) async throws {
        try await database.withTransaction(retries: 2) { transaction in
            try check(try await locked(id, in: transaction))
            try await transaction.query("DELETE FROM deleted_content WHERE id = $1", [id])
        }
    }

    private func locked(_ id: Int, in transaction: PostgresTransaction) async throws -> ContentItem {
        let rows = try await transaction.query(
            "SELECT" + ContentItem.columns + " FROM deleted_content c WHERE c.id = $1 FOR UPDATE", [id])
        return try rows.item()
    }

    /// Deletes for ever what has been in the trash for longer than `retention`.
    func purge(after retention: Duration) async throws {
        try await database.query(
            "DELETE FROM deleted_content WHERE deleted_at < now() - make_interval(secs => $1)", [retention.seconds],
            timeout: .seconds(120))
    }

    /// By id, one more than asked for when there are more.
    func list(of knowledgeID: Int?, _ page: PageRequest<Int>) async throws -> [DeletedContent] {
        let rows = try await database.query(
            """
            SELECT id, knowledge_id, chapter_id, language, content_type, title, version, deleted_by, deleted_at
              FROM deleted_content
             WHERE id > $1
               AND ($2::integer IS NULL OR knowledge_id = $2)
             ORDER BY id
             LIMIT $3
            """, [page.after ?? 0, knowledgeID, page.limit + 1])
        return try rows.map(DeletedContent.init)
    }

    func count(of knowledgeID: Int?) async throws -> Int {
        let rows = try await database.query(
            "SELECT count(*) FROM deleted_content WHERE $1::integer IS NULL OR knowledge_id = $1", [knowledgeID])
        return try rows.only?[0] ?? 0
    }
}

extension DeletedContent {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            id: try row["id"], place: try ContentPlace(row), title: try row["title"], version: try row["version"],
            deletedBy: Identifier(rawValue: try row["deleted_by"]), deletedAt: try row["deleted_at"])
    }
}
