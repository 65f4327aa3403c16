import Postgres
import ServiceKit
import WireProtocol

/// Knowledge items in PostgreSQL. Every change tells the outbox in its own transaction.
struct KnowledgeStore: Sendable {
    let database: PostgresClient
    let outbox: Outbox

    /// - Throws: ``ContentError/noSuchKnowledge``.
    func item(_ id: Int32) async throws -> Knowledge {
        let rows = try await database.query("SELECT" + Knowledge.columns + " FROM knowledge WHERE id = $1", [id])
        guard let row = rows.only else { throw ContentError.noSuchKnowledge }
        return try Knowledge(row)
    }

    /// - Throws: ``ContentError/noSuchKnowledge``.
    func requireItem(_ id: Int32) async throws {
        let rows = try await database.query("SELECT 1 FROM knowledge WHERE id = $1", [id])
        if rows.isEmpty { throw ContentError.noSuchKnowledge }
    }

    func add(_ fields: KnowledgeFields, by author: Identifier) async throws -> Knowledge {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                INSERT INTO knowledge (title, subject, description, default_language, metadata, created_by)
                VALUES ($1, $2, $3, $4, $5::jsonb, $6)
                RETURNING
                """ + Knowledge.columns,
                [
                    fields.title, fields.subject, fields.description, fields.defaultLanguage.description,
                    fields.metadata.text, author.rawValue,
                ])
            return try await saved(rows, in: transaction)
        }
    }

    /// - Parameter change: decides, while no one else can change the item, what it becomes.
    /// - Throws: ``ContentError/noSuchKnowledge``, and what `change` throws.
    func change(
        _ id: Int32, _ change: @Sendable (Knowledge) throws -> KnowledgeFields
    ) async throws -> Knowledge {
        try await database.withTransaction(retries: 2) { transaction in
            let old = try await locked(id, in: transaction)
            let fields = try change(old)
            let rows = try await transaction.query(
                """
                UPDATE knowledge
                   SET title = $2, subject = $3, description = $4, default_language = $5, metadata = $6::jsonb,
                       version = version + 1, updated_at = now()
                 WHERE id = $1
                   AND (title, subject, description, default_language, metadata)
                       IS DISTINCT FROM ($2, $3, $4, $5, $6::jsonb)
                RETURNING
                """ + Knowledge.columns,
                [
                    id, fields.title, fields.subject, fields.description, fields.defaultLanguage.description,
                    fields.metadata.text,
                ])
            return rows.isEmpty ? old : try await saved(rows, in: transaction)
        }
    }

    /// Takes the item's chapters and content along.
    ///
    /// - Parameter check: may refuse.
    /// - Throws: ``ContentError/noSuchKnowledge``, and what `check` throws.
    func remove(_ id: Int32, _ check: @Sendable (Knowledge) throws -> Void) async throws {
        try await database.withTransaction(retries: 2) { transaction in
            try check(try await locked(id, in: transaction))
            try await transaction.query("DELETE FROM knowledge WHERE id = $1", [id], timeout: .seconds(120))
            try await outbox.append([Event(.knowledgeDeleted(.init(knowledgeID: Int(id))))], in: transaction)
        }
    }

    private func locked(_ id: Int32, in transaction: PostgresTransaction) async throws -> Knowledge {
        let rows = try await transaction.query(
            "SELECT" + Knowledge.columns + " FROM knowledge WHERE id = $1 FOR UPDATE", [id])
        guard let row = rows.only else { throw ContentError.noSuchKnowledge }
        return try Knowledge(row)
    }

    func saved(_ rows: PostgresRows, in transaction: PostgresTransaction) async throws -> Knowledge {
        guard let row = rows.only else { throw ContentError.noSuchKnowledge }
        let knowledge = try Knowledge(row)
        try await tell([knowledge], in: transaction)
        return knowledge
    }

    func tell(_ saved: [Knowledge], in transaction: PostgresTransaction) async throws {
        let events = saved.map { knowledge in
            KnowledgeSaved(
                knowledgeID: knowledge.id, title: knowledge.fields.title,
                defaultLanguage: knowledge.fields.defaultLanguage)
        }
        try await outbox.append(events.map { Event(.knowledgeSaved($0)) }, in: transaction)
    }
}
