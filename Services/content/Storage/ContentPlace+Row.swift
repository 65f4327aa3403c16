import Postgres
import WireProtocol

extension ContentPlace {
    /// By name.
    init(_ row: PostgresRow) throws {
        self.init(
            knowledgeID: try row["knowledge_id"], chapterID: try row["chapter_id"], language: try row["language"],
            contentType: try row["content_type"])
    }
}
