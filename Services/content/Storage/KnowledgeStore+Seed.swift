import Postgres
import WireProtocol

extension KnowledgeStore {
    /// Adds an item under a given id, of which later ones keep clear; one that is there already stays as it is.
    ///
    /// - Throws: ``DemoIDTaken`` when the id belongs to an item of somebody else.
    func seed(_ id: Int32, _ fields: KnowledgeFields, by author: Identifier) async throws {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                INSERT INTO knowledge (id, title, subject, description, default_language, metadata, created_by)
                VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
                    ON CONFLICT (id) DO NOTHING
                RETURNING
                """ + Knowledge.columns,
                [
                    id, fields.title, fields.subject, fields.description, fields.defaultLanguage.description,
                    fields.metadata.text, author.rawValue,
                ])
            if rows.isEmpty {
                let owner = try await transaction.query("SELECT created_by FROM knowledge WHERE id = $1", [id])
                guard try owner.only?["created_by"] == author.rawValue else { throw DemoIDTaken(id: id) }
                return
            }
            try await transaction.query(
                "SELECT setval('knowledge_id_seq', greatest(last_value, $1)) FROM knowledge_id_seq", [id])
            _ = try await saved(rows, in: transaction)
        }
    }
}

struct DemoIDTaken: Error, CustomStringConvertible {
    let id: Int32

    var description: String {
        "knowledge item \(id) was made by somebody else than the demo teacher; seed needs the ids 1 to 3"
    }
}
