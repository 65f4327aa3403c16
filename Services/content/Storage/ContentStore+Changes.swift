import Postgres
import ServiceKit
import WireProtocol

extension ContentStore {
    /// - Throws: ``ContentError``: what is wrong with the place.
    func add(_ fields: ContentFields, by author: Identifier) async throws -> ContentItem {
        try await explainingPlace(fields.place) {
            try await database.withTransaction { transaction in
                let rows = try await transaction.query(
                    """
                    INSERT INTO edtech_content AS c (
                           knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                           publish_at, created_by, updated_by)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $11)
                    RETURNING
                    """ + ContentItem.columns, fields.parameters + [author.rawValue])
                let item = try rows.item()
                try await outbox.append([Event(.contentSaved(ContentSaved(item)))], in: transaction)
                return item
            }
        }
    }

    /// - Parameters:
    ///   - change: decides, while no one else can change the item, what it becomes.
    ///   - tell: further events of the change; they are told even when nothing changed.
    /// - Throws: ``ContentError``, and what `change` throws.
    func change(
        _ id: Int, by author: Identifier, telling tell: @Sendable (ContentItem) -> [Event] = { _ in [] },
        _ change: @Sendable (ContentItem) throws -> ContentFields
    ) async throws -> ContentItem {
        try await database.withTransaction(retries: 2) { transaction in
            let old = try await locked(id, in: transaction)
            let fields = try change(old)
            try old.fields.status.checkTransition(to: fields.status)
            let item = try await replace(old, by: fields, author, in: transaction)
            let saved = item.version == old.version ? [] : [Event(.contentSaved(ContentSaved(item)))]
            try await outbox.append(saved + tell(item), in: transaction)
            return item
        }
    }

    func locked(_ id: Int, in transaction: PostgresTransaction) async throws -> ContentItem {
        let rows = try await transaction.query(
            "SELECT" + ContentItem.columns + " FROM edtech_content c WHERE c.id = $1 FOR UPDATE", [id])
        return try rows.item()
    }

    /// A new version, unless nothing differs.
    private func replace(
        _ old: ContentItem, by fields: ContentFields, _ author: Identifier, in transaction: PostgresTransaction
    ) async throws -> ContentItem {
        let rows = try await explainingPlace(fields.place) {
            try await transaction.query(
                """
                UPDATE edtech_content AS c
                   SET knowledge_id = $1, chapter_id = $2, language = $3, content_type = $4, title = $5, body = $6,
                       format = $7, metadata = $8::jsonb, status = $9, publish_at = $10, updated_by = $11,
                       version = version + 1, updated_at =
                """ + ContentItem.timeOfChange + """

                     WHERE id = $12
                       AND (knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                            publish_at)
                           IS DISTINCT FROM ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10::timestamptz)
                    RETURNING
                    """ + ContentItem.columns, fields.parameters + [author.rawValue, old.id])
        }
        return try rows.only.map(ContentItem.init) ?? old
    }
}

extension ContentFields {
    /// `$1` to `$10`.
    fileprivate var parameters: [any PostgresEncodable] {
        [
            place.knowledgeID, place.chapterID, place.language.description, place.contentType, title, body,
            format.rawValue, metadata.text, status.rawValue, publishAt,
        ]
    }
}

extension ContentSaved {
    /// - Parameter status: that of the item, unless told.
    init(_ item: ContentItem, as status: ContentStatus? = nil) {
        let place = item.fields.place
        self.init(
            id: item.id, knowledgeID: place.knowledgeID, chapterID: place.chapterID, language: place.language,
            contentType: place.contentType, status: (status ?? item.fields.status).rawValue)
    }
}
