import Postgres
import ServiceKit
import WireProtocol

/// Content items in PostgreSQL. Every change tells the outbox in its own transaction; what it replaces is kept by a
/// trigger.
struct ContentStore: Sendable {
    let database: PostgresClient
    let outbox: Outbox
    let published: GatheredReads

    init(database: PostgresClient, outbox: Outbox) {
        self.database = database
        self.outbox = outbox
        published = GatheredReads(database)
    }

    /// Runs `body`; where the database refuses the place, throws what is wrong with it.
    func explainingPlace<Value: Sendable>(
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

extension PostgresRows {
    /// - Throws: ``ContentError/noSuchContent`` without any row.
    func item() throws -> ContentItem {
        guard let row = only else { throw ContentError.noSuchContent }
        return try ContentItem(row)
    }
}
