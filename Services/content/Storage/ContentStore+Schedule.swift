import Postgres
import ServiceKit
import WireProtocol

extension ContentStore {
    /// Drafts that are published together.
    private static let publishedAtOnce = 100

    /// Notes in their status which drafts' time has come, and tells of it; readers don't wait for that. Any number of
    /// replicas may do this at once: none waits for another, and each draft is told of once.
    ///
    /// - Returns: how many it were; there may be more when it is ``publishedAtOnce``.
    @discardableResult
    func publishDue() async throws -> Int {
        try await database.withTransaction(retries: 2) { transaction in
            let rows = try await transaction.query(
                """
                UPDATE edtech_content AS c
                   SET status = 'published', publish_at = NULL, version = version + 1, updated_at =
                """ + ContentItem.timeOfChange + """

                     WHERE id IN (SELECT id
                                    FROM edtech_content
                                   WHERE status = 'draft'
                                     AND publish_at <= now()
                                   ORDER BY publish_at, id
                                   LIMIT $1
                                     FOR NO KEY UPDATE SKIP LOCKED)
                    RETURNING
                    """ + ContentItem.columns, [Self.publishedAtOnce])
            let items = try rows.map(ContentItem.init)
            try await outbox.append(items.map { Event(.contentSaved(ContentSaved($0))) }, in: transaction)
            return items.count
        }
    }

    /// As often as drafts are due, and before each pause as long as there are any.
    func publishAllDue() async throws {
        while try await publishDue() == Self.publishedAtOnce {}
    }
}
