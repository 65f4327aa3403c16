import Postgres
import ServiceKit
import WireProtocol

/// Takes in what other services tell, in PostgreSQL: an event's id and its effect go in together, so that one that is
/// delivered again does nothing.
struct NewsStore: EventSink {
    let database: PostgresClient

    func receive(_ events: [Event]) async throws -> EventReceipt {
        try await database.withTransaction(retries: 3) { transaction in
            try await CourseLock.take(in: transaction)
            let new = try await Inbox.admit(events, in: transaction)
            for run in Self.runs(of: new) {
                try await apply(run, in: transaction)
            }
            try await CoverageCount.refresh(new.courses, in: transaction)
            return EventReceipt(accepted: new.count, duplicates: events.count - new.count)
        }
    }

    /// Cuts where the type changes: events of one type go in together, and yet all in their order.
    private static func runs(of events: [Event]) -> [[Event]] {
        var runs: [[Event]] = []
        for event in events {
            if runs.last?.last?.payload.type == event.payload.type {
                runs[runs.count - 1].append(event)
            } else {
                runs.append([event])
            }
        }
        return runs
    }

    private func apply(_ run: [Event], in transaction: PostgresTransaction) async throws {
        let courses = CourseNews(transaction: transaction)
        let items = ContentNews(transaction: transaction)
        let records = RecordNews(transaction: transaction)
        switch run[0].payload {
        case .knowledgeSaved: try await courses.save(run.compactMap(\.payload.knowledgeSaved))
        case .knowledgeDeleted: try await courses.delete(run.compactMap(\.payload.knowledgeDeleted))
        case .chapterSaved: try await courses.save(run.compactMap(\.payload.chapterSaved))
        case .chapterDeleted: try await courses.delete(run.compactMap(\.payload.chapterDeleted))
        case .contentSaved: try await items.save(run.compactMap(\.payload.contentSaved))
        case .contentDeleted: try await items.delete(run.compactMap(\.payload.contentDeleted))
        case .contentGenerated: try await records.append(generations: run)
        case .operationCompleted: try await records.append(operations: run)
        case .userDeleted: try await LearnerNews(transaction: transaction).erase(run.compactMap(\.payload.userDeleted))
        case .mediaDeleted, .unknown: break
        }
    }
}
