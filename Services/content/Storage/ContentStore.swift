import Postgres
import ServiceKit
import WireProtocol

/// Content items in PostgreSQL. Every change tells the outbox in its own transaction; what it replaces is kept by a
/// trigger.
struct ContentStore: Sendable {
    let database: PostgresClient
    let outbox: Outbox

    /// - Parameter seesDrafts: whether the reader may know of what is not published.
    /// - Throws: ``ContentError/noSuchContent``.
    func item(_ id: Int, seesDrafts: Bool) async throws -> ContentItem {
        let rows = try await database.query(
            "SELECT" + ContentItem.columns
                + " FROM edtech_content c WHERE c.id = $1 AND ($2 OR c.status = 'published')",
            [id, seesDrafts])
        guard let row = rows.only else { throw ContentError.noSuchContent }
        return try ContentItem(row)
    }

    /// The item of a chapter in the best language for the reader: the first that is preferred, else the knowledge
    /// item's default, else any; one that is refused only where there is no other.
    ///
    /// - Throws: ``ContentError/noSuchContent``.
    func best(
        of knowledgeID: Int32, chapter: String, contentType: String, languages: ReaderLanguages, seesDrafts: Bool
    ) async throws -> ContentItem {
        let rows = try await database.query(
            "SELECT" + ContentItem.columns + """

                  FROM edtech_content c
                  JOIN knowledge k ON k.id = c.knowledge_id
                 WHERE c.knowledge_id = $1
                   AND c.chapter_id = $2
                   AND c.content_type = $3
                   AND ($5 OR c.status = 'published')
                 ORDER BY array_position($4::text[], c.language) NULLS LAST,
                       EXISTS (SELECT FROM unnest($6::text[]) AS r (tag)
                                WHERE c.language = r.tag OR starts_with(c.language, r.tag || '-')),
                       c.language = k.default_language DESC, c.language
                 LIMIT 1
                """,
            [
                knowledgeID, chapter, contentType, languages.preferred.map(\.description), seesDrafts,
                languages.refused.map(\.description),
            ])
        guard let row = rows.only else { throw ContentError.noSuchContent }
        return try ContentItem(row)
    }

    /// - Throws: ``ContentError``: what is wrong with the place.
    func add(_ fields: ContentFields, by author: Identifier) async throws -> ContentItem {
        try await explainingPlace(fields.place) {
            try await database.withTransaction { transaction in
                let rows = try await transaction.query(
                    """
                    INSERT INTO edtech_content AS c (
                           knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                           created_by, updated_by)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $10)
                    RETURNING
                    """ + ContentItem.columns, fields.parameters + [author.rawValue])
                guard let row = rows.only else { throw ContentError.noSuchContent }
                let item = try ContentItem(row)
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

    /// - Throws: ``ContentError/noSuchContent``, and what `check` throws.
    func remove(_ id: Int, _ check: @Sendable (ContentItem) throws -> Void) async throws {
        try await database.withTransaction(retries: 2) { transaction in
            let item = try await locked(id, in: transaction)
            try check(item)
            try await transaction.query("DELETE FROM edtech_content WHERE id = $1", [id])
            let place = item.fields.place
            let event = ContentDeleted(
                id: id, knowledgeID: place.knowledgeID, chapterID: place.chapterID, language: place.language,
                contentType: place.contentType)
            try await outbox.append([Event(.contentDeleted(event))], in: transaction)
        }
    }

    private func locked(_ id: Int, in transaction: PostgresTransaction) async throws -> ContentItem {
        let rows = try await transaction.query(
            "SELECT" + ContentItem.columns + " FROM edtech_content c WHERE c.id = $1 FOR UPDATE", [id])
        guard let row = rows.only else { throw ContentError.noSuchContent }
        return try ContentItem(row)
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
                       format = $7, metadata = $8::jsonb, status = $9, updated_by = $10, updated_at = now(),
                       version = version + 1
                 WHERE id = $11
                   AND (knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status)
                       IS DISTINCT FROM ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
                RETURNING
                """ + ContentItem.columns, fields.parameters + [author.rawValue, old.id])
        }
        return try rows.only.map(ContentItem.init) ?? old
    }

    /// Runs `body`; where the database refuses the place, throws what is wrong with it.
    private func explainingPlace<Value: Sendable>(
        _ place: ContentPlace, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError where error.constraintViolated == "edtech_content_key" {
            throw ContentError.placeTaken
        } catch let error as PostgresError where error.constraintViolated == "edtech_content_chapter" {
            let known = try await database.query("SELECT 1 FROM knowledge WHERE id = $1", [place.knowledgeID])
            throw known.isEmpty ? ContentError.unknownKnowledge : ContentError.unknownChapter
        }
    }
}

extension ContentFields {
    /// `$1` to `$9`.
    fileprivate var parameters: [any PostgresEncodable] {
        [
            place.knowledgeID, place.chapterID, place.language.description, place.contentType, title, body,
            format.rawValue, metadata.text, status.rawValue,
        ]
    }
}

extension ContentSaved {
    fileprivate init(_ item: ContentItem) {
        let place = item.fields.place
        self.init(
            id: item.id, knowledgeID: place.knowledgeID, chapterID: place.chapterID, language: place.language,
            contentType: place.contentType, status: item.fields.status.rawValue)
    }
}
