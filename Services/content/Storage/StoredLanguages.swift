import Postgres
import ServiceKit
import WireProtocol

/// Brings what was stored under tags that are deprecated by now (`iw`) under those that readers' tags become (`he`).
/// Twice is the same as once.
struct StoredLanguages: Sendable {
    private static let timeout: Duration = .seconds(600)

    let knowledge: KnowledgeStore
    let outbox: Outbox

    /// - Returns: the tags that were replaced, and by what.
    @discardableResult
    func canonicalise() async throws -> [RenamedLanguage] {
        try await knowledge.database.withTransaction(retries: 5) { transaction in
            let renamed = try await tags(in: transaction).compactMap(RenamedLanguage.init)
            for language in renamed {
                try await renameContent(language, in: transaction)
                try await renameHistory(language, in: transaction)
                try await renameDefault(language, in: transaction)
            }
            return renamed
        }
    }

    private func tags(in transaction: PostgresTransaction) async throws -> [String] {
        let rows = try await transaction.query(
            """
            SELECT default_language FROM knowledge
             UNION
            SELECT language FROM edtech_content
             UNION
            SELECT language FROM content_versions
             UNION
            SELECT language FROM deleted_content
             UNION
            SELECT language FROM deleted_versions
             ORDER BY 1
            """, timeout: Self.timeout)
        return try rows.map { try $0[0] }
    }

    /// A text whose place under the new tag is taken gets the first tag that is free there, so that both are kept and
    /// an author can decide.
    private func renameContent(_ language: RenamedLanguage, in transaction: PostgresTransaction) async throws {
        for tag in language.candidates {
            let rows = try await transaction.query(
                """
                UPDATE edtech_content AS c
                   SET language = $2, version = version + 1, updated_at =
                """ + ContentItem.timeOfChange + """

                     WHERE language = $1
                       AND NOT EXISTS (
                               SELECT
                                 FROM edtech_content o
                                WHERE (o.knowledge_id, o.chapter_id, o.language, o.content_type)
                                      = (c.knowledge_id, c.chapter_id, $2, c.content_type))
                    RETURNING id, knowledge_id, chapter_id, content_type, status
                    """, [language.old, tag.description], timeout: Self.timeout)
            try await outbox.append(
                try rows.map { row in
                    Event(
                        .contentSaved(
                            ContentSaved(
                                id: try row["id"], knowledgeID: try row["knowledge_id"],
                                chapterID: try row["chapter_id"], language: tag, contentType: try row["content_type"],
                                status: try row["status"])))
                }, in: transaction)
        }
    }

    /// Versions and what is in the trash; their places are nobody else's.
    private func renameHistory(_ language: RenamedLanguage, in transaction: PostgresTransaction) async throws {
        let tags = [language.old, language.canonical.description]
        try await transaction.query(
            "UPDATE content_versions SET language = $2 WHERE language = $1", tags, timeout: Self.timeout)
        try await transaction.query(
            "UPDATE deleted_content SET language = $2 WHERE language = $1", tags, timeout: Self.timeout)
        try await transaction.query(
            "UPDATE deleted_versions SET language = $2 WHERE language = $1", tags, timeout: Self.timeout)
    }

    private func renameDefault(_ language: RenamedLanguage, in transaction: PostgresTransaction) async throws {
        let rows = try await transaction.query(
            """
            UPDATE knowledge
               SET default_language = $2, version = version + 1, updated_at = now()
             WHERE default_language = $1
            RETURNING
            """ + Knowledge.columns, [language.old, language.canonical.description], timeout: Self.timeout)
        try await knowledge.tell(rows.map(Knowledge.init), in: transaction)
    }
}
