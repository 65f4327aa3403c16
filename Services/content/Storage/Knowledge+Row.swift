import Postgres
import WireProtocol

extension Knowledge {
    static let columns: SQL =
        " id, title, subject, description, default_language, metadata, version, created_by, created_at, updated_at"

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row["id"],
            fields: KnowledgeFields(
                title: try row["title"], subject: try row["subject"], description: try row["description"],
                defaultLanguage: try row["default_language"], metadata: JSONObjectText(text: try row["metadata"])),
            version: try row["version"], createdBy: Identifier(rawValue: try row["created_by"]),
            createdAt: try row["created_at"], updatedAt: try row["updated_at"])
    }
}
