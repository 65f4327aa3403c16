import NIOConcurrencyHelpers
import Postgres

/// Published items by their ids, for all readers at once: those who come while a query is under way share the next one,
/// so that the more is read, the less each costs, and nobody waits when there is little to do. No answer is older than
/// its question.
final class GatheredReads: Sendable {
    private struct Reader {
        let id: Int
        let turn: CheckedContinuation<Turn, any Error>
    }

    private enum Turn {
        case answered(PostgresRow?)
        /// The first of some readers asks for all of them.
        case asks(Gathering<Reader>.Batch)
    }

    private let ask: @Sendable ([Int]) async throws -> PostgresRows
    private let readers = NIOLockedValueBox(Gathering<Reader>(limit: 8, size: 64, patience: .milliseconds(20)))

    convenience init(_ database: PostgresClient) {
        // Goes on when the reader that sends it goes, since others wait for it.
        self.init { ids in try await database.query(Self.published, [ids], isCancellable: false) }
    }

    /// - Parameter ask: answers with those of the ids that are there and published, as ``ContentItem/columns``.
    init(asking ask: @escaping @Sendable ([Int]) async throws -> PostgresRows) {
        self.ask = ask
    }

    /// - Throws: ``ContentError/noSuchContent``; `PostgresError`.
    func item(_ id: Int) async throws -> ContentItem {
        let turn = try await withCheckedThrowingContinuation { turn in
            start(readers.withLockedValue { $0.arrived(Reader(id: id, turn: turn), at: .now) })
        }
        let row =
            switch turn {
            case .answered(let row): row
            case .asks(let batch): try await answer(batch)
            }
        guard let row else { throw ContentError.noSuchContent }
        return try ContentItem(row)
    }

    private func start(_ batch: Gathering<Reader>.Batch?) {
        guard let batch else { return }
        batch.elements[0].turn.resume(returning: .asks(batch))
    }

    /// - Returns: what the first of them asked for.
    private func answer(_ batch: Gathering<Reader>.Batch) async throws -> PostgresRow? {
        let (first, others) = (batch.elements[0], batch.elements.dropFirst())
        defer { start(readers.withLockedValue { $0.ended(batch, at: .now) }) }
        do {
            var rowOfID: [Int: PostgresRow] = [:]
            for row in try await ask(batch.elements.map(\.id)) { rowOfID[try row[0]] = row }
            for reader in others { reader.turn.resume(returning: .answered(rowOfID[reader.id])) }
            return rowOfID[first.id]
        } catch {
            for reader in others { reader.turn.resume(throwing: error) }
            throw error
        }
    }

    static let published: SQL =
        "SELECT" + ContentItem.columns + " FROM edtech_content c WHERE c.id = ANY ($1::bigint[]) AND "
        + ContentItem.isPublished
}
