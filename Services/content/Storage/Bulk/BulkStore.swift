import Postgres
import ServiceKit
import WireProtocol

/// Puts batches of content items in place: COPY into a staging table of the connection, then one merge.
struct BulkStore: Sendable {
    private static let retries = 5

    let database: PostgresClient
    let outbox: Outbox

    var ledger: BulkLedger { BulkLedger(database: database) }

    /// All of the batch in one transaction, but for the lines that name no chapter or an impossible transition.
    ///
    /// - Parameters:
    ///   - report: what came of the load before this batch.
    ///   - note: goes into the ledger in the same transaction.
    func merge(
        _ batch: BulkBatch, by author: Identifier, after report: BulkReport = BulkReport(), noting note: BulkNote? = nil
    ) async throws -> BulkOutcome {
        let text = batch.copyText()
        var attempt = 0
        while true {
            do {
                return try await database.withTransaction(retries: Self.retries) { transaction in
                    let merge = BulkMerge(transaction: transaction, author: author, targets: outbox.targets)
                    var outcome = try await merge.run(text, lines: batch.count)
                    outcome.add(overtakenLinesOf: batch)
                    if let note {
                        var report = report
                        report.add(outcome)
                        try await BulkLedger.note(
                            note.progress(report), of: note.load, after: note.after, in: transaction)
                    }
                    return outcome
                }
            } catch let error as PostgresError
                where error.constraintViolated == "edtech_content_key" && attempt < Self.retries
            {
                // Another request has filled a place since it was looked up; the next run finds it there.
                attempt += 1
            }
        }
    }

    /// Notes for analytics that a load ended, and for whoever sends it again what came of it.
    func finish(_ report: BulkReport, noting note: BulkNote?, after duration: Duration) async throws {
        let operation = OperationCompleted(
            service: ContentService.name, operationType: "content.bulk", duration: duration.milliseconds,
            success: true, errorCount: report.failedCount)
        try await database.withTransaction { transaction in
            try await outbox.append([Event(.operationCompleted(operation))], in: transaction)
            guard let note else { return }
            try await BulkLedger.note(note.progress(report), of: note.load, after: note.after, in: transaction)
        }
    }
}

extension BulkOutcome {
    fileprivate mutating func add(overtakenLinesOf batch: BulkBatch) {
        updated += batch.overtaken.other
        unchanged += batch.overtaken.same
    }
}
